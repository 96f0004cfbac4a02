/** The time in milliseconds, on a clock that never goes back. */
export const monotonic = (): number => performance.now();

/** A time since 1970-01-01T00:00:00Z, as captures have it. */
export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

const MS = 1000;
const NANOS_PER_MICRO = 1000;

/** When a time of `monotonic` was, to the microsecond, rounded down. */
export function momentOf(ms: number): Moment {
  const micros = Math.floor((performance.timeOrigin + ms) * MS);
  const seconds = Math.floor(micros / 1e6);
  return { seconds, nanos: (micros - seconds * 1e6) * NANOS_PER_MICRO };
}

/** Time as timers need it, so that tests need not wait. */
export interface Clock {
  /** In milliseconds; never goes back. */
  now(): number;
  /** Calls back after so many milliseconds, at most `LONGEST_WAIT_MS`; returns what calls it off. */
  after(wait: number, callback: () => void): () => void;
}

/** The longest wait that the runtime's timers know, in milliseconds, about 24.8 days: a longer one ends at once. */
export const LONGEST_WAIT_MS = 0x7fff_ffff;

/** The time of the machine. */
export const REAL_CLOCK: Clock = {
  now: monotonic,
  after: (wait, callback) => {
    const timer = setTimeout(callback, wait);
    return () => clearTimeout(timer);
  },
};
