import { type Clock, LONGEST_WAIT_MS } from '../../../crafter/io/clock.js';

/** A clock that goes on when it is told to. Like the runtime's it ends a wait at once that is longer than it knows. */
export class HandClock implements Clock {
  #now = 0;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(wait: number, callback: () => void): () => void {
    const one = { at: this.#now + (wait > LONGEST_WAIT_MS ? 1 : wait), callback };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }

  /** How many callbacks wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Goes on to a time, in milliseconds, calling back whoever waits for a time until then. */
  goTo(time: number): void {
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      const [next] = due;
      if (!next) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = time;
  }
}
