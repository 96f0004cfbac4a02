import { type Clock, REAL_CLOCK } from './clock.js';
import { waitFor } from './timers.js';

/** How fast packets are sent again: at a multiple of the captured pace, so many a second, or as fast as it goes. */
export type Pace =
  | { readonly by: 'capture'; readonly speed: number }
  | { readonly by: 'rate'; readonly rate: number }
  | { readonly by: 'nothing' };

/** What is due sooner than this is sent at once, in milliseconds: a timer would come later. */
const SOON = 1;
/** How many packets may be sent before others get their turn. */
const BATCH = 64;

/** Says when the next packet is due. */
export class Pacer {
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  #start: number | undefined;
  /** The captured time of the first packet of a pass that has one, in milliseconds, and what the passes before it took. */
  #first: number | undefined;
  #passed = 0;
  #latest = 0;
  #sent = 0;

  constructor(pace: Pace, signal: AbortSignal, clock: Clock = REAL_CLOCK) {
    this.#pace = pace;
    this.#signal = signal;
    this.#clock = clock;
  }

  /** The capture begins anew. */
  again(): void {
    this.#first = undefined;
    this.#passed = this.#latest;
  }

  /**
   * When the next packet is due, in milliseconds since the first. Packets keep their order, whatever their times say.
   * @param time when it was captured, in milliseconds; undefined where the capture does not tell: such a packet is due
   *   with the one before it
   */
  next(time: number | undefined): number {
    this.#sent += 1;
    switch (this.#pace.by) {
      case 'capture':
        if (time === undefined) return this.#latest;
        this.#first ??= time;
        this.#latest = Math.max(this.#latest, this.#passed + (time - this.#first) / this.#pace.speed);
        return this.#latest;
      case 'rate':
        return (1000 * (this.#sent - 1)) / this.#pace.rate;
      case 'nothing':
        return 0;
    }
  }

  /**
   * What to wait for until a packet is due; nothing if it is due now.
   * @param at   when it is due, as `next` says
   * @param idle called before a wait that others may notice
   */
  until(at: number, idle: () => void): Promise<void> | undefined {
    const now = this.#clock.now();
    this.#start ??= now;
    const wait = this.#start + at - now;
    if (wait > SOON) {
      idle();
      return waitFor(wait, this.#signal, this.#clock);
    }
    if (this.#sent % BATCH !== 0) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }
}
