import { isMac, MAC_SIZE, macPlaces } from '../../../dissectors/wg/macs.js';
import type { ProofStatus, ReturnedStatus } from '../handshake.js';
import type { WgPeer } from './keys.js';

/** How long a cookie is worth something, in seconds. Source: WireGuard paper, section 6.1, `Rekey-After-Time`. */
const COOKIE_SECONDS = 120;

/** What mac1 of a message is worth, and whose public key it was made for. */
export interface JudgedMac1 {
  readonly status: ProofStatus;
  readonly receiver: WgPeer | undefined;
}

const UNKNOWN: JudgedMac1 = { status: 'unknown', receiver: undefined };
const INVALID: JudgedMac1 = { status: 'invalid', receiver: undefined };

/**
 * Judges mac1 of the initiation or response at `at`, captured whole, by the public keys that are known: `valid` where it
 * was made for one of them, `invalid` where for none, `unknown` without keys.
 * @param likely the key to try first
 */
export function judgeMac1(
  view: DataView,
  at: number,
  type: number,
  peers: readonly WgPeer[],
  likely?: WgPeer,
): JudgedMac1 {
  const places = macPlaces(type);
  if (!places || peers.length === 0) return UNKNOWN;
  if (likely && isMac(view, at, places.mac1, likely.mac1Key)) return { status: 'valid', receiver: likely };
  for (const receiver of peers) {
    if (receiver !== likely && isMac(view, at, places.mac1, receiver.mac1Key)) return { status: 'valid', receiver };
  }
  return INVALID;
}

/** Whether mac2 of a message is more than zeros. */
export function hasMac2(view: DataView, at: number, type: number): boolean {
  const places = macPlaces(type);
  if (!places) return false;
  for (let byte = 0; byte < MAC_SIZE; byte++) if (view.getUint8(at + places.mac2 + byte) !== 0) return true;
  return false;
}

/**
 * Judges mac2 of a message, which is not zeros, by the cookie that its sender was given.
 * @param cookie its bytes; undefined where it is not known: none was seen, or it could not be opened
 * @param age in seconds, since the cookie was sent
 */
export function judgeMac2(
  view: DataView,
  at: number,
  type: number,
  cookie: Uint8Array | undefined,
  age: number,
): ReturnedStatus {
  const places = macPlaces(type);
  if (!places || !cookie) return 'unknown';
  if (!isMac(view, at, places.mac2, cookie)) return 'invalid';
  return age > COOKIE_SECONDS ? 'stale' : 'valid';
}
