/** When the time of a file of a ring buffer is over. */
export interface RingTimes {
  /** In seconds, since the file before was complete, or the first was begun. */
  readonly duration?: number;
  /** At the times of day that are a multiple of so many seconds. */
  readonly interval?: number;
}

/** Clocks for waiting and for the time of day differ a little: what is nearer than this has just been, in milliseconds. */
export const JUST_MS = 50;

/** Tells when the time of a file is over, file after file. */
export class RingClock {
  readonly #times: RingTimes;
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(times: RingTimes, onOver: () => void) {
    this.#times = times;
    this.#onOver = onOver;
  }

  /** Begins the time of a file; the one before counts no more. */
  begin(): void {
    clearTimeout(this.#timer);
    const { duration, interval } = this.#times;
    const waits: number[] = [];
    if (duration !== undefined) waits.push(duration * 1000);
    if (interval !== undefined) waits.push(untilMultiple(interval * 1000, Date.now()));
    if (waits.length === 0) return;
    this.#timer = setTimeout(() => this.#over(), Math.min(...waits));
    // What is waited for is packets; where none can come any more, this is no reason to go on.
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
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
