import { plus } from '../../dissectors/channel/sequence.js';
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
  #close: Uint8Array | undefined;
  #repeats = 0;
  #repeatAt = Number.POSITIVE_INFINITY;
  next = 0;
  closeNumber: number | undefined;

  constructor(line: Line, queue: SendQueue) {
    this.#line = line;
    this.#queue = queue;
  }

  get isFinished(): boolean {
    return this.closeNumber !== undefined;
  }

  begin(start: number, early: readonly Uint8Array[]): void {
    this.next = plus(start, early.length);
    if (this.#line.proof) this.#state = 'early';
  }

  confirm(): void {
    if (this.#state === 'over') return;
    this.#state = 'open';
    this.#early = [];
  }

  close(): void {
    this.#isClosing = true;
  }

  pump(now: number): void {
    if (this.#state === 'waiting' || this.#state === 'over') return;
    while (!this.#queue.isEmpty || (this.#isClosing && !this.isFinished)) {
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

  report(): void {}

  deadline(): number {
    return this.#state === 'open' && !this.#line.hasClose ? this.#repeatAt : Number.POSITIVE_INFINITY;
  }

  tick(now: number): void {
    if (now < this.deadline() || !this.#close) return;
    const { closeRepeat, closeRepeats } = this.#line.settings;
    this.#line.note('resent', this.closeNumber ?? 0, now);
    this.#line.transmit(this.#close, now);
    this.#repeats += 1;
    this.#repeatAt = this.#repeats < closeRepeats ? now + closeRepeat * 2 ** this.#repeats : Number.POSITIVE_INFINITY;
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
    this.#repeatAt = now + this.#line.settings.closeRepeat;
  }
}
