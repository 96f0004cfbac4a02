import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { joinAck, joinSyn, joinSynAck, multipathStart, SUBTYPES } from '../../../dissectors/tcp/multipath.js';
import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { concatenated, slice, toHex } from '../../../dissectors/wire/view.js';
import type { ProofStatus } from '../handshake.js';
import type { Segment } from './segment.js';

/** Connections whose keys are kept, the newest: each has two tokens. */
const MOST_CONNECTIONS = 16_384;
const KEY_SIZE = 8;
/** Where an option of MP_CAPABLE has its keys. Source: RFC 8684, section 3.1. */
const FIRST_KEY = 4;
const SECOND_KEY = FIRST_KEY + KEY_SIZE;

const subtypeField = multipathStart.fields['options.mptcp.subtype'];

/** The keys of a connection as one of its ends sees them. */
interface Keys {
  readonly version: number;
  readonly own: Uint8Array;
  readonly other: Uint8Array;
  /** The row of its first subflow. */
  readonly row: number;
}

/** What a subflow that joins a connection has shown so far. */
export interface Joining {
  readonly token: number;
  /** Of the side that joins, and of the one that is joined, as 4 bytes. */
  readonly random: Uint8Array;
  answer: Uint8Array | undefined;
  readonly keys: Keys | undefined;
}

/** The subtype of the option of a segment; undefined without one. */
export const subtypeOf = ({ view, multipathAt }: Segment): number | undefined =>
  multipathAt < 0 ? undefined : subtypeField.read(view, multipathAt);

/** What MP_CAPABLE tells of keys: those of both sides stand in the third message, each its own in the first of version 0. */
export interface Announced {
  readonly version: number;
  readonly sender: Uint8Array | undefined;
  readonly receiver: Uint8Array | undefined;
}

/** The keys of an option MP_CAPABLE. Sources: RFC 8684, section 3.1; RFC 6824, section 3.1. */
export function announced({ view, multipathAt: at, multipathLength: length }: Segment): Announced {
  const key = (start: number) =>
    length >= start + KEY_SIZE ? slice(view, at + start, at + start + KEY_SIZE) : undefined;
  return { version: view.getUint8(at + 2) & 0x0f, sender: key(FIRST_KEY), receiver: key(SECOND_KEY) };
}

/** The token of the side that has a key. Sources: RFC 8684, section 3.2; RFC 6824, section 3.2. */
export function tokenOf(key: Uint8Array, version: number): number {
  const digest = version === 0 ? sha1(key) : sha256(key);
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** The HMAC by which a side shows that it knows both keys: with its own key and number first. */
const proofOf = (version: number, keys: readonly Uint8Array[], randoms: readonly Uint8Array[]): Uint8Array =>
  hmac(version === 0 ? sha1 : sha256, concatenated(keys), concatenated(randoms));

/** Ties subflows to their connections, and judges how they prove that they belong there. Bounded. */
export class Multipath {
  /** By the token of the side that is joined; the oldest first. */
  private readonly byToken = new Map<number, Keys>();

  /** The keys of a connection are known. @param initiator the key of who opened it */
  learn(row: number, version: number, initiator: Uint8Array, responder: Uint8Array): void {
    this.keep(tokenOf(responder, version), { version, own: initiator, other: responder, row });
    this.keep(tokenOf(initiator, version), { version, own: responder, other: initiator, row });
  }

  /** Reads the option of a SYN that joins. */
  begin({ view, multipathAt: at, multipathLength }: Segment): Joining | undefined {
    if (multipathLength < joinSyn.size) return undefined;
    const token = joinSyn.fields['options.mptcp.recvtok'].read(view, at);
    const start = at + joinSyn.fields['options.mptcp.sendrand'].offset;
    return { token, random: slice(view, start, start + 4), answer: undefined, keys: this.byToken.get(token) };
  }

  /** Judges the answer to it. */
  answer(joining: Joining, { view, multipathAt: at, multipathLength }: Segment): ProofStatus {
    if (multipathLength < joinSynAck.size) return 'unknown';
    const { keys, random } = joining;
    const { 'options.mptcp.sendrand': number, 'options.mptcp.sendtrunchmac': mac } = joinSynAck.fields;
    joining.answer = slice(view, at + number.offset, at + number.offset + 4);
    if (!keys) return 'unknown';
    const proof = proofOf(keys.version, [keys.other, keys.own], [joining.answer, random]);
    return isStart(slice(view, at + mac.offset, at + mac.offset + 8), proof);
  }

  /** Judges the third message. */
  finish({ keys, random, answer }: Joining, { view, multipathAt: at, multipathLength }: Segment): ProofStatus {
    if (!keys || !answer || multipathLength < joinAck.size) return 'unknown';
    const start = at + joinAck.fields['options.mptcp.sendhmac'].offset;
    const proof = proofOf(keys.version, [keys.own, keys.other], [random, answer]);
    return isStart(slice(view, start, start + 20), proof);
  }

  private keep(token: number, keys: Keys): void {
    this.byToken.delete(token);
    this.byToken.set(token, keys);
    dropOldest(this.byToken, 2 * MOST_CONNECTIONS);
  }
}

const isStart = (found: Uint8Array, proof: Uint8Array): ProofStatus =>
  toHex(found) === toHex(proof.subarray(0, found.length)) ? 'valid' : 'invalid';

/** Whether a segment of this subtype joins a connection. */
export const joins = (subtype: number | undefined): boolean => subtype === SUBTYPES.join;
