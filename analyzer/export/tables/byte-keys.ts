import { mixed } from '../../handshakes/flow-table.js';

/** Slots at first; always a power of two. */
const FIRST_SLOTS = 64;

/**
 * Finds numbers by some bytes, each key of the same size: nothing is made for a look-up. Strangers who do not know the
 * seed cannot make keys collide.
 */
export class ByteKeys {
  readonly #words: number;
  readonly #seed: number;
  /** One more than the place of a key among those known, 0 where there is none. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** The words of the keys, in the order in which they came, and the number of each. */
  #keys: Int32Array<ArrayBuffer>;
  #numbers = new Int32Array(FIRST_SLOTS);
  #count = 0;
  readonly #key: Int32Array<ArrayBuffer>;
  /** The key that was found last, which is looked for most often again. */
  #last = 0;

  /**
   * @param size of each key in bytes
   * @param seed any number that strangers do not know
   */
  constructor(size: number, seed: number) {
    this.#words = Math.ceil(size / 4);
    this.#seed = seed;
    this.#keys = new Int32Array(FIRST_SLOTS * this.#words);
    this.#key = new Int32Array(this.#words);
  }

  /** The number of the bytes at `at`; −1 if they have none. */
  find(view: DataView, at: number, size: number): number {
    this.#read(view, at, size);
    if (this.#last < this.#count && this.#isKey(this.#last)) return this.#numbers[this.#last] as number;
    const place = this.#slots[this.#slot()] as number;
    if (place === 0) return -1;
    this.#last = place - 1;
    return this.#numbers[place - 1] as number;
  }

  /** Gives a number to the bytes that were looked for last, which have none. */
  add(number: number): void {
    const place = this.#count;
    if (2 * (place + 1) > this.#slots.length) this.#grow();
    this.#keys.set(this.#key, place * this.#words);
    this.#numbers[place] = number;
    this.#slots[this.#slot()] = ++this.#count;
    this.#last = place;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  #read(view: DataView, at: number, size: number): void {
    const key = this.#key;
    let word = 0;
    let place = at;
    for (const end = at + size - 3; place < end; place += 4) key[word++] = view.getInt32(place);
    if (word === this.#words) return;
    let rest = 0;
    for (; place < at + size; place++) rest = (rest << 8) | view.getUint8(place);
    key[word] = rest;
  }

  /** The slot of the key that was read, or the empty one where it belongs. */
  #slot(): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hash = this.#seed;
    for (let word = 0; word < this.#words; word++) hash = mixed(hash ^ (this.#key[word] as number));
    let slot = hash & mask;
    for (let place = slots[slot] as number; place !== 0; place = slots[slot] as number) {
      if (this.#isKey(place - 1)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isKey(place: number): boolean {
    const from = place * this.#words;
    for (let word = 0; word < this.#words; word++) if (this.#keys[from + word] !== this.#key[word]) return false;
    return true;
  }

  #grow(): void {
    const keys = new Int32Array(2 * this.#keys.length);
    const numbers = new Int32Array(2 * this.#numbers.length);
    keys.set(this.#keys);
    numbers.set(this.#numbers);
    this.#keys = keys;
    this.#numbers = numbers;
    this.#slots = new Int32Array(2 * this.#slots.length);
    const read = this.#key.slice();
    for (let place = 0; place < this.#count; place++) {
      this.#key.set(keys.subarray(place * this.#words, (place + 1) * this.#words));
      // Nothing is in the slots yet that it could be equal to.
      this.#slots[this.#slot()] = place + 1;
    }
    this.#key.set(read);
  }
}
