import { createCipheriv, createHash } from 'node:crypto';

/** Bytes of a key: half for the cipher, half for what the cipher is given beside an address. */
export const KEY_SIZE = 32;

/** Addresses whose answers are remembered: the same few come again and again. */
const KEPT = 65_536;

/** Bits of a tree of addresses that stay as they are: all nodes on the way to `prefix`, and those below it if `below`. */
export interface Fixed {
  readonly prefix: Uint8Array;
  readonly bits: number;
  /** Whether the addresses with this prefix stay what they are; otherwise only the prefix does. */
  readonly below: boolean;
}

/**
 * Replaces addresses by others, so that two with `n` leading bits in common have `n` leading bits in common afterwards,
 * and whoever has the key can undo it.
 * Source: Xu, Fan, Ammar, Moon, "Prefix-Preserving IP Address Anonymization" (Crypto-PAn), ICNP 2002.
 */
export class CryptoPan {
  readonly #key: Uint8Array;
  readonly #pad: Uint8Array;
  readonly #fixed: readonly Fixed[];
  readonly #known = new Map<string, Uint8Array>();

  /**
   * @param key 32 bytes
   * @param fixed what must not change: the addresses that mean something by themselves
   */
  constructor(key: Uint8Array, fixed: readonly Fixed[] = []) {
    if (key.length !== KEY_SIZE) throw new RangeError(`a key has ${KEY_SIZE} bytes, not ${key.length}`);
    this.#key = key.subarray(0, KEY_SIZE / 2);
    this.#pad = encrypted(this.#key, key.subarray(KEY_SIZE / 2));
    this.#fixed = fixed;
  }

  /** The address that stands for another, of up to 16 bytes. */
  replace(address: Uint8Array): Uint8Array {
    return this.#remembered(address, '>', () => this.#flip(address, address));
  }

  /** The address that another one stands for. */
  restore(address: Uint8Array): Uint8Array {
    return this.#remembered(address, '<', () => {
      // The bits of the answer that are known so far say whether the next one was turned over.
      const original = new Uint8Array(address.length);
      for (let bit = 0; bit < 8 * address.length; bit++) {
        if (bitOf(address, bit) !== (this.#isFlipped(original, bit) ? 1 : 0)) setBit(original, bit);
      }
      return original;
    });
  }

  #remembered(address: Uint8Array, direction: string, work: () => Uint8Array): Uint8Array {
    const name = direction + Buffer.from(address).toString('latin1');
    const known = this.#known.get(name);
    if (known) return known;
    const found = work();
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(name, found);
    return found;
  }

  #flip(address: Uint8Array, prefix: Uint8Array): Uint8Array {
    // One call of the cipher for all bits: each is a block of its own.
    const bits = 8 * address.length;
    const flips = encrypted(
      this.#key,
      concatenated(Array.from({ length: bits }, (_, bit) => this.#block(prefix, bit))),
    );
    const replaced = new Uint8Array(address.length);
    for (let bit = 0; bit < bits; bit++) {
      const flip = this.#isFixed(prefix, bit) ? 0 : (flips[BLOCK * bit] ?? 0) >>> 7;
      if (bitOf(address, bit) !== flip) setBit(replaced, bit);
    }
    return replaced;
  }

  #isFlipped(prefix: Uint8Array, bit: number): boolean {
    if (this.#isFixed(prefix, bit)) return false;
    return ((encrypted(this.#key, this.#block(prefix, bit))[0] ?? 0) & 0x80) !== 0;
  }

  /** What is encrypted to decide on a bit: the bits of the address before it, and the rest of the pad. */
  #block(address: Uint8Array, bit: number): Uint8Array {
    const block = this.#pad.slice();
    const whole = bit >>> 3;
    block.set(address.subarray(0, whole));
    const left = bit & 7;
    if (left > 0) {
      const mask = (0xff00 >>> left) & 0xff;
      block[whole] = ((address[whole] ?? 0) & mask) | ((block[whole] ?? 0) & ~mask & 0xff);
    }
    return block;
  }

  #isFixed(address: Uint8Array, bit: number): boolean {
    return this.#fixed.some(({ prefix, bits, below }) => {
      if (prefix.length !== address.length) return false;
      return bit < bits ? sharesBits(prefix, address, bit) : below && sharesBits(prefix, address, bits);
    });
  }
}

const BLOCK = 16;

function encrypted(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  // A copy of a Buffer would be a view of it.
  return new Uint8Array(Buffer.concat([cipher.update(blocks), cipher.final()]));
}

const bitOf = (bytes: Uint8Array, bit: number): number => ((bytes[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;

const setBit = (bytes: Uint8Array, bit: number): void => {
  bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) | (0x80 >>> (bit & 7));
};

function sharesBits(one: Uint8Array, other: Uint8Array, bits: number): boolean {
  for (let bit = 0; bit < bits; bit++) if (bitOf(one, bit) !== bitOf(other, bit)) return false;
  return true;
}

function concatenated(blocks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(BLOCK * blocks.length);
  for (const [place, block] of blocks.entries()) whole.set(block, BLOCK * place);
  return whole;
}

/** The key that a text stands for: 64 hex digits, or any other text by its SHA-256. */
export function keyFrom(text: string): Uint8Array {
  if (text === '') throw new RangeError('a key has at least one character');
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  return new Uint8Array(createHash('sha256').update(text).digest());
}
