import type { Dialect } from '../../dissectors/channel/dialects.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Allowance } from './allowance.js';
import { Inbox } from './inbox.js';
import type { Packet } from './read.js';
import { type Counts, noCounts, type Receiver } from './receiver.js';
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
  readonly mustReport = false;
  readonly reportAt = NEVER;
  readonly stuckSince = NEVER;

  constructor(settings: Settings, allowance: Allowance, dialect: Dialect) {
    this.#settings = settings;
    this.inbox = new Inbox(allowance, dialect);
  }

  get hasClose(): boolean {
    return this.#endAt !== NEVER;
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
    const kept = this.hasEnded ? 'full' : this.#keep(packet);
    if (kept === 'full') {
      this.counts.dropped += 1;
      return;
    }
    this.next = plus(number, 1);
    this.inbox.deliver(kept);
    // Without order, what was sent before the CLOSE may still be on its way.
    if (isEnd && this.#endAt === NEVER) this.#endAt = now + this.#settings.gapTimeout;
  }

  receiveLast(packet: Packet): void {
    const kept = this.#keep(packet);
    if (kept !== 'full') this.inbox.deliver(kept);
  }

  hasRead(): void {}

  report(): undefined {}

  deadline(): number {
    return this.hasEnded ? NEVER : this.#endAt;
  }

  tick(now: number): void {
    if (now >= this.#endAt) this.hasEnded = true;
  }

  stop(): void {}

  /** A reader that is too slow makes losses. */
  #keep(packet: Packet): ReturnType<Inbox['keep']> {
    return this.inbox.keep(packet, false, this.#settings.window);
  }
}
