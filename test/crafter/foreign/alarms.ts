/** Things to be done later, on a clock that somebody else turns. Times are in milliseconds. */
export class Alarms {
  readonly #set = new Map<symbol, { readonly time: number; readonly ring: (now: number) => void }>();

  at(time: number, ring: (now: number) => void): symbol {
    const name = Symbol('alarm');
    this.#set.set(name, { time, ring });
    return name;
  }

  cancel(name: symbol | undefined): void {
    if (name) this.#set.delete(name);
  }

  next(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { time } of this.#set.values()) first = Math.min(first, time);
    return first;
  }

  ring(now: number): void {
    for (const [name, { time, ring }] of [...this.#set].sort(([, a], [, b]) => a.time - b.time)) {
      if (time <= now && this.#set.delete(name)) ring(now);
    }
  }
}
