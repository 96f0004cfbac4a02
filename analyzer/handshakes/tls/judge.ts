import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import type { ProofStatus, ReturnedStatus } from '../handshake.js';

/** A cookie that OpenSSL makes for a HelloRetryRequest: all but its MAC can be read. */
export interface OpensslCookie {
  readonly version: number;
  /** The group that is asked for, and the suite that was chosen. */
  readonly group: number;
  readonly suite: number;
  /** Whether a share of the group was there already: then the cookie is all that is asked for. */
  readonly hasShare: boolean;
  /** When it was made, in seconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** Of the first ClientHello. */
  readonly hash: Uint8Array;
}

/** The bytes of its MAC, HMAC-SHA-256. */
const MAC_SIZE = 32;
/** How long OpenSSL takes a cookie, in seconds. Source: OpenSSL, ssl/statem/extensions_srvr.c, `tls_parse_ctos_cookie`. */
export const OPENSSL_SECONDS = 600;

/**
 * Reads a cookie as OpenSSL makes it; undefined where it is none. Source: OpenSSL, ssl/statem/extensions_srvr.c,
 * `tls_construct_stoc_cookie`: format, version, group, suite, a byte for the share, the time (4 bytes in format 0, 8 in
 * format 1), the hash, the application's cookie, the MAC.
 */
export function readOpensslCookie(cookie: Uint8Array): OpensslCookie | undefined {
  if (cookie.length < LEAST_COOKIE) return undefined;
  const view = viewOf(cookie);
  const format = view.getUint16(0);
  if (format > 1) return undefined;
  const timeSize = format === 0 ? 4 : 8;
  const time = format === 0 ? view.getUint32(9) : view.getUint32(9) * 2 ** 32 + view.getUint32(13);
  const hashAt = 9 + timeSize + 2;
  const hashSize = view.getUint16(hashAt - 2);
  const ownAt = hashAt + hashSize;
  if (!HASHES.has(hashSize) || ownAt >= cookie.length) return undefined;
  if (ownAt + 1 + view.getUint8(ownAt) + MAC_SIZE !== cookie.length) return undefined;
  return {
    version: view.getUint16(2),
    group: view.getUint16(4),
    suite: view.getUint16(6),
    hasShare: view.getUint8(8) !== 0,
    time,
    hash: cookie.subarray(hashAt, ownAt),
  };
}

/** The least that such a cookie has: a time of 4 bytes, the shortest hash, no cookie of the application. */
const LEAST_COOKIE = 9 + 4 + 2 + 32 + 1 + MAC_SIZE;

/** The hashes of the suites of TLS 1.3, by the bytes of their digests. */
const HASHES: ReadonlyMap<number, (message: Uint8Array) => Uint8Array> = new Map([
  [32, (message) => sha256(message)],
  [48, (message) => sha384(message)],
]);

const CLIENT_HELLO = 1;

/**
 * Whether a hash is that of the first ClientHello, given without its head: the transcript hash of TLS 1.3.
 * Source: RFC 8446, section 4.4.1.
 */
export function judgeTranscript(hash: Uint8Array, hello: Uint8Array | undefined): ProofStatus {
  const digest = HASHES.get(hash.length);
  if (!hello || !digest) return 'unknown';
  const message = new Uint8Array(4 + hello.length);
  viewOf(message).setUint32(0, ((CLIENT_HELLO << 24) | hello.length) >>> 0);
  message.set(hello, 4);
  return isEqual(digest(message), hash) ? 'valid' : 'invalid';
}

/** What a cookie that came back is worth, beside the last few that were handed out in the same attempt. */
export function judgeEcho(cookie: Uint8Array, handedOut: readonly Uint8Array[]): ReturnedStatus {
  if (handedOut.length === 0) return 'unknown';
  return handedOut.some((one) => isEqual(one, cookie)) ? 'echo-ok' : 'echo-bad';
}

/** How long mbedTLS takes a cookie, in seconds. Source: mbedTLS, `MBEDTLS_SSL_COOKIE_TIMEOUT`. */
export const MBEDTLS_SECONDS = 60;
/** The bytes of its cookie: the time, then an HMAC that is cut to 28. */
const MBEDTLS_SIZE = 32;
/** A time that is farther from the capture's is chance: one in 200,000 cookies of noise is not. */
const FARTHEST_SECONDS = 10_000;

/**
 * How old a cookie is that begins with the time of its making, as mbedTLS does it, in seconds; undefined where it does not.
 * @param now when it was seen, in seconds since 1970-01-01T00:00:00Z
 */
export function ageOf(cookie: Uint8Array, now: number): number | undefined {
  if (cookie.length !== MBEDTLS_SIZE) return undefined;
  const age = now - viewOf(cookie).getUint32(0);
  return Math.abs(age) <= FARTHEST_SECONDS ? age : undefined;
}

export const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
