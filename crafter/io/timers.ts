import { type Clock, LONGEST_WAIT_MS, REAL_CLOCK } from './clock.js';

/**
 * Calls back after a time of any length, never before it is over. Waits that are longer than the clock's timers know are
 * made of several.
 * @param wait in milliseconds
 * @returns what calls it off
 */
export function after(wait: number, callback: () => void, clock: Clock = REAL_CLOCK): () => void {
  const end = clock.now() + wait;
  let cancel: () => void;
  const arm = (): void => {
    const left = Math.ceil(Math.max(0, end - clock.now()));
    cancel = clock.after(Math.min(left, LONGEST_WAIT_MS), () => (clock.now() < end ? arm() : callback()));
  };
  arm();
  return () => cancel();
}

/**
 * Waits for a time of any length.
 * @param wait in milliseconds
 * @param signal ends the wait early
 */
export function waitFor(wait: number, signal: AbortSignal, clock: Clock = REAL_CLOCK): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = after(wait, end, clock);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Calls back once, at the soonest of the times that were asked for since it did so last. */
export class Alarm {
  readonly #wake: (now: number) => void;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(wake: (now: number) => void, clock: Clock = REAL_CLOCK) {
    this.#wake = wake;
    this.#clock = clock;
  }

  /** Calls back at `at`, a time of the clock, or sooner if that was asked for. Never before the time has come. */
  noLaterThan(at: number): void {
    if (at >= this.#at) return;
    this.cancel();
    this.#at = at;
    const wake = (): void => {
      this.#cancel = undefined;
      this.#at = Number.POSITIVE_INFINITY;
      this.#wake(this.#clock.now());
    };
    this.#cancel = after(at - this.#clock.now(), wake, this.#clock);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
