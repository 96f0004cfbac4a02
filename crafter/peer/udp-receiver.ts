import type { Dialect } from '../../dissectors/channel/dialects.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Allowance } from './allowance.js';
import { Inbox } from './inbox.js';
import type { Packet } from './read.js';
import { type Counts, noCounts, type Receiver, type Report } from './receiver.js';
import type { Settings } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;

/** The receiving side of `udp`, and of `channeler`: whatever comes is delivered, as often as it comes. */
export class UdpReceiver implements Receiver {
  readonly #settings: Settings;
  readonly inbox: Inbox;
  readonly counts: Counts = noCounts();
  #endAt = NEVER;
  next = 0;
  hasEnded = false;
  readonly hasLost = false;
  mustReport = false;
  readonly reportAt = NEVER;
  readonly stuckSince = NEVER;
  /** Nothing is known of order here. */
  readonly hadGap = false;
  answeredAt = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings, allowance: Allowance, dialect: Dialect) {
    this.#settings = settings;
    this.inbox = new Inbox(allowance, dialect);
  }

  get window(): number {
    return this.#settings.window;
  }

  begin(start: number): void {
    this.next = start;
  }

  isOld(): boolean {
    return false;
  }

  receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    this.counts.packets += 1;
    if (isEnd) this.#takeEnd(number, now);
    if (isEnd && this.hasEnded) {
      this.counts.duplicates += 1;
      return;
    }
    const kept = this.hasEnded ? 'full' : this.#keep(packet);
    if (kept === 'full') {
      this.counts.dropped += 1;
      return;
    }
    if (this.#endAt === NEVER) this.next = plus(number, 1);
    this.inbox.deliver(kept);
  }

  /** CLOSE 0: answered at once, and again when it is repeated. */
  #takeEnd(number: number, now: number): void {
    if (this.#endAt === NEVER) {
      this.next = plus(number, 1);
      // Without order, what was sent before the CLOSE may still be on its way.
      this.#endAt = now + this.#settings.gapTimeout;
    }
    if (now - this.answeredAt < this.#settings.progressDelay) return;
    this.answeredAt = now;
    this.mustReport = true;
  }

  receiveLast(packet: Packet): void {
    const kept = this.#keep(packet);
    if (kept !== 'full') this.inbox.deliver(kept);
  }

  hasRead(): void {}

  report(): Report | undefined {
    if (!this.mustReport) return undefined;
    this.mustReport = false;
    return { next: this.next, bits: 0, window: this.window };
  }

  deadline(): number {
    return this.hasEnded ? NEVER : this.#endAt;
  }

  tick(now: number): void {
    if (now >= this.#endAt) this.hasEnded = true;
  }

  stop(): void {
    this.mustReport = false;
  }

  /** A reader that is too slow makes losses. */
  #keep(packet: Packet): ReturnType<Inbox['keep']> {
    return this.inbox.keep(packet, false, this.#settings.window);
  }
}
