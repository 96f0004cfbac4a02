import { NOT_MINE, type PduState } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { chosenVersionOf, readServerHello } from './hello.js';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  HANDSHAKE,
  SERVER_HELLO,
  tlsHandshake,
  tlsRecord,
} from './layout.js';
import { HANDSHAKE_TYPES } from './names.js';
import { agreedVersion, hasChanged, withChange, withClient, withVersion } from './state.js';
import { isNewVersion } from './version.js';

/** The bytes of the head of a record, and of a handshake message. */
export const HEAD = tlsRecord.size;
export const MESSAGE_HEAD = tlsHandshake.size;
const HEARTBEAT = 24;
/** The most bytes that a record may hold: those of a plain one, and what encryption adds. Source: RFC 5246, section 6.2.3. */
const MOST_RECORD = 16_384 + 2048;
/** Handshake messages that are longer are left in their records: no implementation takes one. */
const MOST_MESSAGE = 0x2_0000;

/** Whether the bytes at `at` may be the head of a record, as far as there are any: of SSL 3.0 to TLS 1.3. */
export function mayBeRecord(view: DataView, at: number, end: number): boolean {
  const have = end - at;
  if (have < 1) return true;
  const type = view.getUint8(at);
  if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return false;
  if (have >= 2 && view.getUint8(at + 1) !== 3) return false;
  if (have >= 3 && view.getUint8(at + 2) > 4) return false;
  if (have < HEAD) return true;
  const length = view.getUint16(at + 3);
  // Only records of application data may be empty.
  return length <= MOST_RECORD && (length > 0 || type === APPLICATION_DATA);
}

export const typeAt = (view: DataView, at: number): number => view.getUint8(at);
export const lengthAt = (view: DataView, at: number): number => view.getUint16(at + 3);

/** Whether a record of handshake messages is encrypted; its head is at `at`, and as much of it as `end` allows. */
export function isEncrypted(view: DataView, at: number, end: number, state: PduState): boolean {
  const body = at + HEAD;
  if (body >= end) return false;
  const type = view.getUint8(body);
  if (HANDSHAKE_TYPES[type] === undefined) return true;
  if (!hasChanged(state)) return isTooLong(view, body, end);
  const version = agreedVersion(state);
  if (version !== 0) return !isNewVersion(version);
  // Without the ServerHello: the second ClientHello of TLS 1.3 follows a ChangeCipherSpec that means nothing.
  return type !== CLIENT_HELLO || lengthAt(view, at) !== MESSAGE_HEAD + messageLength(view, body, end);
}

const messageLength = (view: DataView, at: number, end: number): number =>
  at + MESSAGE_HEAD <= end ? (view.getUint8(at + 1) << 16) | view.getUint16(at + 2) : 0;

const isTooLong = (view: DataView, at: number, end: number): boolean => messageLength(view, at, end) > MOST_MESSAGE;

/**
 * How long the records at `at` are together that one handshake message, or several, need; a record of anything else is
 * alone. As `StreamApplication.length` says.
 */
export function recordsLength(
  view: DataView,
  at: number,
  { captured: end, wire }: Limit,
  state: PduState,
): number | typeof NOT_MINE {
  if (!mayBeRecord(view, at, end)) return NOT_MINE;
  if (at + HEAD > end) return -HEAD;
  const first = HEAD + lengthAt(view, at);
  if (typeAt(view, at) !== HANDSHAKE) return first;
  if (at + HEAD === end && end === wire) return -(HEAD + 1);
  if (isEncrypted(view, at, end, state)) return first;
  return handshakeLength(view, at, end, end < wire);
}

/** @param isCut whether the capture kept no more than this */
function handshakeLength(view: DataView, at: number, end: number, isCut: boolean): number {
  const scan = new MessageScan();
  for (let record = at; ; ) {
    const next = record + HEAD + (record + HEAD <= end ? lengthAt(view, record) : 0);
    const isWhole = record + HEAD <= end && next <= end;
    if (record > at && !(mayBeRecord(view, record, end) && (record >= end || typeAt(view, record) === HANDSHAKE))) {
      return record - at;
    }
    if (!isWhole) {
      if (record === at) return next - at;
      return isCut ? Math.max(next, end) - at : -(Math.max(next, record + HEAD + scan.left) - at);
    }
    scan.take(view, record + HEAD, next);
    if (scan.isOver) return next - at;
    record = next;
  }
}

/** Follows the handshake messages in the contents of records, however they are cut. */
class MessageScan {
  /** Bytes of the head of a message that are there, and the length that they tell. */
  private head = 0;
  private length = 0;
  /** Bytes of the message that are still to come. */
  private body = 0;

