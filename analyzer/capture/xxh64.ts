import { viewOf } from '../../dissectors/wire/view.js';

/** The primes of the algorithm, as upper and lower 32 bits. */
const P1 = [0x9e3779b1, 0x85ebca87] as const;
const P2 = [0xc2b2ae3d, 0x27d4eb4f] as const;
const P3 = [0x165667b1, 0x9e3779f9] as const;
const P4 = [0x85ebca77, 0xc2b2ae63] as const;
const P5 = [0x27d4eb2f, 0x165667c5] as const;

type Word = readonly [high: number, low: number];

const STRIPE = 32;

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function upper(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = Math.imul(a0, b0) >>> 0;
  const middle = (Math.imul(a1, b0) >>> 0) + (low >>> 16);
  const cross = (Math.imul(a0, b1) >>> 0) + (middle & 0xffff);
  return (Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16)) | 0;
}

const multiply = ([ah, al]: Word, [bh, bl]: Word): Word => [
  (upper(al, bl) + Math.imul(ah, bl) + Math.imul(al, bh)) | 0,
  Math.imul(al, bl),
];
const add = ([ah, al]: Word, [bh, bl]: Word): Word => {
  const low = (al >>> 0) + (bl >>> 0);
  return [(ah + bh + (low > 0xffff_ffff ? 1 : 0)) | 0, low | 0];
};
const xor = ([ah, al]: Word, [bh, bl]: Word): Word => [ah ^ bh, al ^ bl];
/** Rotated left by fewer than 32 bits. */
const rotate = ([high, low]: Word, by: number): Word => [
  (high << by) | (low >>> (32 - by)),
  (low << by) | (high >>> (32 - by)),
];
/** Shifted right, by 32 or fewer bits more than that. */
const shift = ([high, low]: Word, by: number): Word =>
  by >= 32 ? [0, high >>> (by - 32)] : [high >>> by, (low >>> by) | (high << (32 - by))];
const negated = (word: Word): Word => add([~word[0], ~word[1]], [0, 1]);

/** Computes XXH64 with seed 0, piece by piece. Source: the xxHash fast digest algorithm, version 0.1.1. */
export class Xxh64 {
  /** The four accumulators, upper and lower halves in turn. */
  readonly #state: Int32Array;
  readonly #rest = new Uint8Array(STRIPE);
  readonly #restView = viewOf(this.#rest);
  #held = 0;
  #length = 0;

  constructor() {
    const words = [add(P1, P2), P2, [0, 0] as const, negated(P1)];
    this.#state = Int32Array.from(words.flat());
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let from = 0;
    if (this.#held > 0) {
      from = Math.min(STRIPE - this.#held, bytes.length);
      this.#rest.set(bytes.subarray(0, from), this.#held);
      this.#held += from;
      if (this.#held < STRIPE) return;
      this.#stripes(this.#restView, 0, STRIPE);
    }
    const end = bytes.length - ((bytes.length - from) % STRIPE);
    this.#stripes(viewOf(bytes), from, end);
    this.#rest.set(bytes.subarray(end));
    this.#held = bytes.length - end;
  }

  /** The lower 32 bits of the digest, unsigned: what a zstd frame ends with. */
  low32(): number {
    let hash = add(this.#length >= STRIPE ? this.#merged() : P5, [
      Math.floor(this.#length / 0x1_0000_0000),
      this.#length | 0,
    ]);
    const view = this.#restView;
    let at = 0;
    for (; at + 8 <= this.#held; at += 8) {
      const lane = round([0, 0], [view.getInt32(at + 4, true), view.getInt32(at, true)]);
      hash = add(multiply(rotate(xor(hash, lane), 27), P1), P4);
    }
    if (at + 4 <= this.#held) {
      const lane = multiply([0, view.getInt32(at, true)], P1);
      hash = add(multiply(rotate(xor(hash, lane), 23), P2), P3);
      at += 4;
    }
    for (; at < this.#held; at++) {
      hash = multiply(rotate(xor(hash, multiply([0, view.getUint8(at)], P5)), 11), P1);
    }
    hash = multiply(xor(hash, shift(hash, 33)), P2);
    hash = multiply(xor(hash, shift(hash, 29)), P3);
    return xor(hash, shift(hash, 32))[1] >>> 0;
  }

  #merged(): Word {
    const [a, b, c, d] = [0, 1, 2, 3].map((lane): Word => [this.#half(2 * lane), this.#half(2 * lane + 1)]) as [
      Word,
      Word,
      Word,
      Word,
    ];
    let hash = add(add(rotate(a, 1), rotate(b, 7)), add(rotate(c, 12), rotate(d, 18)));
    for (const lane of [a, b, c, d]) hash = add(multiply(xor(hash, round([0, 0], lane)), P1), P4);
    return hash;
  }

  #half(place: number): number {
    return this.#state[place] ?? 0;
  }

  /** The hot loop, so without words as pairs: each lane is multiplied, added, rotated and multiplied again. */
  #stripes(view: DataView, start: number, end: number): void {
    const state = this.#state;
    for (let at = start; at < end; at += STRIPE) {
      for (let lane = 0; lane < 8; lane += 2) {
        const low = view.getInt32(at + 4 * lane, true);
        const high = view.getInt32(at + 4 * lane + 4, true);
        const productHigh = upper(low, P2[1]) + Math.imul(high, P2[1]) + Math.imul(low, P2[0]);
        const sum = (Math.imul(low, P2[1]) >>> 0) + ((state[lane + 1] as number) >>> 0);
        const sumHigh = (productHigh + (state[lane] as number) + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        const sumLow = sum | 0;
        const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
        state[lane] = upper(turnedLow, P1[1]) + Math.imul(turnedHigh, P1[1]) + Math.imul(turnedLow, P1[0]);
        state[lane + 1] = Math.imul(turnedLow, P1[1]);
      }
    }
  }
}

const round = (into: Word, lane: Word): Word => multiply(rotate(add(into, multiply(lane, P2)), 31), P1);
