import type { Handshake } from '../handshake.js';

/** Why nothing came of what was sent last. */
export function silentReason(row: Handshake): string {
  switch (row.state) {
    case 'asked':
      return 'no answer: lost on the way, or no STUN server listens there';
    case 'challenged':
      return 'the server asked for its nonce; the client did not ask again';
    default:
      return row.cookieStatus === 'echo-bad'
        ? 'the request with a nonce that the server did not give was not answered'
        : 'the request with the nonce was not answered';
  }
}

/** Why an error came. @param had whether the request had the right nonce */
export function errorReason(row: Handshake, error: number, word: string, had: boolean): string {
  if (error === 438 && row.cookieStatus === 'echo-bad')
    return 'the nonce was none that the server gave to this client: it gave a new one (438 Stale Nonce)';
  if (error === 438) return 'the nonce was too old: the server gave a new one (438 Stale Nonce)';
  if (error !== 401) return `the server refused: ${error} ${word}`.trim();
  if (!had) return 'the server asks who it is: it wants its nonce back, and a password proven (401 Unauthenticated)';
  const { username } = row.details ?? {};
  return `the nonce was right, but not the name or the password${username === undefined ? '' : ` of ${username}`} (401 Unauthenticated)`;
}

export const answeredReason = (isAllocation: boolean): string =>
  isAllocation ? 'the server made the allocation; no data through it both ways so far' : 'the server answered';

/** What the nonces begin with whose next four characters tell features. Source: RFC 8489, section 9.2. */
const NONCE_COOKIE = 'obMatJos2';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** From the highest of 24 bits on. Source: RFC 8489, section 18.1. */
const FEATURES = ['password algorithms', 'username anonymity'];

/** What a nonce tells that the server can do; undefined where it tells nothing. */
export function securityFeatures(nonce: string | undefined): string | undefined {
  if (!nonce?.startsWith(NONCE_COOKIE)) return undefined;
  const bits = [...nonce.slice(NONCE_COOKIE.length, NONCE_COOKIE.length + 4)].reduce(
    (sum, letter) => (sum << 6) | Math.max(0, ALPHABET.indexOf(letter)),
    0,
  );
  const known = FEATURES.filter((_, place) => (bits & (1 << (23 - place))) !== 0);
  return known.length === 0 ? 'none' : known.join(', ');
}
