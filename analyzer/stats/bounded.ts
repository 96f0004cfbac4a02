/** Keys that a table of statistics holds one by one; a flood of others is counted together. */
const MOST_KEYS = 100_000;

/** A table that stays within bounds: once it is full, keys that it does not have share one value. */
export class Bounded<V> {
  readonly known = new Map<string, V>();
  /** What the keys have together that found no room; undefined where all did. */
  others: V | undefined;
  private readonly make: () => V;
  private readonly most: number;

  constructor(make: () => V, most = MOST_KEYS) {
    this.make = make;
    this.most = most;
  }

  /** The value of a key, to be changed in place. */
  at(key: string): V {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.known.size >= this.most) {
      this.others ??= this.make();
      return this.others;
    }
    const fresh = this.make();
    this.known.set(key, fresh);
    return fresh;
  }
}
