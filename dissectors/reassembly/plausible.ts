import type { Dialect } from '../channel/dialects.js';
import { ENCRYPTED, ENVELOPE, PAYLOAD, privateHeader, RESERVED_FLAGS } from '../channel/packet.js';
import { readVarint, VARINT_MAX, varintSize } from '../wire/field.js';
import type { Limit } from '../wire/stop.js';

/** Where flags and packet size stand in a packet, and the bytes one must have to read the size. */
const FLAGS_AT = 40;
const SIZE_AT = 42;
export const SIZED = 44;
/** Where the payload size stands. */
const PAYLOAD_SIZE_AT = PAYLOAD - privateHeader.size + privateHeader.fields.payload_size.offset;
/** Messages that are looked at: more would cost much and tell little. */
const LOOK_AT = 8;

/** The size that the packet at `at` claims; its first `SIZED` bytes must be there. */
export const sizeAt = (view: DataView, at: number): number => view.getUint16(at + SIZE_AT);

/** How far the packet at `at` reaches by its own size, where the bytes around it end sooner. */
export function limitOfPacket(view: DataView, at: number, limit: Limit): Limit {
  if (at + SIZED > limit.captured) return limit;
  return { captured: limit.captured, wire: Math.max(limit.wire, at + sizeAt(view, at)) };
}

/**
 * Whether a packet that is not complete looks like one so far: its sizes agree, its reserved flags are unset and its
 * first messages are known. Its first `SIZED` bytes must be there.
 */
export function isPlausible(view: DataView, at: number, end: number, dialect: Dialect): boolean {
  const flags = view.getUint16(at + FLAGS_AT);
  if ((flags & RESERVED_FLAGS) !== 0) return false;
  if ((flags & ENCRYPTED) !== 0 || at + PAYLOAD > end) return true;
  const payloadSize = view.getUint16(at + PAYLOAD_SIZE_AT);
  if (payloadSize > sizeAt(view, at) - ENVELOPE) return false;
  const wire = at + PAYLOAD + payloadSize;
  const captured = Math.min(wire, end);
  let place = at + PAYLOAD;
  for (let count = 0; count < LOOK_AT && place < captured; count++) {
    const typeSize = varintSize(view, place, captured);
    if (typeSize === 0) return isCut(place, captured, wire);
    const kind = dialect.byCode[readVarint(view, place)];
    if (!kind) return false;
    const body = place + typeSize;
    if (kind.body.fixed) {
      place = body + kind.body.size;
    } else {
      // A message that goes on beyond the bytes at hand must still end in its payload.
      const lengthSize = varintSize(view, body, captured);
      if (lengthSize === 0) return isCut(body, captured, wire);
      place = body + lengthSize + readVarint(view, body);
    }
    if (place > wire) return false;
  }
  return true;
}

/** Whether a varint may only lack the bytes that are still to come. */
const isCut = (at: number, captured: number, wire: number): boolean => captured < wire && captured - at < VARINT_MAX;
