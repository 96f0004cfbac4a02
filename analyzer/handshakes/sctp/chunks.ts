import type { Layer } from '../../../dissectors/layer.js';
import { padded } from '../../../dissectors/sctp/chunks.js';
import { chunkHead, sctpHeader } from '../../../dissectors/sctp/layout.js';
import { parameterHead } from '../../../dissectors/sctp/parameters.js';
import type { CookieBytes } from './makers.js';

export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const SACK = 3;
export const HEARTBEAT = 4;
export const ABORT = 6;
export const ERROR = 9;
export const COOKIE_ECHO = 10;
export const COOKIE_ACK = 11;
const I_DATA = 64;

/** Parameters and causes that matter here. Source: RFC 9260, sections 3.3.3.1 and 3.3.10.3. */
const STATE_COOKIE = 7;
export const STALE_COOKIE = 3;

/** Chunks of a packet that are looked at: those of a handshake come first. */
const MOST_CHUNKS = 32;
/** Parameters and causes of a chunk that are looked at. */
const MOST_UNITS = 64;

/** A chunk as far as it was captured. */
export interface Part {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** The chunks of the packet in a layer, as far as they make sense. */
export function partsOf(view: DataView, { at, limit }: Layer): readonly Part[] {
  const parts: Part[] = [];
  const { chunk_type, chunk_length } = chunkHead.fields;
  for (let start = at + sctpHeader.size; start + chunkHead.size <= limit.captured && parts.length < MOST_CHUNKS; ) {
    const length = chunk_length.read(view, start);
    if (length < chunkHead.size) break;
    parts.push({ type: chunk_type.read(view, start), at: start, end: Math.min(start + length, limit.captured) });
    start += padded(length);
  }
  return parts;
}

/** The type of the first chunk; −1 without one. Costs nothing: asked of every packet. */
export function firstType(view: DataView, { at, limit }: Layer): number {
  const start = at + sctpHeader.size;
  return start < limit.captured ? view.getUint8(start) : -1;
}

/** Whether a chunk shows that its sender uses the association. */
export const isUse = (type: number): boolean =>
  type === DATA || type === I_DATA || type === SACK || type === HEARTBEAT || type === HEARTBEAT + 1;

/** What INIT and INIT ACK have before their parameters: head, tag, window, streams, sequence number; in bytes. */
export const INIT_SIZE = 20;

/** The state cookie of an INIT ACK, without the head of its parameter. */
export function stateCookie(view: DataView, { at, end }: Part): CookieBytes | undefined {
  const unit = unitOf(view, at + INIT_SIZE, end, STATE_COOKIE);
  return unit < 0 ? undefined : { view, at: unit + parameterHead.size, end: Math.min(unitEnd(view, unit), end) };
}

/** Where the error cause of a code is in an ABORT or ERROR, or −1. */
export const causeAt = (view: DataView, { at, end }: Part, code: number): number =>
  unitOf(view, at + chunkHead.size, end, code);

/** The code of the first cause, or −1. */
export const firstCause = (view: DataView, { at, end }: Part): number =>
  at + chunkHead.size + parameterHead.size <= end ? view.getUint16(at + chunkHead.size) : -1;

const unitEnd = (view: DataView, at: number): number => at + parameterHead.fields.parameter_length.read(view, at);

/** Where the first parameter or cause of a type is in `[start, end)`, or −1. */
function unitOf(view: DataView, start: number, end: number, type: number): number {
  let at = start;
  for (let count = 0; count < MOST_UNITS && at + parameterHead.size <= end; count++) {
    const length = parameterHead.fields.parameter_length.read(view, at);
    if (length < parameterHead.size) return -1;
    if (parameterHead.fields.parameter_type.read(view, at) === type) return at;
    at += padded(length);
  }
  return -1;
}
