import type { Handshake } from '../handshake.js';
import type { WgPeer } from './keys.js';

/** A message that a cookie reply may answer. */
export interface Provoking {
  readonly index: number;
  readonly fromInitiator: boolean;
  readonly mac1: Uint8Array;
}

/** A cookie that one side was given. */
export interface HeldCookie {
  /** Its 16 bytes, where the reply could be opened. */
  readonly bytes: Uint8Array | undefined;
  /** When it came, in seconds on the clock of timeouts. */
  readonly at: number;
}

/** What a WireGuard handshake keeps while it goes on. */
export interface WgMemory {
  /** The last messages that a cookie reply may answer. */
  readonly provoking: Provoking[];
  /** Who the initiation was made for, and whom it is from. */
  responder: WgPeer | undefined;
  initiatorKey: Uint8Array | undefined;
  initiatorPeer: WgPeer | undefined;
  /** Initiations whose mac1 is for none of the known keys, and whether any mac1 was for one of them. */
  isForNobody: boolean;
  isForSomebody: boolean;
  /** The cookies of both sides. */
  ofInitiator: HeldCookie | undefined;
  ofResponder: HeldCookie | undefined;
  /** Answers, and cookie replies. */
  answers: number;
  replies: number;
  /** The initiation that was returned with a cookie was wrong, or had none. */
  isCookieLacking: boolean;
  /** The time that the initiator told is not later than one that it told before. */
  isOld: boolean;
  /** The index that the responder chose last. */
  responderIndex: number;
}

/** Attempts of which a late cookie reply can still be told to be one. */
const MOST_PROVOKING = 4;

const newMemory = (): WgMemory => ({
  provoking: [],
  responder: undefined,
  initiatorKey: undefined,
  initiatorPeer: undefined,
  isForNobody: false,
  isForSomebody: false,
  ofInitiator: undefined,
  ofResponder: undefined,
  answers: 0,
  replies: 0,
  isCookieLacking: false,
  isOld: false,
  responderIndex: -1,
});

/** What a row keeps, from its first message on: only this kind puts it there. */
export function memoryOf(row: Handshake): WgMemory {
  row.memory ??= newMemory();
  return row.memory as WgMemory;
}

/** Keeps a message for cookie replies. */
export function keepProvoking({ provoking }: WgMemory, message: Provoking): void {
  if (provoking.length >= MOST_PROVOKING) provoking.shift();
  provoking.push(message);
}
