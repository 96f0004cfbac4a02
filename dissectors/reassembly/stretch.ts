import type { Piece } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import type { Remark, StreamPacket } from './answers.js';
import { Head } from './head.js';
import type { PduCutter } from './pdus.js';
import { cutPieces } from './pieces.js';
import type { WaitingSegment } from './segments.js';
import type { Cut, Cutter } from './stream.js';

/** What a segment brings to light, while it is worked out. */
export interface Found {
  readonly packets: StreamPacket[];
  readonly remarks: Remark[];
}

/** A segment that has bytes: `[at, limit.captured)` of a view. */
export interface Coming {
  /** The number of its first byte. */
  readonly sequence: number;
  readonly view: DataView;
  readonly at: number;
  readonly limit: Limit;
  readonly pieces: readonly Piece[];
}

/** Bytes of a direction without a gap between them, all of which have been searched for packets. */
export interface Stretch {
  /** The number of the first byte, and the one after the last. */
  from: number;
  next: number;
  cutter: Cutter;
  /** Closed from the start where nothing can come before the first byte. */
  head: Head;
  /** What cuts the bytes into PDUs: the last stretch of a direction alone has it. */
  pdus: PduCutter | undefined;
}

export const stretchAt = (sequence: number, cutter: Cutter, pdus?: PduCutter): Stretch => ({
  from: sequence,
  next: sequence,
  cutter,
  head: new Head(),
  pdus,
});

/** What a stretch keeps in case bytes before or behind it come late. */
export const lateBytesOf = ({ head, cutter }: Stretch, isLast: boolean): number =>
  head.length + (isLast ? 0 : cutter.waiting);

/** Adds the bytes `[first, last)` of a segment, which follow in order: what is found in them lies in the segment. */
export function extend(stretch: Stretch, coming: Coming, first: number, last: number, found: Found): void {
  const { sequence, view, at, limit, pieces } = coming;
  const start = Math.min(at + first, limit.captured);
  const end = Math.min(at + last, limit.captured);
  // Bytes that came before are not missing again where the capture cut this segment short of them.
  const missing = at + last - Math.max(end, at + first);
  const own = cutPieces(pieces, start - at, end - start);
  const cut = feed(stretch, own, view, start, { captured: end, wire: end + missing }, found);
  stretch.next = (sequence + last) >>> 0;
  const skipped = start - at;
  for (const packet of cut.packets) {
    found.packets.push(packet.source ? packet : { ...packet, at: packet.at + skipped });
  }
  noteGarbage(cut, found);
}

/** Adds a segment that has waited, without its first bytes, so many, that were added before. */
export function extendBy(stretch: Stretch, segment: WaitingSegment, known: number, found: Found): void {
  const { sequence, bytes, wire, pieces } = segment;
  const start = Math.min(bytes.length, known);
  const missing = wire - Math.max(bytes.length, known);
  const own = cutPieces(pieces, start, bytes.length - start);
  const limit = { captured: bytes.length, wire: bytes.length + missing };
  const cut = feed(stretch, own, viewOf(bytes), start, limit, found);
  stretch.next = (sequence + wire) >>> 0;
  noteEarlier(cut, bytes.subarray(start), own, found);
}

/**
 * Joins a stretch with the one that it has reached.
 * @returns both in one
 */
export function join(own: Stretch, next: Stretch, found: Found): Stretch {
  const { head } = next;
  const bytes = head.content;
  const pieces = [...head.pieces];
  const before = own.head.length;
  if (own.cutter.waiting > 0 && bytes.length > 0 && own.cutter.affords(bytes.length)) {
    const cut = own.cutter.feed(pieces, viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length });
    noteEarlier(cut, bytes, pieces, found);
    own.head.add(bytes, pieces, own.cutter.lead);
    // A search that found nothing in the same bytes knows less.
    if (!head.closed) return { ...own, next: next.next, pdus: next.pdus };
  } else {
    own.head.add(bytes, pieces, undefined);
    own.head.base = before + head.base;
  }
  const hidden = own.cutter.finish();
  if (hidden.packets.length > 0) own.head.drop();
  merge(hidden, found);
  own.head.closed ||= head.closed;
  return { ...next, from: own.from, head: own.head };
}

function feed(stretch: Stretch, pieces: readonly Piece[], view: DataView, at: number, limit: Limit, found: Found): Cut {
  const { cutter, head, pdus } = stretch;
  const cut = cutter.feed(pieces, view, at, limit);
  if (!head.closed) {
    head.add(slice(view, at, limit.captured), pieces, cutter.lead);
    // What the capture did not keep ends what can be put together.
    head.closed ||= limit.captured < limit.wire;
  }
  if (!pdus) return cut;
  if (cutter.found) {
    pdus.turnOff();
    return cut;
  }
  // A channel packet may start here: all of these bytes wait for the rest of it.
  const mayBeChannel = cutter.waiting >= limit.captured - at;
  const { packets, lost } = pdus.feed(pieces, view, at, limit, mayBeChannel);
  if (lost > 0) found.remarks.push({ code: 'stream-unknown', given: [lost] });
  return packets.length === 0 ? cut : { packets, garbage: cut.garbage };
}

/** Notes what was found in bytes of earlier packets: it lies in sources of its own. */
function noteEarlier(cut: Cut, bytes: Uint8Array, pieces: readonly Piece[], found: Found): void {
  for (const packet of cut.packets) {
    if (packet.source) {
      found.packets.push(packet);
      continue;
    }
    const { at, captured } = packet;
    const view = viewOf(bytes.slice(at, at + captured));
    const source = { name: 'Earlier segment', view, pieces: cutPieces(pieces, at, captured) };
    found.packets.push({ ...packet, source, at: 0 });
  }
  noteGarbage(cut, found);
}

export function merge(cut: Cut, found: Found): void {
  for (const packet of cut.packets) found.packets.push(packet);
  noteGarbage(cut, found);
}

function noteGarbage({ garbage }: Cut, found: Found): void {
  for (const passed of garbage) found.remarks.push({ code: 'stream-garbage', given: [passed] });
}
