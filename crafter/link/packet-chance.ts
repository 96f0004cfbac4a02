import type { Seeded } from '../seeded.js';

/** Odd numbers whose products spread over all bits. Source: Knuth's multiplicative hashing, and mulberry32. */
const [SPREAD, STEP] = [0x9e3779b1, 0x6d2b79f5];

/**
 * Chance that depends on nothing but a seed and a packet's place among those of its path: the nth packet meets the same
 * fate whatever the packets before it were. `next` begins with another packet.
 */
export class PacketChance implements Pick<Seeded, 'integer' | 'chance'> {
  readonly #seed: number;
  #count = 0;
  #state = 0;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
  }

  next(): void {
    this.#count += 1;
    this.#state = (this.#seed ^ Math.imul(this.#count, SPREAD)) >>> 0;
  }

  integer(below: number): number {
    return Math.floor(this.#draw() * below);
  }

  chance(probability: number): boolean {
    return this.#draw() < probability;
  }

  /** From 0 inclusive to 1 exclusive. */
  #draw(): number {
    this.#state = (this.#state + STEP) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}
