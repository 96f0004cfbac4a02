/** So many items that were taken from the front are kept at most before the rest moves to an array of its own. */
const MOST_TAKEN = 4096;

/**
 * A list that only grows at its end and shrinks at its front. Each change gives another list and leaves this one as it
 * was, yet costs no copy: lists share an array, of which each sees its part.
 */
export class Growing<T> {
  readonly #items: T[];
  readonly #from: number;
  readonly #to: number;

  private constructor(items: T[], from: number, to: number) {
    this.#items = items;
    this.#from = from;
    this.#to = to;
  }

  static of<T>(...items: readonly T[]): Growing<T> {
    return new Growing([...items], 0, items.length);
  }

  get length(): number {
    return this.#to - this.#from;
  }

  /** The item at a place, from 0. */
  at(place: number): T | undefined {
    return place < this.length ? this.#items[this.#from + place] : undefined;
  }

  /** The list with one more item at its end. */
  with(item: T): Growing<T> {
    // Where another list has grown here already, this one needs an array of its own.
    const isLast = this.#to === this.#items.length;
    const items = isLast ? this.#items : this.#items.slice(this.#from, this.#to);
    const from = isLast ? this.#from : 0;
    items.push(item);
    return new Growing(items, from, items.length);
  }

  /** The list without so many items at its front. */
  after(count: number): Growing<T> {
    const from = Math.min(this.#from + count, this.#to);
    if (from > MOST_TAKEN && 2 * from > this.#to)
      return new Growing(this.#items.slice(from, this.#to), 0, this.#to - from);
    return new Growing(this.#items, from, this.#to);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = this.#from; place < this.#to; place++) yield this.#items[place] as T;
  }
}
