import type { MessagePiece } from '../layer.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { chunkHead, dataChunk, messageChunk, messagePieceChunk } from './layout.js';

/** Types of chunks. Source: RFC 9260, section 3.2; RFC 8260, section 2.1. */
export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const COOKIE_ECHO = 10;
export const I_DATA = 64;
/** The flags of a chunk with data. */
const LAST = 1;
const FIRST = 2;
const UNORDERED = 4;
const WHOLE = FIRST | LAST;

/** Chunks, parameters and causes are padded to words of 4 bytes, which their lengths do not count. */
export const padded = (length: number): number => (length + 3) & ~3;

/** A chunk, and where it ends: without its padding. */
export interface Chunk {
  readonly type: number;
  readonly flags: number;
  readonly at: number;
  readonly end: number;
}

/** The chunk at `at`, or why it cannot be; `lax` in a quoted packet, whose lengths reach beyond what is quoted. */
export function chunkAt(view: DataView, at: number, limit: Limit, lax: boolean): Chunk | Stop {
  if (at + chunkHead.size > limit.captured) {
    return shortOf('sctp.chunk', at, chunkHead.size, limit);
  }
  const { chunk_type, chunk_flags, chunk_length } = chunkHead.fields;
  const type = chunk_type.read(view, at);
  const length = chunk_length.read(view, at);
  const least = (type === DATA ? dataChunk : type === I_DATA ? messageChunk : chunkHead).size;
  if (length < least) return malformed('sctp.chunk_length', at, least, length);
  if (at + length > limit.wire && !lax) return malformed('sctp.chunk_length', at, length, limit.wire - at);
  if (at + least > limit.captured) return shortOf('sctp.chunk', at, least, limit);
  return { type, flags: chunk_flags.read(view, at), at, end: at + length };
}

/** Whether a chunk that holds a message holds all of it. */
export const isWhole = ({ flags }: Chunk): boolean => (flags & WHOLE) === WHOLE;

/**
 * Where in its message a chunk's piece stands.
 * @param association what the packets of its direction share
 */
export function pieceOf(view: DataView, { type, flags, at }: Chunk, association: string): MessagePiece {
  const { data_tsn_raw, data_sid, data_ssn } = dataChunk.fields;
  const unordered = (flags & UNORDERED) !== 0;
  const stream = `${association} ${data_sid.read(view, at)} ${unordered ? 'u' : 'o'}`;
  const ends = { first: (flags & FIRST) !== 0, last: (flags & LAST) !== 0 };
  if (type === I_DATA) {
    const { data_mid, data_fsn } = messagePieceChunk.fields;
    return { key: `${stream} ${data_mid.read(view, at)} m`, number: ends.first ? 0 : data_fsn.read(view, at), ...ends };
  }
  // The sequence number of what is unordered means nothing.
  const key = unordered ? stream : `${stream} ${data_ssn.read(view, at)}`;
  return { key, number: data_tsn_raw.read(view, at), ...ends };
}

/** Where the message in a chunk starts, or a piece of one; 0 where it holds none. */
export function messageStart({ type, at }: Chunk): number {
  if (type === DATA) return at + dataChunk.size;
  return type === I_DATA ? at + messageChunk.size : 0;
}

/** The payload protocol of a chunk that holds a message; later pieces in I-DATA do not tell it. */
export const payloadProtocol = (view: DataView, { type, at }: Chunk): number =>
  (type === DATA ? dataChunk : messageChunk).fields.data_payload_proto_id.read(view, at);
