import { performance } from 'node:perf_hooks';

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

/** Wakes someone once, at the soonest of the times that were asked for since it did so last. */
export class Alarm {
  readonly #wake: (now: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(wake: (now: number) => void) {
    this.#wake = wake;
  }

  /** Wakes at `at`, a time of `monotonic`, or sooner if that was asked for. Never before the time has come. */
  noLaterThan(at: number): void {
    if (at >= this.#at) return;
    this.cancel();
    this.#set(at);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }

  #set(at: number): void {
    this.#at = at;
    // Longer waits than a timer knows are made of several.
    const wait = Math.min(Math.max(0, Math.ceil(at - monotonic())), LONGEST);
    this.#timer = setTimeout(() => {
      const now = monotonic();
      if (now < at) return this.#set(at);
      this.#timer = undefined;
      this.#at = Number.POSITIVE_INFINITY;
      this.#wake(now);
    }, wait);
  }
}

const LONGEST = 0x7fff_ffff;
