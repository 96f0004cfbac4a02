import { viewOf } from '../dissectors/wire/view.js';
import { SipHash } from './peer/siphash.js';

/** The version of server cookies that all servers make alike. Source: RFC 9018, section 4.1. */
export const INTEROPERABLE_VERSION = 1;
/** A server cookie of that version, in bytes: version 1, reserved 3, time 4, hash 8. Source: RFC 9018, section 4. */
export const SERVER_COOKIE_SIZE = 16;
/** Where its hash begins. */
const HASH_AT = 8;

/**
 * The hash of a server cookie, as two halves of 32 bits, the lower first; they are sent in this order, little-endian.
 * @param client the 8 bytes of the client cookie
 * @param start the first 8 bytes of the server cookie: version, reserved and time
 * @param address of the client, 4 or 16 bytes
 * Source: RFC 9018, section 4.4.
 */
export function serverCookieHash(
  secret: Uint8Array,
  client: Uint8Array,
  start: Uint8Array,
  address: Uint8Array,
): readonly [low: number, high: number] {
  const hash = new SipHash(secret);
  hash.begin();
  for (const bytes of [client, start, address]) for (const byte of bytes) hash.byte(byte);
  const low = hash.end();
  return [low, hash.high];
}

/** A server cookie as a server with this secret makes it. @param seconds since 1970, of which 32 bits are told */
export function serverCookie(secret: Uint8Array, client: Uint8Array, seconds: number, address: Uint8Array): Uint8Array {
  const cookie = new Uint8Array(SERVER_COOKIE_SIZE);
  const view = viewOf(cookie);
  view.setUint8(0, INTEROPERABLE_VERSION);
  view.setUint32(4, seconds >>> 0);
  const [low, high] = serverCookieHash(secret, client, cookie.subarray(0, HASH_AT), address);
  view.setUint32(HASH_AT, low, true);
  view.setUint32(HASH_AT + 4, high, true);
  return cookie;
}

/** The bytes of an IPv4 address. */
export function addressBytes(address: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, address);
  return bytes;
}
