import type { Timed, Timers } from './timers.js';

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** A bounded memory of things that expire. When it is full, the oldest goes. */
export class Expiring<T> implements Timed {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #timers: Timers;
  readonly #keep: number;
  readonly #most: number;
  wakeAt = 0;
  place = -1;

  constructor(timers: Timers, keep: number, most: number) {
    this.#timers = timers;
    this.#keep = keep;
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    return entry && now < entry.until ? entry.value : undefined;
  }

  /** Remembers a value from now on. */
  set(key: string, value: T, now: number): void {
    this.delete(key);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= this.#most && !oldest.done) this.#entries.delete(oldest.value);
    this.#entries.set(key, { value, until: now + this.#keep });
    this.#timers.schedule(this, this.#firstUntil());
  }

  delete(key: string): void {
    this.#entries.delete(key);
    if (this.#entries.size === 0) this.#timers.cancel(this);
  }

  wake(now: number): void {
    for (const [key, { until }] of this.#entries) {
      if (until > now) break;
      this.#entries.delete(key);
    }
    this.#timers.schedule(this, this.#firstUntil());
  }

  #firstUntil(): number {
    const oldest = this.#entries.values().next();
    return oldest.done ? Number.POSITIVE_INFINITY : oldest.value.until;
  }
}

/** A key for something about a channel of another peer. */
export const keyOf = (remoteId: Uint8Array, id: number): string => `${String.fromCharCode(...remoteId)}${id}`;
