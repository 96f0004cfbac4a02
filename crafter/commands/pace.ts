/** Bytes a second, unless it is said otherwise. */
const USUAL_RATE = 10_000_000;
const SECOND_MS = 1000;
/** How far the pace may be run ahead of, in milliseconds. */
const BURST = 4;

/**
 * The pace of channels on which nothing is sent again: there the protocol leaves it to the application, and a burst of
 * all there is would overflow whatever is on the way.
 */
export class Pace {
  #freeAt = 0;
  readonly #perMs: number;

  /** @param rate in bytes a second; infinite for none */
  constructor(rate = USUAL_RATE) {
    this.#perMs = rate / SECOND_MS;
  }

  /** When the next message may go out. */
  next(now: number): number {
    return this.#freeAt - BURST <= now ? now : this.#freeAt - BURST;
  }

  spend(bytes: number, now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#perMs;
  }
}
