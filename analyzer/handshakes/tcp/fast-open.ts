import { SipHash } from '../../../crafter/peer/siphash.js';
import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { toHex } from '../../../dissectors/wire/view.js';
import type { HandshakeSecrets } from '../../secrets/handshake-secrets.js';
import type { ReturnedStatus } from '../handshake.js';
import { hostOf } from '../responders.js';

/** Cookies that servers gave to clients, of the newest pairs of addresses. */
const MOST_COOKIES = 16_384;
/** Keys that are tried for one cookie: a server has two at a time, and `*` may have some more. */
const MOST_KEYS = 64;
/** A cookie of Linux, in bytes. Source: Linux, net/ipv4/tcp_fastopen.c. */
const LINUX_SIZE = 8;

/** The addresses of a client and its server, as bytes that stand one behind the other. */
export interface Pair {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/**
 * The fast open cookie that Linux makes: SipHash-2-4 of both addresses, little-endian; the key's four groups of 32 bits,
 * as `net.ipv4.tcp_fastopen_key` prints them, are little-endian too. 8 bytes.
 * Source: Linux, net/ipv4/tcp_fastopen.c, from 5.4.
 */
export function linuxCookie(key: Uint8Array, { client, server }: Pair): Uint8Array {
  const swapped = new Uint8Array(key.length);
  for (let at = 0; at < key.length; at++) swapped[at] = key[(at & ~3) + 3 - (at & 3)] ?? 0;
  const hash = new SipHash(swapped);
  hash.begin();
  for (const bytes of [client, server]) for (const byte of bytes) hash.byte(byte);
  const view = new DataView(new ArrayBuffer(LINUX_SIZE));
  view.setUint32(0, hash.end(), true);
  view.setUint32(4, hash.high, true);
  return new Uint8Array(view.buffer);
}

/** Judges the cookies of fast open: by the server's key, or by the cookie that it gave to that client before. Bounded. */
export class FastOpen {
  /** The newest cookie of each pair of addresses, in hex, the oldest pair first. */
  private readonly given = new Map<string, string>();

  /** A server gives a cookie to a client. */
  give(initiator: string, responder: string, cookie: Uint8Array): void {
    const pair = pairText(initiator, responder);
    this.given.delete(pair);
    this.given.set(pair, toHex(cookie));
    dropOldest(this.given, MOST_COOKIES);
  }

  /** What a cookie that a client returns is worth. */
  judge(
    secrets: HandshakeSecrets,
    initiator: string,
    responder: string,
    pair: Pair,
    cookie: Uint8Array,
  ): ReturnedStatus {
    const text = toHex(cookie);
    const keys = secrets.for('TCP_FASTOPEN_KEY', hostOf(responder)).slice(0, MOST_KEYS);
    if (keys.some(({ bytes }) => toHex(linuxCookie(bytes, pair)) === text)) return 'valid';
    if (keys.length > 0) return 'invalid';
    const known = this.given.get(pairText(initiator, responder));
    if (known === undefined) return 'unknown';
    return known === text ? 'echo-ok' : 'echo-bad';
  }
}

const pairText = (initiator: string, responder: string): string => `${hostOf(initiator)} ${hostOf(responder)}`;
