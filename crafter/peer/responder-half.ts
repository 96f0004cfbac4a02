import { type CookieKey, cookieKey } from '../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Random } from './random.js';
import type { Address } from './settings.js';

const KEY_SIZE = 32;
const BLOCK = 16;
/** How many halves one address may be given for one `c1`; beyond, the peer does not answer. */
const MOST_COUNTER = 16;
const REMEMBERED = 1024;

/**
 * Chooses `c2` without storing anything: a keyed MAC of the address, the initiator's id, `c1` and a counter. A proof
 * is bound to the address in this way, since nobody else is given the same half.
 * Source: protocol page, section 4, step 2.
 */
export class ResponderHalf {
  readonly #key: CookieKey;
  /** Digests of addresses; only saves time. */
  readonly #digests = new Map<Address, Uint8Array>();

  constructor(random: Random) {
    this.#key = cookieKey(dialectNamed('hmac'), random(KEY_SIZE));
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
    const mac = this.#key({ initiator, responder: this.#digest(from), c1, c2: counter });
    return ((mac[0] ?? 0) << 8) | (mac[1] ?? 0);
  }

  #digest(address: Address): Uint8Array {
    const known = this.#digests.get(address);
    if (known) return known;
    const digest = this.#chain(address);
    if (this.#digests.size >= REMEMBERED) this.#digests.clear();
    this.#digests.set(address, digest);
    return digest;
  }

  /** 16 bytes that stand for an address of any length: each block of it is keyed with the blocks before. */
  #chain(address: Address): Uint8Array {
    let digest: Uint8Array = new Uint8Array(BLOCK);
    for (let at = 0; at < address.length || at === 0; at += BLOCK / 2) {
      const block = new Uint8Array(BLOCK);
      const view = viewOf(block);
      for (let unit = 0; unit < BLOCK / 2; unit++) view.setUint16(2 * unit, address.charCodeAt(at + unit) || 0);
      // The length, as the last link, keeps one address from being the beginning of another.
      digest = this.#key({ initiator: digest, responder: block, c1: address.length & 0xffff });
    }
    return digest;
  }
}
