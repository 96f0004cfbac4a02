import { after } from '../../crafter/io/timers.js';

/** When the time of a file of a ring buffer is over. */
export interface RingTimes {
  /** In seconds, since the file before was complete, or the first was begun. */
  readonly duration?: number;
  /** At the times of day that are a multiple of so many seconds. */
  readonly interval?: number;
}

/** Clocks for waiting and for the time of day differ a little: what is nearer than this has just been, in milliseconds. */
export const JUST_MS = 50;

/** Tells when the time of a file is over, file after file, until it is stopped. */
export class RingClock {
  readonly #times: RingTimes;
  readonly #onOver: () => void;
  #isStopped = false;
  /** Calls off what is to come. */
  #disarm: () => void = () => {};

  constructor(times: RingTimes, onOver: () => void) {
    this.#times = times;
    this.#onOver = onOver;
  }

  /** Begins the time of a file; the one before counts no more. */
  begin(): void {
    this.#disarm();
    const { duration, interval } = this.#times;
    const waits: number[] = [];
    if (duration !== undefined) waits.push(duration * 1000);
    if (interval !== undefined) waits.push(untilMultiple(interval * 1000, Date.now()));
    if (waits.length > 0 && !this.#isStopped) this.#disarm = after(Math.min(...waits), () => this.#over());
  }

  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #over(): void {
    this.begin();
    this.#onOver();
  }
}

/** How long it is from a time to the next multiple of a span, all in milliseconds. */
export function untilMultiple(span: number, time: number): number {
  const wait = span - (time % span);
  return wait < JUST_MS ? wait + span : wait;
}
