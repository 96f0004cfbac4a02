import { viewOf } from '../wire/view.js';
import { ENHANCED_PACKET, padded } from './pcapng-blocks.js';
import type { RecordBatch } from './records.js';

/** Of a block without options: all but the packet. */
const AROUND = 32;
const NANOS = 1e9;
const SPLIT = 0x10000;

/**
 * All packets of a batch as blocks of a little-endian section, with times in nanoseconds, in one piece. Times are those
 * of captures that run now: from 1970 to 2106.
 * Source: draft-ietf-opsawg-pcapng, "Enhanced Packet Block".
 *
 * @param view what the batch was read from
 */
export function enhancedPackets(view: DataView, records: RecordBatch, interfaceId: number): Uint8Array {
  const { count } = records;
  let size = 0;
  for (let row = 0; row < count; row++) size += AROUND + padded(records.captured[row] ?? 0);
  const bytes = new Uint8Array(size);
  const out = viewOf(bytes);
  const from = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const start = records.at[row] ?? 0;
    const captured = records.captured[row] ?? 0;
    const length = AROUND + padded(captured);
    out.setUint32(at, ENHANCED_PACKET, true);
    out.setUint32(at + 4, length, true);
    out.setUint32(at + 8, interfaceId, true);
    setNanoseconds(out, at + 12, records.seconds[row] ?? 0, records.nanos[row] ?? 0);
    out.setUint32(at + 20, captured, true);
    out.setUint32(at + 24, records.wire[row] ?? 0, true);
    bytes.set(from.subarray(start, start + captured), at + 28);
    out.setUint32(at + length - 4, length, true);
    at += length;
  }
  return bytes;
}

/** A time in nanoseconds, its upper half first. In halves of the seconds, for the product is too large for a number. */
function setNanoseconds(view: DataView, at: number, seconds: number, nanos: number): void {
  const high = Math.floor(seconds / SPLIT) * NANOS;
  const low = (seconds % SPLIT) * NANOS + nanos;
  // The time is high * 2^16 + low.
  const lower = (high % SPLIT) * SPLIT + (low % 2 ** 32);
  view.setUint32(at, Math.floor(high / SPLIT) + Math.floor(low / 2 ** 32) + Math.floor(lower / 2 ** 32), true);
  view.setUint32(at + 4, lower % 2 ** 32, true);
}
