import { distance, plus } from '../../dissectors/channel/sequence.js';
import { closeRepeatAt } from './close-times.js';
import type { SendQueue } from './send-queue.js';
import { type Line, type Sender, writeNumbered } from './sender.js';

/** The sending side of the modes without `resend`: everything goes out at once, and once. */
export class LossySender implements Sender {
  readonly #line: Line;
  readonly #queue: SendQueue;
  #state: 'waiting' | 'early' | 'open' | 'over' = 'waiting';
  /** What was sent before the confirmation, to be repeated until then. */
  #early: Uint8Array[] = [];
  #isClosing = false;
  /** The own CLOSE until it is answered, when it went out first, and how often it has since. */
  #close: Uint8Array | undefined;
  #closedAt = 0;
  #repeats = 0;
  next = 0;
  closeNumber: number | undefined;

  constructor(line: Line, queue: SendQueue) {
    this.#line = line;
    this.#queue = queue;
  }

  get isFinished(): boolean {
    return this.closeNumber !== undefined && this.#close === undefined;
  }

  expect(): void {}

  begin(start: number, early: readonly Uint8Array[]): void {
    this.next = plus(start, early.length);
    if (this.#line.proof) this.#state = 'early';
  }

  confirm(now: number): void {
    if (this.#state === 'over') return;
    this.#state = 'open';
    this.#early = [];
    // The handshake had its own timer; the tries of the CLOSE begin here.
    this.#closedAt = now;
  }

  close(): void {
    this.#isClosing = true;
  }

  pump(now: number): void {
    if (this.#state === 'waiting' || this.#state === 'over') return;
    while (!this.#queue.isEmpty || (this.#isClosing && this.closeNumber === undefined)) {
      if (this.#early.length >= this.#line.settings.earlyPackets) return;
      const isClose = this.#queue.isEmpty;
      const bytes = writeNumbered(this.#line, this.#queue, this.next);
      if (!bytes) return;
      if (this.#state === 'early') this.#early.push(bytes);
      if (isClose) this.#closeSent(bytes, now);
      this.next = plus(this.next, 1);
      this.#line.transmit(bytes, now);
    }
  }

  repeat(now: number): void {
    for (const bytes of this.#early) this.#line.transmit(bytes, now);
  }

  /** Only a report past the own CLOSE says anything here. */
  report(next: number): void {
    if (this.closeNumber === undefined || distance(next, this.next) < 0) return;
    if (distance(this.closeNumber, next) > 0) this.#close = undefined;
  }

  deadline(): number {
    if (this.#state !== 'open' || !this.#close) return Number.POSITIVE_INFINITY;
    return closeRepeatAt(this.#closedAt, this.#repeats, this.#line.settings);
  }

  tick(now: number): void {
    if (now < this.deadline() || !this.#close) return;
    const number = this.closeNumber ?? 0;
    if (this.#repeats < this.#line.settings.closeRepeats) {
      this.#repeats += 1;
      this.#line.note('resent', number, now);
      this.#line.transmit(this.#close, now);
      return;
    }
    this.#line.note('given up', number, now);
    this.#state = 'over';
    this.#line.unanswered(true);
  }

  stop(): void {
    this.#state = 'over';
    this.#early = [];
    this.#close = undefined;
    this.#queue.clear();
  }

  #closeSent(bytes: Uint8Array, now: number): void {
    this.closeNumber = this.next;
    // A copy: it may wait for long, and would keep its whole block alive.
    this.#close = bytes.slice();
    this.#closedAt = now;
  }
}
