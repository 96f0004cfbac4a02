import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import type { Random } from './random.js';
import type { Address } from './settings.js';
import { SipHash } from './siphash.js';

const KEY_SIZE = 16;
/** How many halves one address may be given for one `c1`; beyond, the peer does not answer. */
const MOST_COUNTER = 16;

/**
 * Chooses `c2` without storing anything: a keyed MAC of the address, the initiator's id, `c1` and a counter. A proof
 * is bound to the address in this way, since nobody else is given the same half.
 * Source: protocol page, section 4, step 2.
 */
export class ResponderHalf {
  readonly #mac: SipHash;

  constructor(random: Random) {
    this.#mac = new SipHash(random(KEY_SIZE));
  }

  /** The first half whose id is free, or undefined if there is none among those that the address may have. */
  choose(from: Address, initiator: Uint8Array, c1: number, isTaken: (id: number) => boolean): number | undefined {
    for (let counter = 0; counter < MOST_COUNTER; counter++) {
      const c2 = this.#half(from, initiator, c1, counter);
      if (c2 !== RESERVED_HALF && !isTaken(((c1 << 16) | c2) >>> 0)) return c2;
    }
    return undefined;
  }

  /** Whether the half is one that the address is given; which one depends on what was taken at that time. */
  gives(from: Address, initiator: Uint8Array, c1: number, c2: number): boolean {
    for (let counter = 0; counter < MOST_COUNTER; counter++) {
      if (this.#half(from, initiator, c1, counter) === c2) return true;
    }
    return false;
  }

  #half(from: Address, initiator: Uint8Array, c1: number, counter: number): number {
    const mac = this.#mac;
    mac.begin();
    for (let at = 0; at < initiator.length; at++) mac.byte(initiator[at] ?? 0);
    mac.byte(c1 >>> 8);
    mac.byte(c1);
    mac.byte(counter);
    // Last, since only the address has no fixed size.
    for (let at = 0; at < from.length; at++) {
      const unit = from.charCodeAt(at);
      mac.byte(unit >>> 8);
      mac.byte(unit);
    }
    return mac.end() & 0xffff;
  }
}
