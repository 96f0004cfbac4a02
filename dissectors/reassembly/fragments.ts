import type { Fragment, Piece, Source } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import type { Defragmented, Remark } from './answers.js';
import { cutPieces } from './pieces.js';

/** How much may wait for the rest of its datagram; the oldest datagram goes first. */
export interface FragmentBounds {
  readonly datagrams: number;
  /** Of all datagrams together, in bytes. */
  readonly bytes: number;
  /** Of one datagram. */
  readonly fragments: number;
  /** Fragments of one datagram that overlap others: those of honest senders do not. */
  readonly overlaps: number;
}

export const FRAGMENT_BOUNDS: FragmentBounds = {
  datagrams: 4096,
  bytes: 64 * 1024 * 1024,
  fragments: 8192,
  overlaps: 64,
};

/** The longest datagram, in bytes. */
const LONGEST = 65_535;

interface Held {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly pieces: readonly Piece[];
}

interface Datagram {
  /** In the order of their offsets; those of the same offset as they came. */
  readonly held: Held[];
  /** Of all that is held. */
  bytes: number;
  /** Of the longest that is held. */
  longest: number;
  overlaps: number;
  /** The length of the whole payload, once the last fragment is here. */
  length: number | undefined;
}

/** Fragments waiting for the rest of their datagrams. Bounded: strangers send the first fragments of floods. */
export class Fragments {
  /** Datagrams given up to stay within bounds. */
  forgotten = 0;
  private readonly waiting = new Map<string, Datagram>();
  private readonly bounds: FragmentBounds;
  /** Of all that waits. */
  bytes = 0;

  constructor(bounds: FragmentBounds = FRAGMENT_BOUNDS) {
    this.bounds = bounds;
  }

  /** Adds a fragment; returns the whole datagram when this fragment completes it. */
  add(
    pieces: readonly Piece[],
    view: DataView,
    at: number,
    limit: Limit,
    { key, offset, more }: Fragment,
  ): Defragmented {
    // A fragment that the capture cut leaves a hole that nothing can fill.
    if (limit.captured < limit.wire) return NOTHING;
    const datagram = this.waiting.get(key) ?? { held: [], bytes: 0, longest: 0, overlaps: 0, length: undefined };
    const end = offset + limit.wire - at;
    if (end > (datagram.length ?? LONGEST) || (!more && reachOf(datagram) > end)) return TOO_LONG;
    if (!more) datagram.length = end;
    this.waiting.set(key, datagram);
    const remarks = this.hold(datagram, { offset, bytes: slice(view, at, limit.captured), pieces });
    const source = complete(datagram);
    if (source) {
      this.forget(key, datagram);
      return { source, remarks };
    }
    const { overlaps, fragments } = this.bounds;
    if (datagram.overlaps > overlaps || datagram.held.length > fragments) this.giveUp(key, datagram);
    this.shrink();
    return { remarks };
  }

  private hold(datagram: Datagram, fragment: Held): readonly Remark[] {
    const { held } = datagram;
    const others = overlapping(datagram, fragment);
    // The same again adds nothing.
    const again = others.some(
      ({ offset, bytes }) => offset === fragment.offset && bytes.length === fragment.bytes.length,
    );
    const differs = others.some((other) => !agree(other, fragment));
    if (!again || differs) {
      const { length } = fragment.bytes;
      held.splice(placeOf(held, fragment.offset + 1), 0, { ...fragment, bytes: fragment.bytes.slice() });
      datagram.bytes += length;
      datagram.longest = Math.max(datagram.longest, length);
      this.bytes += length;
      if (others.length > 0) datagram.overlaps++;
    }
    if (others.length === 0) return NO_REMARKS;
    return [{ code: differs ? 'fragment-conflict' : 'fragment-overlap', given: [] }];
  }

  private forget(key: string, datagram: Datagram): void {
    this.waiting.delete(key);
    this.bytes -= datagram.bytes;
  }

  private giveUp(key: string, datagram: Datagram): void {
    this.forget(key, datagram);
    this.forgotten++;
  }

  private shrink(): void {
    while (this.waiting.size > this.bounds.datagrams || this.bytes > this.bounds.bytes) {
      const oldest = this.waiting.entries().next().value;
      if (!oldest) return;
      this.giveUp(...oldest);
    }
  }
}

const NO_REMARKS: readonly Remark[] = [];
const NOTHING: Defragmented = { remarks: NO_REMARKS };
const TOO_LONG: Defragmented = { remarks: [{ code: 'fragment-too-long', given: [] }] };

/** Where the first fragment is, in their order, whose offset is not below this. */
function placeOf(held: readonly Held[], offset: number): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle] as Held).offset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function overlapping({ held, longest }: Datagram, { offset, bytes }: Held): readonly Held[] {
  const found: Held[] = [];
  const end = offset + bytes.length;
  for (let place = placeOf(held, offset - longest); place < held.length; place++) {
    const other = held[place] as Held;
    if (other.offset >= end) break;
    if (other.offset + other.bytes.length > offset) found.push(other);
  }
  return found;
}

/** How far the fragments reach. */
function reachOf({ held, longest }: Datagram): number {
  const last = held.at(-1);
  if (!last) return 0;
  let reach = 0;
  for (let place = placeOf(held, last.offset - longest); place < held.length; place++) {
    const { offset, bytes } = held[place] as Held;
    reach = Math.max(reach, offset + bytes.length);
  }
  return reach;
}

/** Whether two overlapping fragments say the same where they overlap. */
function agree(one: Held, other: Held): boolean {
  const start = Math.max(one.offset, other.offset);
  const end = Math.min(one.offset + one.bytes.length, other.offset + other.bytes.length);
  for (let at = start; at < end; at++) {
    if (one.bytes[at - one.offset] !== other.bytes[at - other.offset]) return false;
  }
  return true;
}

/** The whole datagram, if no byte is missing. Where fragments overlap, the one that starts first wins. */
function complete({ held, length, bytes: total }: Datagram): Source | undefined {
  if (length === undefined || total < length) return undefined;
  let reached = 0;
  for (const { offset, bytes } of held) {
    if (offset > reached) return undefined;
    reached = Math.max(reached, offset + bytes.length);
  }
  if (reached < length) return undefined;
  const whole = new Uint8Array(length);
  const pieces: Piece[] = [];
  let filled = 0;
  for (const { offset, bytes, pieces: own } of held) {
    const skip = filled - offset;
    if (skip >= bytes.length) continue;
    whole.set(bytes.subarray(skip), filled);
    pieces.push(...cutPieces(own, skip, bytes.length - skip));
    filled = offset + bytes.length;
  }
  return { name: 'Reassembled datagram', view: viewOf(whole), pieces };
}
