import { RCODES } from '../../../dissectors/dns/numbers.js';
import type { Handshake, ReturnedStatus } from '../handshake.js';

/** How long a query waits for its answer, in seconds. Source: the handshake page, part 1. */
export const WAIT_SECONDS = 5;

/** Why a server asks for its cookie again, by what the one that it was sent is worth. */
export function challengeReason(status: ReturnedStatus | undefined): string {
  switch (status) {
    case undefined:
      return 'the server wants its cookie to be returned before it answers (BADCOOKIE)';
    case 'invalid':
      return 'the server did not accept the cookie, which is not one that it made for this client (BADCOOKIE)';
    case 'stale':
      return 'the server did not accept the cookie, which is too old (BADCOOKIE)';
    case 'echo-bad':
      return 'the server did not accept the cookie, which is not one that it gave to this client (BADCOOKIE)';
    default:
      return 'the server did not accept the cookie (BADCOOKIE)';
  }
}

export const IGNORES = 'the client asked again without the cookie of the last BADCOOKIE: it ignores BADCOOKIE';

/** What an answer says, for a row. */
export const answerReason = (code: number, isTruncated: boolean): string =>
  isTruncated
    ? 'the answer was truncated: the client has to ask again over TCP'
    : `the server answered: ${rcodeText(code)}`;

export const rcodeText = (code: number): string => RCODES[code] ?? `reply code ${code}`;

/** Why a row has timed out. */
export function expiryReason({ state, attempts }: Handshake): string {
  if (state === 'challenged') return `the client did not return the server's new cookie within ${WAIT_SECONDS} s`;
  const query = state === 'echoed' ? 'the query with the server cookie was' : 'the query was';
  return `${query} not answered within ${WAIT_SECONDS} s${attempts > 1 ? `, though it was sent ${attempts} times` : ''}`;
}

/** What a message's cookies are worth, in a few words. */
export function cookieNote(status: ReturnedStatus | undefined, age: number | undefined): string {
  if (status === undefined) return 'client cookie';
  return `server cookie ${status}${age === undefined ? '' : `, ${age} s old`}`;
}
