import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { crc32 } from '../wire/checksum.js';
import { viewOf } from '../wire/view.js';
import type { Dialect } from './dialects.js';

/** The longest cookie input: two peer ids and two halves, in bytes. */
const INPUT = 36;
const PEER_ID = 16;

/** What a cookie is computed over. Peer ids are those of the roles, 16 bytes each. */
export interface CookieInput {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly c1: number;
  /** Left out for cookie 1, which comes before the responder has chosen its half. */
  readonly c2?: number | undefined;
}

/** A secret that is ready to compute cookies of one kind. */
export type CookieKey = (input: CookieInput) => Uint8Array;

/**
 * Prepares a secret for the cookies of a dialect: the HMAC key state is computed once. The cookie is
 * `dialect.cookieSize` bytes.
 * Source: protocol page, section 3 "Cookies".
 */
export function cookieKey(
  dialect: Pick<Dialect, 'mac' | 'responderFirst' | 'cookieSize'>,
  secret: Uint8Array,
): CookieKey {
  switch (dialect.mac) {
    case 'hmac-sha-256': {
      // The state with the key in it is kept, and copied for each cookie: that takes a third of the time.
      const keyed = hmac.create(sha256, secret);
      const state = keyed.clone();
      const digest = new Uint8Array(sha256.outputLen);
      const input = new Uint8Array(INPUT);
      const view = viewOf(input);
      const inputs = [input.subarray(0, INPUT - 2), input] as const;
      return (given) => {
        const size = fill(input, view, given, dialect.responderFirst);
        keyed._cloneInto(state);
        state.update(inputs[size === INPUT ? 1 : 0]).digestInto(digest);
        return digest.slice(0, dialect.cookieSize);
      };
    }
    case 'crc-32': {
      const before = crc32(viewOf(secret), 0, secret.length);
      const input = new Uint8Array(INPUT);
      const view = viewOf(input);
      return (given) => {
        const size = fill(input, view, given, dialect.responderFirst);
        const cookie = new Uint8Array(4);
        viewOf(cookie).setUint32(0, crc32(view, 0, size, before));
        return cookie;
      };
    }
    case 'none':
      return () => new Uint8Array(0);
  }
}

/** Writes the input in wire order and returns its size. */
function fill(
  input: Uint8Array,
  view: DataView,
  { initiator, responder, c1, c2 }: CookieInput,
  responderFirst: boolean,
): number {
  input.set(initiator, 0);
  input.set(responder, PEER_ID);
  if (c2 === undefined) {
    view.setUint16(2 * PEER_ID, c1);
    return INPUT - 2;
  }
  view.setUint16(2 * PEER_ID, responderFirst ? c2 : c1);
  view.setUint16(2 * PEER_ID + 2, responderFirst ? c1 : c2);
  return INPUT;
}

/** Whether two cookies are equal, in a time that does not tell where they differ. */
export function sameCookie(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}
