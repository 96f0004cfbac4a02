/** Flows that are remembered; beyond them all are forgotten at once, and a flow that comes again has a new number. */
const MOST_FLOWS = 1 << 20;
const FIRST_SLOTS = 1 << 10;

/** 32-bit words of a key: two addresses of IPv6, and two ports. */
const KEY_WORDS = 9;
/** Of IPv4. */
const SHORT_WORDS = 3;

/**
 * Numbers flows in the order in which they are first seen, whichever way their packets go. A hash table of integers:
 * nothing is made for a packet, and strangers who do not know the seed cannot make keys collide. Bounded.
 */
export class FlowTable {
  /** Flows numbered so far. */
  count = 0;
  private readonly seed: number;
  private readonly most: number;
  /** One more than the place of a flow among those remembered, 0 where there is none. */
  private slots = new Int32Array(FIRST_SLOTS);
  /** Where the words of each begin, one more than the last; with the version of IP in the lowest bit. */
  private places = new Int32Array(FIRST_SLOTS);
  private words = new Int32Array(FIRST_SLOTS * SHORT_WORDS);
  private used = 0;
  private known = 0;
  /** The number of the first that is remembered. */
  private origin = 0;
  private readonly key = new Int32Array(KEY_WORDS);

  /**
   * @param seed any number that strangers do not know
   * @param most flows that are remembered
   */
  constructor(seed = 0, most = MOST_FLOWS) {
    this.seed = seed | 0;
    this.most = most;
  }

  /** Whether the packet that was looked up last goes from the lower end to the higher one. */
  isForward = false;

  /**
   * The number of a flow, from 0; one that has none gets the next.
   * @param from where the source address begins; the destination lies at `to`, and both have `size` bytes, 4 or 16
   */
  numberBetween(view: DataView, from: number, to: number, size: 4 | 16, source: number, target: number): number {
    const length = this.readKey(view, from, to, size, source, target);
    const slot = this.slotOf(length);
    const place = this.slots[slot] as number;
    return place === 0 ? this.add(slot, length) : this.origin + place - 1;
  }

  /** The number of a flow that has one; -1 for others, which are not remembered. */
  find(view: DataView, from: number, to: number, size: 4 | 16, source: number, target: number): number {
    const place = this.slots[this.slotOf(this.readKey(view, from, to, size, source, target))] as number;
    return place === 0 ? -1 : this.origin + place - 1;
  }

  /** The slot of the flow whose key was read, or the empty one where it belongs. */
  private slotOf(length: number): number {
    const { slots, key } = this;
    let hash = this.seed ^ length;
    for (let word = 0; word < length; word++) hash = mixed(hash ^ (key[word] as number));
    let slot = hash & (slots.length - 1);
    for (let place = slots[slot] as number; place !== 0; place = slots[slot] as number) {
      if (this.isKey(place - 1, length)) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** Writes the ends into the key, the lower one first. @returns its length in words */
  private readKey(view: DataView, from: number, to: number, size: number, source: number, target: number): number {
    const { key } = this;
    const words = size >>> 2;
    let order = 0;
    for (let word = 0; word < words && order === 0; word++) {
      order = view.getUint32(from + 4 * word) - view.getUint32(to + 4 * word);
    }
    const isForward = order < 0 || (order === 0 && source <= target);
    this.isForward = isForward;
    const [first, second] = isForward ? [from, to] : [to, from];
    for (let word = 0; word < words; word++) {
      key[word] = view.getInt32(first + 4 * word);
      key[words + word] = view.getInt32(second + 4 * word);
    }
    key[2 * words] = isForward ? (source << 16) | target : (target << 16) | source;
    return 2 * words + 1;
  }

  private isKey(place: number, length: number): boolean {
    const at = this.places[place] as number;
    if ((this.places[place + 1] as number) - at !== length) return false;
    for (let word = 0; word < length; word++) if (this.words[at + word] !== this.key[word]) return false;
    return true;
  }

  private add(slot: number, length: number): number {
    if (this.known >= this.most) {
      this.forget();
      return this.add(this.slotOf(length), length);
    }
    if (this.used + length > this.words.length) this.words = grown(this.words);
    if (this.known + 2 > this.places.length) this.places = grown(this.places);
    this.words.set(this.key.subarray(0, length), this.used);
    this.used += length;
    this.slots[slot] = ++this.known;
    this.places[this.known] = this.used;
    if (2 * this.known > this.slots.length) this.rehash();
    return this.count++;
  }

  private forget(): void {
    this.slots.fill(0);
    this.used = 0;
    this.known = 0;
    this.origin = this.count;
  }

  private rehash(): void {
    const { words, places } = this;
    const slots = new Int32Array(2 * this.slots.length);
    for (let place = 0; place < this.known; place++) {
      const at = places[place] as number;
      const end = places[place + 1] as number;
      let hash = this.seed ^ (end - at);
      for (let word = at; word < end; word++) hash = mixed(hash ^ (words[word] as number));
      let slot = hash & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = place + 1;
    }
    this.slots = slots;
  }
}

/** The finalizer of MurmurHash3, of 32 bits. */
export function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
