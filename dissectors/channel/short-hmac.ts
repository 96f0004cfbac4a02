import { sha256 } from '@noble/hashes/sha2.js';
import { viewOf } from '../wire/view.js';

/** Bytes and 32-bit words of a block and of a digest. */
const BLOCK = 64;
const BLOCK_WORDS = 16;
const DIGEST_WORDS = 8;
const ROUNDS = 64;
/** The largest input: with its end mark and its length it fills a block. */
const MOST = BLOCK - 9;

/** What the key is mixed with, inside and outside. Source: RFC 2104, section 2. */
const INNER = 0x36;
const OUTER = 0x5c;
/** What follows the last byte. */
const END = 0x80;

function primes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}

/** The first 32 bits after the point. */
const fraction = (number: number): number => ((number % 1) * 0x1_0000_0000) | 0;

/** Source: FIPS 180-4, sections 4.2.2 and 5.3.3. */
const CONSTANTS = Int32Array.from(primes(ROUNDS), (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes(DIGEST_WORDS), (prime) => fraction(Math.sqrt(prime)));

/** The words that the rounds mix in: a block, and what is worked out from it. */
const schedule = new Int32Array(ROUNDS);
const word = (at: number): number => schedule[at] as number;

/** Feeds the block in `schedule` to a hash state and writes the new one into `into`. Source: FIPS 180-4, section 6.2.2. */
function compress(state: Int32Array, into: Int32Array): void {
  for (let at = BLOCK_WORDS; at < ROUNDS; at++) {
    const early = word(at - 15);
    const late = word(at - 2);
    const first = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const second = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    schedule[at] = (word(at - 16) + first + word(at - 7) + second) | 0;
  }
  const of = (place: number): number => state[place] as number;
  let a = of(0);
  let b = of(1);
  let c = of(2);
  let d = of(3);
  let e = of(4);
  let f = of(5);
  let g = of(6);
  let h = of(7);
  for (let at = 0; at < ROUNDS; at++) {
    const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + turned + (g ^ (e & (f ^ g))) + (CONSTANTS[at] as number) + word(at)) | 0;
    const other = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    const two = (other + ((a & b) ^ (c & (a ^ b)))) | 0;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  into[0] = of(0) + a;
  into[1] = of(1) + b;
  into[2] = of(2) + c;
  into[3] = of(3) + d;
  into[4] = of(4) + e;
  into[5] = of(5) + f;
  into[6] = of(6) + g;
  into[7] = of(7) + h;
}

/** Puts 16 words of a view into `schedule`. */
function load(view: DataView): void {
  for (let at = 0; at < BLOCK_WORDS; at++) schedule[at] = view.getInt32(4 * at);
}

/**
 * HMAC-SHA-256 with one key, of inputs of at most 55 bytes: the cookies. Once the key is fed, a block inside and one
 * outside are all that such an input takes.
 * Source: RFC 2104; FIPS 180-4.
 */
export class ShortHmac {
  /** Where the input is to be written. */
  readonly input = new Uint8Array(BLOCK);
  readonly #view = viewOf(this.input);
  readonly #inner = new Int32Array(DIGEST_WORDS);
  readonly #outer = new Int32Array(DIGEST_WORDS);
  readonly #digest = new Int32Array(DIGEST_WORDS);

  constructor(key: Uint8Array) {
    const padded = new Uint8Array(BLOCK);
    padded.set(key.length > BLOCK ? sha256(key) : key);
    load(viewOf(padded.map((byte) => byte ^ INNER)));
    compress(START, this.#inner);
    load(viewOf(padded.map((byte) => byte ^ OUTER)));
    compress(START, this.#outer);
  }

  /** The first `count` bytes of the MAC of the first `size` bytes of `input`. */
  mac(size: number, count: number): Uint8Array {
    if (size > MOST) throw new RangeError(`at most ${MOST} bytes, not ${size}`);
    this.input[size] = END;
    for (let at = size + 1; at < MOST + 1; at++) this.input[at] = 0;
    load(this.#view);
    schedule[BLOCK_WORDS - 2] = 0;
    schedule[BLOCK_WORDS - 1] = 8 * (BLOCK + size);
    compress(this.#inner, this.#digest);

    for (let at = 0; at < BLOCK_WORDS; at++) schedule[at] = at < DIGEST_WORDS ? (this.#digest[at] as number) : 0;
    schedule[DIGEST_WORDS] = END << 24;
    schedule[BLOCK_WORDS - 1] = 8 * (BLOCK + 4 * DIGEST_WORDS);
    compress(this.#outer, this.#digest);

    const tag = new Uint8Array(count);
    for (let at = 0; at < count; at++) tag[at] = (this.#digest[at >> 2] as number) >>> (24 - 8 * (at & 3));
    return tag;
  }
}