  /** At least so many bytes are still to come of the message. */
  get left(): number {
    return this.head > 0 && this.head < MESSAGE_HEAD ? MESSAGE_HEAD - this.head : this.body;
  }

  /** Whether no message is begun and not ended, or one that is too long to wait for. */
  get isOver(): boolean {
    return this.left === 0 || this.length > MOST_MESSAGE;
  }

  take(view: DataView, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.body > 0) {
        const taken = Math.min(this.body, end - at);
        this.body -= taken;
        at += taken;
        continue;
      }
      if (this.head === MESSAGE_HEAD) this.head = 0;
      if (this.head === 0) this.length = 0;
      else this.length = this.length * 256 + view.getUint8(at);
      this.head++;
      at++;
      if (this.head === MESSAGE_HEAD) {
        this.body = this.length;
        this.head = 0;
      }
    }
  }
}

/** What a PDU adds to the state of its direction. As `StreamApplication.learn` says. */
export function learn(view: DataView, at: number, end: number, state: PduState): number {
  const { own } = state;
  const type = typeAt(view, at);
  if (type === CHANGE_CIPHER_SPEC) return withChange(own);
  if (type !== HANDSHAKE || isEncrypted(view, at, end, state) || at + HEAD + MESSAGE_HEAD > end) return own;
  const { view: content, at: start, end: stop } = contentOf(view, at, end);
  const message = content.getUint8(start);
  if (message === CLIENT_HELLO) return withClient(own);
  if (message !== SERVER_HELLO) return own;
  const hello = readServerHello(
    content,
    start + MESSAGE_HEAD,
    Math.min(stop, start + MESSAGE_HEAD + messageLength(content, start, stop)),
  );
  return hello ? withVersion(own, chosenVersionOf(hello)) : own;
}

/** A part of the contents of records: where it lies among them, and where it stands in the records. */
export interface ContentPiece {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** The contents of records, without their heads. */
export interface Content {
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
  /** Where they came from, where they are of several records and were put together. */
  readonly pieces: readonly ContentPiece[] | undefined;
}

/** The contents of the records `[at, end)`, of which the last may be cut: in place where it is one record. */
export function contentOf(view: DataView, at: number, end: number): Content {
  const first = at + HEAD + lengthAt(view, at);
  if (first >= end) return { view, at: at + HEAD, end: Math.min(first, end), pieces: undefined };
  const pieces: ContentPiece[] = [];
  let length = 0;
  for (let record = at; record + HEAD <= end; ) {
    const next = Math.min(end, record + HEAD + lengthAt(view, record));
    const size = next - record - HEAD;
    pieces.push({ from: length, to: length + size, at: record + HEAD });
    length += size;
    record = next;
  }
  const bytes = new Uint8Array(length);
  for (const { from, to, at: start } of pieces) {
    bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, to - from), from);
  }
  return { view: new DataView(bytes.buffer), at: 0, end: length, pieces };
}

/** A handshake message in the contents of records. */
export interface Message {
  readonly type: number;
  /** Where its head starts, and how far the message goes, as far as it is there. */
  readonly at: number;
  readonly end: number;
  /** The length that it says its body has. */
  readonly length: number;
}

/** The handshake messages in the contents of records, in their order; the last may be cut. */
export function messagesIn({ view, at, end }: Pick<Content, 'view' | 'at' | 'end'>): readonly Message[] {
  const messages: Message[] = [];
  for (let start = at; start + MESSAGE_HEAD <= end; ) {
    const length = messageLength(view, start, end);
    const stop = Math.min(end, start + MESSAGE_HEAD + length);
    messages.push({ type: view.getUint8(start), at: start, end: stop, length });
    start = stop;
  }
  return messages;
}

/**
 * Whether a ClientHello or ServerHello starts at `at`, as surely as its first bytes can tell: good enough on any port.
 */
export function startsHello(view: DataView, at: number, { captured: end }: Limit): boolean {
  const body = at + HEAD;
  if (body + MESSAGE_HEAD + 2 > end || !mayBeRecord(view, at, end) || typeAt(view, at) !== HANDSHAKE) return false;
  const type = view.getUint8(body);
  if (type !== CLIENT_HELLO && type !== SERVER_HELLO) return false;
  const length = messageLength(view, body, end);
  // The least that a hello has: version, random, and the lengths of the rest.
  if (length < LEAST_HELLO || length > MOST_MESSAGE) return false;
  return view.getUint8(body + MESSAGE_HEAD) === 3 && view.getUint8(body + MESSAGE_HEAD + 1) <= 4;
}
const LEAST_HELLO = 38;

/** Whether a record holds an alert in the clear: encrypted ones are longer. */
export const isPlainAlert = (view: DataView, at: number): boolean =>
  typeAt(view, at) === ALERT && lengthAt(view, at) === 2;
