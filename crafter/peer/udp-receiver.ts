import { plus } from '../../dissectors/channel/sequence.js';
import { Inbox } from './inbox.js';
import type { Packet } from './read.js';
import { type Counts, noCounts, type Receiver } from './receiver.js';
import type { Settings } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;

/** The receiving side of `udp`, and of `channeler`: whatever comes is delivered, as often as it comes. */
export class UdpReceiver implements Receiver {
  readonly #settings: Settings;
  readonly inbox = new Inbox();
  readonly counts: Counts = noCounts();
  #endAt = NEVER;
  next = 0;
  hasEnded = false;
  readonly hasLost = false;
  readonly mustReport = false;
  readonly reportAt = NEVER;

  constructor(settings: Settings) {
    this.#settings = settings;
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
    if (this.hasEnded || (this.inbox.isFull(this.#settings) && !isEnd)) {
      this.counts.dropped += 1;
      return;
    }
    this.next = plus(number, 1);
    this.inbox.deliver(packet);
    // Without order, what was sent before the CLOSE may still be on its way.
    if (isEnd && this.#endAt === NEVER) this.#endAt = now + this.#settings.gapTimeout;
  }

  receiveLast(packet: Packet): void {
    this.inbox.deliver(packet);
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
}
