/** A network address as filters compare it: IPv4 as a number, IPv6 as 16 bytes. */
export type Address = number | Uint8Array;

/** Addresses that are told apart: their numbers fit a column of 16 bits. Packets of any other have number 0. */
const MOST = 0xffff;
/** Slots of the hash table: at most half are used. */
const SLOTS = 0x2_0000;
/** Slots that are looked at: a flood of addresses that fall together ends here. */
const PROBES = 16;

/** Numbers the addresses of packets, from 1, as they appear. Costs no objects, and the same whatever the addresses are. */
export class Addresses {
  /** How many there are. */
  count = 0;
  private readonly words = new Uint32Array(4 * (MOST + 1));
  private readonly versions = new Uint8Array(MOST + 1);
  private readonly slots = new Uint16Array(SLOTS);
  private readonly seed: number;

  /** @param seed any number; strangers must not know it */
  constructor(seed = 0) {
    this.seed = seed;
  }

  /** The number of the address at `at`; 0 where it has none. */
  numberOf(view: DataView, at: number, version: 4 | 6): number {
    if (version === 4) return this.find(0, 0, 0, view.getUint32(at), 4);
    return this.find(view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12), 6);
  }

  /** An address by its number. */
  addressOf(number: number): Address {
    const at = 4 * number;
    if (this.versions[number] === 4) return this.words[at + 3] ?? 0;
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    for (let word = 0; word < 4; word++) view.setUint32(4 * word, this.words[at + word] ?? 0);
    return bytes;
  }

  private find(a: number, b: number, c: number, d: number, version: number): number {
    const { words, slots, versions } = this;
    let slot = mixed(a, b, c, d, this.seed) & (SLOTS - 1);
    for (let probe = 0; probe < PROBES; probe++) {
      const number = slots[slot] as number;
      if (number === 0) return this.add(slot, a, b, c, d, version);
      const at = 4 * number;
      const isSame = words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a;
      if (isSame && versions[number] === version) return number;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return 0;
  }

  private add(slot: number, a: number, b: number, c: number, d: number, version: number): number {
    if (this.count === MOST) return 0;
    const number = ++this.count;
    this.words.set([a, b, c, d], 4 * number);
    this.versions[number] = version;
    this.slots[slot] = number;
    return number;
  }
}

/** Mixes four words with a seed, each bit of them into all others, as MurmurHash does. */
function mixed(a: number, b: number, c: number, d: number, seed: number): number {
  let hash = seed;
  hash = Math.imul(hash ^ a, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash ^ b, 0xc2b2ae35);
  hash ^= hash >>> 13;
  hash = Math.imul(hash ^ c, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash ^ d, 0xc2b2ae35);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
