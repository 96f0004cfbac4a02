import type { Handshake, When } from '../handshake.js';
import type { Joining } from './multipath.js';

/** What a SYN offered. */
export interface Offer {
  readonly hasTimestamps: boolean;
  /** Of the window scale option; −1 without one. */
  readonly scale: number;
  readonly hasSack: boolean;
  readonly wantsEcn: boolean;
}

/** The answer to an earlier SYN between the same ends. */
export interface Earlier {
  readonly row: Handshake;
  readonly x: number;
  readonly y: number;
  /** When it came. */
  readonly when: When;
}

/** What is kept of a handshake of TCP while it goes on. Sequence numbers are those of the wire. */
export interface TcpMemory {
  /** The number of the SYN; undefined where it was not seen. */
  readonly x: number | undefined;
  /** The bytes of data in the SYN. */
  data: number;
  offer: Offer | undefined;
  readonly earlier: Earlier | undefined;
  /** The number of the newest SYN-ACK, and when it came, on the clock that never goes back. */
  y: number | undefined;
  answered: When;
  /** The number behind what the responder was seen to send. */
  sent: number;
  /** A SYN-ACK accepts data that came with the SYN: more may follow before the third message. */
  isFast: boolean;
  /** What the newest SYN-ACK acknowledged instead of the SYN. */
  spurious: number | undefined;
  /** SYN-ACKs since the newest SYN, and that SYN. */
  answers: number;
  asked: number;
  /** A SYN that came from the other side, without an acknowledgement. */
  otherSyn: number | undefined;
  /** The SYN-ACKs of each side of a simultaneous open, a bit each. */
  crossed: number;
  joining: Joining | undefined;
  /** The key of a multipath initiator, where its SYN tells it: in version 0. */
  initiatorKey: Uint8Array | undefined;
}

export const newMemory = (x: number | undefined, when: When, earlier: Earlier | undefined): TcpMemory => ({
  x,
  data: 0,
  offer: undefined,
  earlier,
  y: undefined,
  answered: when,
  sent: 0,
  isFast: false,
  spurious: undefined,
  answers: 0,
  asked: when.clock,
  otherSyn: undefined,
  crossed: 0,
  joining: undefined,
  initiatorKey: undefined,
});

/** What is kept of a row of TCP; undefined once it was let go. */
export const memoryOf = ({ memory }: Handshake): TcpMemory | undefined => memory as TcpMemory | undefined;
