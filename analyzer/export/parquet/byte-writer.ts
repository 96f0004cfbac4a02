import { viewOf } from '../../../dissectors/wire/view.js';

/** Bytes that grow. */
export class ByteWriter {
  length = 0;
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView;

  constructor(room = 256) {
    this.#buffer = new Uint8Array(room);
    this.#view = viewOf(this.#buffer);
  }

  /** What was written; valid until more is. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  /** Makes room for so many bytes more, and gives the buffer in which they are to be put, from `length` on. */
  reserve(count: number): Uint8Array {
    const need = this.length + count;
    if (need > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(need, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
      this.#view = viewOf(larger);
    }
    return this.#buffer;
  }

  byte(value: number): void {
    this.reserve(1)[this.length++] = value;
  }

  /** A number of 32 bits, little-endian. */
  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** A whole number of 64 bits in two's complement, little-endian, from its halves: `high` may be negative. */
  i64(high: number, low: number): void {
    this.reserve(8);
    this.#view.setUint32(this.length, low, true);
    this.#view.setInt32(this.length + 4, high, true);
    this.length += 8;
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** A whole number from 0 on, seven bits a byte, the lowest first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  add(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }
}
