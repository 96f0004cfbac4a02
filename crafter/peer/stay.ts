import type { Peer } from './peer.js';

/** How long nothing must have arrived, in milliseconds: long enough for what is repeated at once, … */
const QUIET = 300;
/** … or, where packets get lost, for what a timer at its longest repeats. */
const QUIET_AFTER_TROUBLE = 2000;

/**
 * When a program may go once its channels are over: what it sent last may be lost, and whoever repeats something then
 * needs an answer.
 * Source: protocol page, section 6 "CHANNEL_CLOSE".
 */
export class Stay {
  readonly #peer: Peer;
  readonly #delay: number;
  #lastArrival = Number.NEGATIVE_INFINITY;

  /** @param delay how much later than usual answers arrive, in milliseconds */
  constructor(peer: Peer, delay = 0) {
    this.#peer = peer;
    this.#delay = delay;
  }

  /** A packet has come. */
  arrived(now: number): void {
    this.#lastArrival = now;
  }

  /** From when on the program may go, as far as is known; ask again then. */
  until(now: number): number {
    const { isTelling, hadTrouble } = this.#peer;
    if (isTelling) return this.#peer.nextTimeout() ?? now;
    return this.#lastArrival + this.#delay + (hadTrouble ? QUIET_AFTER_TROUBLE : QUIET);
  }
}
