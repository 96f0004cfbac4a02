/** Who takes part in the input: what of it has left for the other peer so far, and who that is. */
export interface Taker {
  readonly remote: object;
  /** Bytes of the input that were sent. */
  readonly sent: number;
  /** Whether it has all that is at hand, and waits for the others. */
  readonly isWaiting: boolean;
}

/** How long others wait for a channel before its pace is judged, in milliseconds, … */
const PATIENCE = 20_000;
/** … and what it must have sent in that time to be waited for further, in bytes: 1 kB a second. */
const LEAST = 20_000;

/**
 * Finds the channels that keep the input from all others: the slowest of them sets the pace, so one that acknowledges
 * next to nothing would stop them for as long as it likes.
 */
export class Laggards<T extends Taker> {
  /** When the wait began, and what everyone had sent by then. */
  #since = 0;
  #sent: Map<T, number> | undefined;

  /** Nobody is behind. */
  clear(): void {
    this.#sent = undefined;
  }

  /**
   * Somebody is behind. Says when to ask `late` next.
   * @param takers all who take part
   */
  wait(takers: Iterable<T>, now: number): number {
    if (!this.#sent) {
      this.#since = now;
      this.#sent = new Map();
      for (const taker of takers) this.#sent.set(taker, taker.sent);
    }
    return this.#since + PATIENCE;
  }

  /** Those that others of another remote have waited for in vain. What is judged begins anew. */
  late(takers: readonly T[], now: number): readonly T[] {
    const before = this.#sent;
    if (!before || now < this.#since + PATIENCE) return [];
    this.#sent = undefined;
    const waiting = takers.filter(({ isWaiting }) => isWaiting);
    return takers.filter(
      (taker) =>
        !taker.isWaiting &&
        taker.sent - (before.get(taker) ?? taker.sent - LEAST) < LEAST &&
        waiting.some(({ remote }) => remote !== taker.remote),
    );
  }
}
