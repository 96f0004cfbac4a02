/** Something that wants to be woken. It stands in one list of timers at most. */
export interface Timed {
  /** When, in milliseconds; what `Timers` has noted, which may be sooner than needed but never later. */
  wakeAt: number;
  /** Its place in the list, or −1. */
  place: number;
  wake(now: number): void;
}

/**
 * Who wants to be woken when: a binary heap. Only a sooner time moves an entry; one that has become later is found
 * out when it is woken, so a timer that is pushed back with every packet costs nothing.
 */
export class Timers {
  readonly #heap: Timed[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the first one is to be woken. */
  next(): number | undefined {
    return this.#heap[0]?.wakeAt;
  }

  /** Wakes `timed` at `at` or sooner; never, if `at` is infinite. */
  schedule(timed: Timed, at: number): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.cancel(timed);
    } else if (timed.place < 0) {
      timed.wakeAt = at;
      this.#heap.push(timed);
      this.#rise(timed, this.#heap.length - 1);
    } else if (at < timed.wakeAt) {
      timed.wakeAt = at;
      this.#rise(timed, timed.place);
    }
  }

  cancel(timed: Timed): void {
    const { place } = timed;
    if (place < 0) return;
    timed.place = -1;
    const last = this.#heap.pop();
    if (!last || last === timed) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  /** Takes out the first one if its time has come. */
  due(now: number): Timed | undefined {
    const first = this.#heap[0];
    if (!first || first.wakeAt > now) return undefined;
    this.cancel(first);
    return first;
  }

  #rise(timed: Timed, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (!parent || parent.wakeAt <= timed.wakeAt) break;
      this.#heap[place] = parent;
      parent.place = place;
      place = above;
    }
    this.#heap[place] = timed;
    timed.place = place;
  }

  #sink(timed: Timed, from: number): void {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      const left = this.#heap[below];
      if (!left) break;
      const right = this.#heap[below + 1];
      let child = left;
      if (right && right.wakeAt < left.wakeAt) {
        child = right;
        below += 1;
      }
      if (child.wakeAt >= timed.wakeAt) break;
      this.#heap[place] = child;
      child.place = place;
      place = below;
    }
    this.#heap[place] = timed;
    timed.place = place;
  }
}
