import { INTEROPERABLE_VERSION, SERVER_COOKIE_SIZE, serverCookieHash } from '../../../crafter/dns-cookie.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import type { ReturnedStatus } from '../handshake.js';

/** How long a server cookie is good, and how far its time may be ahead of the server's, in seconds. Source: RFC 9018, section 4.3. */
const GOOD_SECONDS = 3600;
const AHEAD_SECONDS = 300;
/** Secrets that are tried for one cookie: a server has two at a time, and `*` may have some more. */
const MOST_SECRETS = 64;
/** Where the hash begins. */
const HASH_AT = 8;

/** What a server cookie says of itself: its age in seconds, where it is of the form that all servers share. */
export interface Judged {
  readonly status: Extract<ReturnedStatus, 'valid' | 'stale' | 'invalid' | 'unknown'>;
  readonly age: number | undefined;
}

/**
 * Whether a server cookie is what one of some secrets makes of the client's cookie and address.
 * @param client the 8 bytes of the client cookie
 * @param address of the client, 4 or 16 bytes
 * @param seconds when it was sent, since 1970
 * Source: RFC 9018, section 4.
 */
export function judgeServerCookie(
  secrets: readonly Uint8Array[],
  client: Uint8Array,
  cookie: Uint8Array,
  address: Uint8Array,
  seconds: number,
): Judged {
  // Other forms are the business of their servers alone.
  if (cookie.length !== SERVER_COOKIE_SIZE || cookie[0] !== INTEROPERABLE_VERSION) return UNKNOWN;
  const view = viewOf(cookie);
  // Times of 32 bits go round: the nearer one is meant.
  const age = (seconds - view.getUint32(4)) | 0;
  if (secrets.length === 0) return { status: 'unknown', age };
  const [low, high] = [view.getUint32(HASH_AT, true), view.getUint32(HASH_AT + 4, true)];
  const start = cookie.subarray(0, HASH_AT);
  const isMade = secrets.slice(0, MOST_SECRETS).some((secret) => {
    const made = serverCookieHash(secret, client, start, address);
    return made[0] === low && made[1] === high;
  });
  if (!isMade) return { status: 'invalid', age };
  return { status: age > GOOD_SECONDS || age < -AHEAD_SECONDS ? 'stale' : 'valid', age };
}

const UNKNOWN: Judged = { status: 'unknown', age: undefined };
