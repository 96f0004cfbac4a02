import type { ReturnedStatus } from '../handshake.js';
import type { Challenge } from './memory.js';

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, place) => byte === other[place]);

/**
 * What a token in an Initial is worth: whether it is that of a Retry of the same attempt. Whatever else it is, only its
 * maker knows.
 * Source: RFC 9000, section 8.1.2 "Address Validation Using Retry Packets".
 */
export function judgeToken(token: Uint8Array, challenges: readonly Challenge[]): ReturnedStatus {
  if (challenges.length === 0) return 'unknown';
  return challenges.some((one) => isSame(one.token, token)) ? 'echo-ok' : 'echo-bad';
}

/** Whether a client's Initial follows a Retry: it is sent to the connection id that the Retry gave. */
export const followsRetry = (id: Uint8Array, challenges: readonly Challenge[]): boolean =>
  challenges.some((one) => isSame(one.id, id));

/** Makers of tokens that show by the first byte. Source: ngtcp2, `NGTCP2_CRYPTO_TOKEN_MAGIC_*`. */
const MAKERS: Readonly<Record<number, string>> = { 182: 'ngtcp2 (Retry)', 54: 'ngtcp2 (NEW_TOKEN)' };

/** Who seems to have made a token, where that shows. */
export const tokenMaker = (token: Uint8Array): string | undefined => MAKERS[token[0] ?? -1];
