/** A growing list of 32-bit integers: what a packet's facts are kept as, without an object each. */
export class Ints {
  length = 0;
  /** Only the first `length` count. Replaced when full. */
  values: Int32Array;

  constructor(size = 1024) {
    this.values = new Int32Array(size);
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length++] = value;
  }

  /** Adds the first `count` of other integers. */
  append(values: Int32Array, count: number): void {
    this.reserve(count);
    this.values.set(values.subarray(0, count), this.length);
    this.length += count;
  }

  private reserve(count: number): void {
    const wanted = this.length + count;
    if (wanted <= this.values.length) return;
    const grown = new Int32Array(Math.max(wanted, Math.ceil(this.values.length * 1.5)));
    grown.set(this.values.subarray(0, this.length));
    this.values = grown;
  }
}

/** Reads integers back in the order in which they were pushed. */
export class IntReader {
  private readonly values: Int32Array;
  private at: number;

  constructor(values: Int32Array, at: number) {
    this.values = values;
    this.at = at;
  }

  next(): number {
    return this.values[this.at++] ?? 0;
  }

  /** As an unsigned number. */
  unsigned(): number {
    return this.next() >>> 0;
  }

  /** As many things as the next integer says. */
  list<T>(read: (reader: IntReader) => T): T[] {
    return Array.from({ length: this.next() }, () => read(this));
  }
}
