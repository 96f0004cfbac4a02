import type { Moment } from '../secrets/secrets.js';
import { elapsed } from '../text/elapsed.js';

/** From where the times of further packets count: when the first packet came, and the newest so far. */
export interface Passed {
  readonly began: Moment;
  readonly last: Moment;
}

/** What the times of packets count from: one for a capture, while its packets come by in order. */
export class Timeline {
  private started = false;
  /** The time of the first packet. */
  firstSeconds = 0;
  firstNanos = 0;
  /** That of the packet before; for the first, its own. */
  beforeSeconds = 0;
  beforeNanos = 0;
  private readonly showsPackets: boolean;
  private shownSeconds: number | undefined;
  private shownNanos = 0;
  private seconds = 0;
  private nanos = 0;

  /** @param showsPackets whether it is told which packets are shown */
  constructor(showsPackets = true) {
    this.showsPackets = showsPackets;
  }

  /** One that goes on behind packets that have passed, and were all shown; from the start where none have. */
  static behind(passed: Passed | undefined): Timeline {
    const timeline = new Timeline();
    if (!passed) return timeline;
    timeline.next(passed.began.seconds, passed.began.nanos);
    timeline.next(passed.last.seconds, passed.last.nanos);
    timeline.shown();
    return timeline;
  }

  /** For `behind`; undefined before the first packet. */
  get passed(): Passed | undefined {
    if (!this.started) return undefined;
    const { firstSeconds, firstNanos, seconds, nanos } = this;
    return { began: { seconds: firstSeconds, nanos: firstNanos }, last: { seconds, nanos } };
  }

  /** Takes the time of the next packet; what follows is about it. */
  next(seconds: number, nanos: number): void {
    if (!this.started) {
      this.started = true;
      this.firstSeconds = seconds;
      this.firstNanos = nanos;
      this.seconds = seconds;
      this.nanos = nanos;
    }
    this.beforeSeconds = this.seconds;
    this.beforeNanos = this.nanos;
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** Notes that the packet is shown. */
  shown(): void {
    this.shownSeconds = this.seconds;
    this.shownNanos = this.nanos;
  }

  /** Since the first packet, in seconds: `0.020073000`. */
  get relative(): string {
    return elapsed(this.firstSeconds, this.firstNanos, this.seconds, this.nanos);
  }

  /** Since the packet before; 0 for the first. */
  get delta(): string {
    return elapsed(this.beforeSeconds, this.beforeNanos, this.seconds, this.nanos);
  }

  /** Since the packet that was shown before; 0 for the first of them, undefined where nobody tells which are. */
  get deltaDisplayed(): string | undefined {
    if (!this.showsPackets) return undefined;
    if (this.shownSeconds === undefined) return elapsed(0, 0, 0, 0);
    return elapsed(this.shownSeconds, this.shownNanos, this.seconds, this.nanos);
  }
}
