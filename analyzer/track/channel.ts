import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { CookieStatus } from './cookies.js';
import type { Numbers } from './numbers.js';
import type { Peer } from './peers.js';

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

/** What one direction of a channel has carried. */
export interface Direction {
  /** Packets on the channel itself, and their bytes by the packet size; handshakes travel on the default channel. */
  packets: number;
  bytes: number;
  /** Packets with DATA, and the bytes of their DATA. */
  dataPackets: number;
  dataBytes: number;
  duplicates: number;
  /** Numbers not seen, though later ones were. */
  lost: number;
  reordered: number;
  resent: number;
  /** The last packet of this direction that touched the channel, from 1; 0 for none. */
  last: number;
  /** The packet with a CHANNEL_CLOSE, and its number and reason. */
  closed: { readonly packet: number; readonly sequence: number; readonly reason: number } | undefined;
  numbers: Numbers | undefined;
}

export const newDirection = (): Direction => ({
  packets: 0,
  bytes: 0,
  dataPackets: 0,
  dataBytes: 0,
  duplicates: 0,
  lost: 0,
  reordered: 0,
  resent: 0,
  last: 0,
  closed: undefined,
  numbers: undefined,
});

/** A cookie as seen, kept to compare and to judge only once. */
export interface SeenCookie {
  /** One character a byte: a string is a fraction of what a typed array takes. */
  readonly text: string;
  readonly packet: number;
  /** Which secret yields it, by its place in the list; −1 for none known. */
  readonly secret: number;
}

/** An answer to an attempt: the responder's half that it gives, and the cookie that proves it. */
export interface Answer {
  readonly c2: number;
  readonly cookie2: SeenCookie | undefined;
  /** Seconds since the first packet of the capture. */
  readonly time: number;
  readonly packet: number;
  /** `seqno`: where the responder's numbers start. */
  readonly s2: number | undefined;
}

/** One channel, or an attempt to open one. Times are in seconds since the first packet of the capture. */
export interface Channel {
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
  /** Packets, from 1. */
  readonly first: number;
  last: number;
  /** The newest packets with each message; 0 for none. */
  newPacket: number;
  acknowledgePacket: number;
  finalizePacket: number;
  newTime: number | undefined;
  acknowledgeTime: number | undefined;
  /** Round trips in seconds. */
  rttNewAcknowledge: number | undefined;
  rttAcknowledgeFinalize: number | undefined;
  /** The cookies of CHANNEL_NEW, newest last: two where a secret was replaced meanwhile. */
  cookies1: SeenCookie[];
  answers: Answer[];
  /** `seqno`: where the initiator's numbers start. */
  s1: number | undefined;
  /** Whether a packet on it not led by COOKIE shows that the responder has confirmed it. */
  confirmed: boolean;
  /** FINALIZEs seen. */
  finalizes: number;
  /** Which peers have shown that they take part: bit 0 the initiator (beyond NEW), bit 1 the responder. */
  proof: number;
  forgotten: boolean;
  /** When the attempt fails unless something comes of it. */
  deadline: number;
  fromInitiator: Direction | undefined;
  fromResponder: Direction | undefined;
  /** Chains of the tables that find it, and the hashes it is found by. */
  nextById: Channel | undefined;
  nextByAttempt: Channel | undefined;
  idHash: number | undefined;
  attemptHash: number | undefined;
}

/** The id of a channel as text: `c1 ‖ c2`, or `c1` alone while the other half is not known. */
export const channelIdText = (c1: number, c2: number | undefined): string =>
  c1.toString(16).padStart(4, '0') + (c2 === undefined ? '' : c2.toString(16).padStart(4, '0'));

/** Whether an attempt still waits for its answer or its proof. */
export const isPending = ({ state }: Channel): boolean => state === 'new' || state === 'acknowledged';

/** Whether a channel has ended, one way or the other. */
export const isEnded = ({ state }: Channel): boolean => state === 'closed' || state === 'refused';

/** A new channel, without its number. */
export const newChannel = (
  dialect: Dialect,
  initiator: Peer,
  responder: Peer,
  c1: number,
  state: State,
  packet: number,
): Omit<Channel, 'number'> => ({
  dialect,
  initiator,
  responder,
  c1,
  c2: undefined,
  state,
  rolesKnown: true,
  caps: undefined,
  cookie1Status: undefined,
  cookie2Status: undefined,
  first: packet,
  last: packet,
  newPacket: 0,
  acknowledgePacket: 0,
  finalizePacket: 0,
  newTime: undefined,
  acknowledgeTime: undefined,
  rttNewAcknowledge: undefined,
  rttAcknowledgeFinalize: undefined,
  cookies1: [],
  answers: [],
  s1: undefined,
  confirmed: false,
  finalizes: 0,
  proof: 0,
  forgotten: false,
  deadline: Number.POSITIVE_INFINITY,
  fromInitiator: undefined,
  fromResponder: undefined,
  nextById: undefined,
  nextByAttempt: undefined,
  idHash: undefined,
  attemptHash: undefined,
});
