import { CAUSE_NAMES } from '../../../dissectors/sctp/parameters.js';
import type { Handshake } from '../handshake.js';
import type { Maker } from './makers.js';

/**
 * How long a message is waited for, in seconds: eight times the first timeout of an INIT.
 * Source: the handshake page, part 1; RFC 9260, section 16: RTO.Initial 1 s, Max.Init.Retransmits 8.
 */
export const WAIT_SECONDS = 8;

const causeText = (code: number): string => CAUSE_NAMES[code] ?? `cause ${code}`;

export function abortReason(by: string, cause: number): string {
  const why = cause < 0 ? '' : `: ${causeText(cause)}`;
  return `the ${by} ended the attempt with an ABORT${why}`;
}

export const staleReason = (micros: number): string =>
  `the responder did not accept the cookie: it was stale by ${micros} µs (ERROR, stale cookie)`;

/** Why a row has timed out. */
export function expiryReason({ state, attempts }: Handshake): string {
  switch (state) {
    case 'challenged':
      return `the initiator did not return the cookie of the INIT ACK within ${WAIT_SECONDS} s`;
    case 'echoed':
      return `the COOKIE ECHO was not answered within ${WAIT_SECONDS} s`;
    default:
      return `the INIT was not answered within ${WAIT_SECONDS} s${attempts > 1 ? `, though it was sent ${attempts} times` : ''}`;
  }
}

/** What an INIT ACK's cookie shows of itself, in a few words. */
export function makerNote(size: number, maker: Maker | undefined): string {
  const by = maker ? ` of ${maker.name}` : '';
  const without = maker?.isForgeable ? ', made without a key' : '';
  const life = maker?.life === undefined ? '' : `, good for ${maker.life} s`;
  return `cookie of ${size} bytes${by}${without}${life}`;
}
