import type { Shelved } from '../../dissectors/wire/shelf.js';
import type { Waiter } from './waiting.js';

/** The protocols whose handshakes are followed. Source: the handshake page, part 1. */
export const HANDSHAKE_KINDS = [
  'channel',
  'tcp',
  'sctp',
  'tls',
  'dtls',
  'quic',
  'wireguard',
  'dns',
  'ikev2',
  'pppoe',
  'openvpn',
  'paxos',
  'stun',
  'hip',
] as const;
export type HandshakeKind = (typeof HANDSHAKE_KINDS)[number];

/** How far a handshake has come, in the order in which it goes on; the last two are ways to fail. */
export const HANDSHAKE_STATES = [
  'asked',
  'challenged',
  'echoed',
  'answered',
  'established',
  'refused',
  'timed-out',
] as const;
export type HandshakeState = (typeof HANDSHAKE_STATES)[number];

/** What a returned cookie is worth: as for channels; `forgeable` was visibly made without a key. */
export const RETURNED_STATUSES = ['unknown', 'echo-bad', 'invalid', 'stale', 'forgeable', 'echo-ok', 'valid'] as const;
export type ReturnedStatus = (typeof RETURNED_STATUSES)[number];

/** What a proof beside the cookie is worth: a tag, a MAC, a hash. */
export const PROOF_STATUSES = ['unknown', 'invalid', 'valid'] as const;
export type ProofStatus = (typeof PROOF_STATUSES)[number];

/** Whether the responder keeps nothing before the echo. */
const STATELESS_WORDS = ['unknown', 'no', 'likely', 'yes'] as const;
export type Stateless = (typeof STATELESS_WORDS)[number];

/** One message of a handshake. */
export interface HandshakeMessage {
  readonly packet: number;
  /** In seconds since the first packet of the capture. */
  readonly time: number;
  readonly fromInitiator: boolean;
  /** It was sent before. */
  readonly isResent: boolean;
  /** As its protocol calls it: `SYN-ACK`, `HelloRetryRequest`, `COOKIE ECHO`. */
  readonly name: string;
  /** What is special about it, in a few words: `ack 1001, wanted 1000`. */
  readonly note: string | undefined;
  /** Who sent it to whom, where more than two take part. */
  readonly between: MessageEnds | undefined;
}

/** Who sent a message, and to whom. */
export interface MessageEnds {
  readonly from: string;
  readonly to: string;
}

/** The facts of a kind by name, for people to read: `sni`, `alpn`, names of keys, ages. */
export type HandshakeDetails = Readonly<Record<string, string | number>>;

/**
 * A row of the table of handshakes, of whatever protocol. Kinds set `id`, the verdicts and the round trips; all else changes through `HandshakeTable`. Unless said otherwise, packets are numbers from 1, and times
 * are in seconds since the first packet of the capture.
 */
export interface Handshake extends Shelved<Handshake>, Waiter<Handshake> {
  /** From 1, in the order of the first messages, whatever their kind. */
  readonly number: number;
  readonly kind: HandshakeKind;
  /** The number of the channel that it opens; 0 for other kinds. */
  readonly channel: number;
  /** Address and port as `10.0.0.1:443`; for channels a peer id. */
  readonly initiator: string;
  readonly responder: string;
  /** What tells it from others of its kind. */
  id: string;
  readonly state: HandshakeState;
  cookieStatus: ReturnedStatus | undefined;
  proofStatus: ProofStatus | undefined;
  readonly stateless: Stateless;
  /** What shows whether the responder keeps state, in words. */
  readonly evidence: readonly string[];
  /** First messages, and repeats of any message. */
  readonly attempts: number;
  readonly resent: number;
  readonly first: number;
  readonly last: number;
  readonly begun: number;
  readonly ended: number;
  /** In seconds: first message to challenge, challenge to echo, last message of the initiator to the answer. */
  rttChallenge: number | undefined;
  rttEcho: number | undefined;
  rttAnswer: number | undefined;
  readonly messages: readonly HandshakeMessage[];
  /** Messages beyond those that are kept. */
  readonly unlisted: number;
  /** The outcome, or what is waited for, in one line of plain words: `the SYN was answered by a RST`. */
  readonly reason: string;
  readonly details: HandshakeDetails | undefined;
  /** Findings above `chat` in its packets, and the worst as a place in `SEVERITIES`, −1 for none. */
  readonly findings: number;
  readonly worst: number;
  /** What its kind keeps while it goes on (keys, last challenges); let go when it is settled. */
  memory: object | undefined;
  /** It was dropped to stay within bounds: nothing finds it any more, and changes of it show nowhere. */
  readonly isForgotten: boolean;
}

/** How a handshake stands after a packet that is one of its messages. */
export interface TouchedHandshake {
  readonly number: number;
  readonly kind: HandshakeKind;
  readonly state: HandshakeState;
  readonly cookieStatus: ReturnedStatus | undefined;
  readonly proofStatus: ProofStatus | undefined;
}

/** When something happens to a handshake. */
export interface When {
  /** The number of the packet, from 1. */
  readonly number: number;
  /** In seconds since the first packet of the capture; it may go back. */
  readonly now: number;
  /** The same on the clock of timeouts, which never goes back. */
  readonly clock: number;
}

/** Whether nothing shows yet that the initiator can be reached where it says it is: what a flood is made of. */
export const isHalfOpen = ({ state }: Pick<Handshake, 'state'>): boolean => state === 'asked' || state === 'challenged';

/** Kinds of which the initiator's third message is the last: what follows need not come soon. */
const ENDS_WITH_ECHO: ReadonlySet<HandshakeKind> = new Set(['tcp', 'channel']);

/** Whether a handshake of this kind has reached its aim in this state. */
export const isComplete = ({ kind, state }: Pick<Handshake, 'kind' | 'state'>): boolean =>
  state === 'answered' || state === 'established' || (state === 'echoed' && ENDS_WITH_ECHO.has(kind));

/** Whether a handshake still waits for a message. */
export const isPending = (row: Pick<Handshake, 'kind' | 'state'>): boolean =>
  isHalfOpen(row) || (row.state === 'echoed' && !isComplete(row));
