/**
 * A list of 32-bit integers, small ones in few bytes: what a packet's facts are kept as, without an object each. Each is
 * a varint of 7 bits a byte, the lowest first; the sign is its lowest bit.
 */
export class Ints {
  /** In bytes. */
  length = 0;
  /** Only the first `length` count. Replaced when full. */
  bytes: Uint8Array;

  constructor(size = 1024) {
    this.bytes = new Uint8Array(Math.max(size, MOST_BYTES));
  }

  push(value: number): void {
    if (this.length + MOST_BYTES > this.bytes.length) this.grow();
    const { bytes } = this;
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  clear(): void {
    this.length = 0;
  }

  private grow(): void {
    const grown = new Uint8Array(2 * this.bytes.length);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** The bytes of the longest varint. */
const MOST_BYTES = 5;

/** What all empty lists share. */
const NOTHING: readonly never[] = [];

/** Reads integers back in the order in which they were pushed. */
export class IntReader {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** As an unsigned number. */
  unsigned(): number {
    return this.next() >>> 0;
  }

  /** As many things as the next integer says. */
  list<T>(read: (reader: IntReader) => T): readonly T[] {
    const length = this.next();
    if (length <= 0) return NOTHING;
    const list: T[] = [];
    for (let place = 0; place < length; place++) list.push(read(this));
    return list;
  }
}
