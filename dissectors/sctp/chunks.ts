import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { chunkHead, dataChunk, messageChunk } from './layout.js';

/** Types of chunks. Source: RFC 9260, section 3.2; RFC 8260, section 2.1. */
export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const COOKIE_ECHO = 10;
export const I_DATA = 64;
/** Both bits of a chunk that holds a whole message: its first piece and its last. */
const WHOLE = 3;

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

/** Where the message in a chunk starts, or 0 where it holds none, or only a piece of one. */
export function messageStart({ type, flags, at }: Chunk): number {
  if ((flags & WHOLE) !== WHOLE) return 0;
  if (type === DATA) return at + dataChunk.size;
  return type === I_DATA ? at + messageChunk.size : 0;
}

/** The payload protocol of a chunk that holds a whole message. */
export const payloadProtocol = (view: DataView, { type, at }: Chunk): number =>
  (type === DATA ? dataChunk : messageChunk).fields.data_payload_proto_id.read(view, at);
