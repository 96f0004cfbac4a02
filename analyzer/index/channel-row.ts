import type { Severity } from '../../dissectors/wire/finding.js';
import type { State } from '../track/channel.js';
import type { CookieStatus } from '../track/cookies.js';

/** What went one way on a channel. */
export interface ChannelCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly dataPackets: number;
  readonly dataBytes: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly reordered: number;
  readonly resent: number;
}

/** A channel as the list shows it. Texts are safe to draw. */
export interface ChannelRow {
  /** From 1, in the order of appearance. */
  readonly number: number;
  /** `c1 ‖ c2` in hex, or `c1` alone while the other half is not known. */
  readonly id: string;
  readonly dialect: string;
  /** Peer ids, 32 hex digits, and where each was seen last (`10.0.0.1:4242`), empty if that is not known. */
  readonly initiator: string;
  readonly responder: string;
  readonly initiatorAddress: string;
  readonly responderAddress: string;
  readonly state: State;
  /** The reason of its CLOSE, if one was seen. */
  readonly reason: number | undefined;
  readonly mode: string | undefined;
  readonly cookie1: CookieStatus | undefined;
  readonly cookie2: CookieStatus | undefined;
  /** Round trips in seconds. */
  readonly rttNewAcknowledge: number | undefined;
  readonly rttAcknowledgeFinalize: number | undefined;
  /** Numbers of packets. */
  readonly first: number;
  readonly last: number;
  /** Times of those, in seconds since the first packet of the capture. */
  readonly begun: number;
  readonly ended: number;
  readonly fromInitiator: ChannelCounts;
  readonly fromResponder: ChannelCounts;
  /** Findings above `chat` in its packets, and the worst. */
  readonly findings: number;
  readonly severity: Severity | 'none';
}

/** What the list of channels can be sorted by. */
export type ChannelKey =
  | 'number'
  | 'id'
  | 'begun'
  | 'initiator'
  | 'responder'
  | 'dialect'
  | 'state'
  | 'mode'
  | 'cookie1'
  | 'cookie2'
  | 'rtt'
  | 'packets'
  | 'bytes'
  | 'lost'
  | 'resent'
  | 'findings';

/** The channels as they stood when it was made. Never changes: there is a new one when there is news. */
export interface ChannelSnapshot {
  readonly count: number;
  /** Channels dropped to stay within bounds. */
  readonly forgotten: number;
  /** @param place from 0, in the order of numbers */
  at(place: number): ChannelRow;
  /** The place of a channel, -1 if it is not there. */
  placeOf(number: number): number;
  /**
   * The places in some order, of the channels whose words (ids, addresses, state, mode, statuses, dialect) contain all
   * the given ones; of each list one is enough.
   */
  order(key: ChannelKey, descending: boolean, words: readonly (readonly string[])[]): Uint32Array;
}
