import type { Handshake } from '../handshakes/handshake.js';
import type { Moment } from '../secrets/secrets.js';

/** A handshake as screens show it. Its texts come from packets: they are made safe when they are drawn. */
export type HandshakeRow = Pick<
  Handshake,
  | 'number'
  | 'kind'
  | 'channel'
  | 'initiator'
  | 'responder'
  | 'id'
  | 'state'
  | 'cookieStatus'
  | 'proofStatus'
  | 'stateless'
  | 'evidence'
  | 'attempts'
  | 'resent'
  | 'first'
  | 'last'
  | 'begun'
  | 'rttChallenge'
  | 'rttEcho'
  | 'rttAnswer'
  | 'messages'
  | 'unlisted'
  | 'reason'
  | 'details'
  | 'findings'
  | 'worst'
>;

/** What the list of handshakes can be sorted by. */
export const HANDSHAKE_KEYS = ['number', 'kind', 'state', 'rtt', 'findings'] as const;
export type HandshakeKey = (typeof HANDSHAKE_KEYS)[number];

/** The handshakes as they stood when it was made. Never changes: there is a new one when there is news. */
export interface HandshakeSnapshot {
  readonly count: number;
  /** Handshakes dropped to stay within bounds, or that are too many to be shown. */
  readonly forgotten: number;
  /** When the first packet was captured, from which times count. */
  readonly began: Moment;
  /** @param place from 0, in the order of numbers */
  at(place: number): HandshakeRow;
  /** The place of a handshake, -1 if it is not there. */
  placeOf(number: number): number;
  /** The places in some order, of the handshakes whose texts contain all the given words. */
  order(key: HandshakeKey, descending: boolean, words: readonly string[]): Uint32Array;
}
