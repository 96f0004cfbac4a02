import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { Shelved } from '../../dissectors/wire/shelf.js';
import type { Waiter } from '../handshakes/waiting.js';
import type { CookieStatus } from './cookies.js';
import type { Direction } from './direction.js';
import type { Peer } from './peers.js';
import { type Answer, NONE_SEEN, type SeenCookie } from './seen-cookie.js';

export { type Direction, newDirection } from './direction.js';

/** The states of a channel, as an observer sees it. Source: protocol page, section 7. */
export const STATES = [
  'new',
  'acknowledged',
  'established',
  'early',
  'closed',
  'refused',
  'timed-out',
  'collided',
] as const;
export type State = (typeof STATES)[number];

/** One channel, or an attempt to open one. Unless said otherwise, packets are numbers from 1, and 0 stands for none. */
export interface Channel extends Shelved<Channel>, Waiter<Channel> {
  /** From 1, in the order of appearance. */
  readonly number: number;
  readonly dialect: Dialect;
  initiator: Peer;
  responder: Peer;
  readonly c1: number;
  /** Undefined until an answer names it. */
  c2: number | undefined;
  state: State;
  /** Whether who initiated it was seen, not guessed. */
  rolesKnown: boolean;
  caps: number | undefined;
  cookie1Status: CookieStatus | undefined;
  cookie2Status: CookieStatus | undefined;
  readonly first: number;
  /** The last packet that counts. */
  last: number;
  /** Times of those, in seconds since the first packet of the capture. */
  readonly begun: number;
  ended: number;
  /** Findings above `chat` in the packets that are about it, and the worst as a place in `SEVERITIES`. */
  findings: number;
  worst: number;
  /** The last packet that was found to be about it, whether it counts or not. */
  listed: number;
  /** The newest packets with each message. */
  newPacket: number;
  /** How often its CHANNEL_NEW was seen, and its CHANNEL_FINALIZE. */
  news: number;
  finalizes: number;
  acknowledgePacket: number;
  finalizePacket: number;
  /** When the newest CHANNEL_NEW came, in seconds since the first packet of the capture. */
  newTime: number | undefined;
  /** When the channel or its newest CHANNEL_NEW was seen, on the clock that never goes back. */
  heard: number;
  /** Round trips in seconds. */
  rttNewAcknowledge: number | undefined;
  rttAcknowledgeFinalize: number | undefined;
  /** The cookies of CHANNEL_NEW, newest first: two where a secret was replaced meanwhile. */
  cookies1: readonly SeenCookie[];
  /** What the responder answered, newest first. */
  answers: readonly Answer[];
  /** The answer that the initiator's proof returned. */
  accepted: Answer | undefined;
  /** `seqno`: where the initiator's numbers start. */
  s1: number | undefined;
  /** Where the numbers of the direction of the newest packet on the channel start. */
  start: number | undefined;
  /** Whether the initiator has proven its address: by FINALIZE, or by COOKIE in its place. */
  proved: boolean;
  /** Whether a packet shows that the responder has confirmed the proof. */
  confirmed: boolean;
  /** Repeats of the proof. */
  repeats: number;
  /** Which peers have shown that they take part: bit 0 the initiator (beyond NEW), bit 1 the responder. */
  proof: number;
  /** Whether what only a live channel needs was dropped. */
  settled: boolean;
  fromInitiator: Direction | undefined;
  fromResponder: Direction | undefined;
  /** The number of its row among the handshakes, 0 before it has one, and what that was made of: see `ChannelRows`. */
  handshake: number;
  told: number;
  /** Whether the tables find it by its id and by its half, and the next in the chains of those that do. */
  inIds: boolean;
  inAttempts: boolean;
  nextById: Channel | undefined;
  nextByAttempt: Channel | undefined;
}

/** The id of a channel as text: `c1 ‖ c2`, or `c1` alone while the other half is not known. */
export const channelIdText = (c1: number, c2: number | undefined): string =>
  c1.toString(16).padStart(4, '0') + (c2 === undefined ? '' : c2.toString(16).padStart(4, '0'));

/** Whether an attempt still waits for its answer or its proof. */
export const isPending = ({ state }: Channel): boolean => state === 'new' || state === 'acknowledged';

/** Whether a channel was never more than an attempt, so far. */
export const isAttempt = ({ state }: Channel): boolean =>
  state === 'new' || state === 'acknowledged' || state === 'timed-out' || state === 'collided';

/** Whether a channel has ended, one way or the other. */
export const isEnded = ({ state }: Channel): boolean => state === 'closed' || state === 'refused';

/** Whether a channel has its id for good: it was proven, or packets came on it. */
export const isBound = ({ proved, fromInitiator, fromResponder }: Channel): boolean =>
  proved || fromInitiator !== undefined || fromResponder !== undefined;

/** What is known of a channel when it appears. */
export interface Beginning {
  readonly dialect: Dialect;
  readonly initiator: Peer;
  readonly responder: Peer;
  readonly c1: number;
  readonly state: State;
  readonly packet: number;
  /** When that came, in seconds since the first packet of the capture. */
  readonly time: number;
  /** On the clock that never goes back. */
  readonly now: number;
}

export const newChannel = (number: number, beginning: Beginning): Channel => ({
  number,
  dialect: beginning.dialect,
  initiator: beginning.initiator,
  responder: beginning.responder,
  c1: beginning.c1,
  c2: undefined,
  state: beginning.state,
  rolesKnown: true,
  caps: undefined,
  cookie1Status: undefined,
  cookie2Status: undefined,
  first: beginning.packet,
  last: beginning.packet,
  begun: beginning.time,
  ended: beginning.time,
  findings: 0,
  worst: -1,
  listed: 0,
  newPacket: 0,
  news: 0,
  finalizes: 0,
  acknowledgePacket: 0,
  finalizePacket: 0,
  newTime: undefined,
  heard: beginning.now,
  rttNewAcknowledge: undefined,
  rttAcknowledgeFinalize: undefined,
  cookies1: NONE_SEEN,
  answers: NONE_SEEN,
  accepted: undefined,
  s1: undefined,
  start: undefined,
  proved: false,
  confirmed: false,
  repeats: 0,
  proof: 0,
  settled: false,
  fromInitiator: undefined,
  fromResponder: undefined,
  handshake: 0,
  told: 0,
  inIds: false,
  inAttempts: false,
  nextById: undefined,
  nextByAttempt: undefined,
  shelf: undefined,
  olderOnShelf: undefined,
  newerOnShelf: undefined,
  waiting: undefined,
  waitsAfter: undefined,
  waitsBefore: undefined,
  deadline: 0,
});
