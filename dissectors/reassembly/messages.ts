import type { MessagePiece, Piece, Source } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import type { Defragmented, Remark } from './answers.js';

/** How much may wait for the rest of its message; the message goes first whose last piece came longest ago. */
export interface MessageBounds {
  /** Streams and messages that are waited for, each with all its pieces. */
  readonly groups: number;
  /** Of all that waits, in bytes, with `OVERHEAD` for each piece. */
  readonly bytes: number;
  /** Of one group. */
  readonly pieces: number;
}

export const MESSAGE_BOUNDS: MessageBounds = { groups: 4096, bytes: 32 * 1024 * 1024, pieces: 8192 };

/** What a piece weighs besides its bytes: pieces may be of one byte. */
const OVERHEAD = 512;

/** Pieces whose numbers follow each other, of one message. */
interface Run {
  first: number;
  last: number;
  /** In bytes. */
  length: number;
  /** Whether it has the first piece of the message, and the last one. */
  begins: boolean;
  ends: boolean;
}

interface Held {
  readonly bytes: Uint8Array;
  readonly pieces: readonly Piece[];
}

/** Pieces that may belong together. */
interface Group {
  /** By their numbers. */
  readonly held: Map<number, Held>;
  /** By the numbers of their first pieces, and by those of their last. */
  readonly byFirst: Map<number, Run>;
  readonly byLast: Map<number, Run>;
  weight: number;
}

const NO_REMARKS: readonly Remark[] = [];
const NOTHING: Defragmented = { remarks: NO_REMARKS };
const CONFLICT: Defragmented = { remarks: [{ code: 'fragment-conflict', given: [] }] };

const after = (number: number): number => (number + 1) >>> 0;
const before = (number: number): number => (number - 1) >>> 0;

/**
 * Pieces of SCTP messages waiting for the rest of them. Those of a message have numbers that follow each other, from the
 * one that is marked as the first to the one that is marked as the last. Bounded.
 * Source: RFC 9260, section 6.9 "Fragmentation and Reassembly"; RFC 8260, section 2.2.
 */
export class Messages {
  /** Groups given up to stay within bounds. */
  forgotten = 0;
  private readonly waiting = new Map<string, Group>();
  private readonly bounds: MessageBounds;
  private weight = 0;

  constructor(bounds: MessageBounds = MESSAGE_BOUNDS) {
    this.bounds = bounds;
  }

  /** Adds the piece `[at, limit.captured)` of a view; returns the whole message when this piece completes it. */
  add(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, piece: MessagePiece): Defragmented {
    // A piece that the capture cut leaves a hole that nothing can fill.
    if (limit.captured < limit.wire) return NOTHING;
    const { key, number } = piece;
    const group = this.groupOf(key);
    const bytes = slice(view, at, limit.captured);
    const same = group.held.get(number);
    if (same) return isEqual(same.bytes, bytes) ? NOTHING : CONFLICT;
    group.held.set(number, { bytes: bytes.slice(), pieces });
    this.weigh(group, bytes.length + OVERHEAD);
    const run = joined(group, piece, bytes.length);
    if (run.begins && run.ends) {
      const source = this.take(group, run);
      if (group.held.size === 0) this.waiting.delete(key);
      return { source, remarks: NO_REMARKS };
    }
    if (group.held.size > this.bounds.pieces) this.giveUp(key, group);
    this.shrink();
    return NOTHING;
  }

  /** The group of a key; the one that was added to last comes last. */
  private groupOf(key: string): Group {
    const group = this.waiting.get(key) ?? { held: new Map(), byFirst: new Map(), byLast: new Map(), weight: 0 };
    this.waiting.delete(key);
    this.waiting.set(key, group);
    return group;
  }

  /** Takes the pieces of a run that is whole out of its group, in order. */
  private take(group: Group, { first, last, length }: Run): Source {
    const whole = new Uint8Array(length);
    const pieces: Piece[] = [];
    let filled = 0;
    for (let number = first; ; number = after(number)) {
      const held = group.held.get(number);
      group.held.delete(number);
      if (held) {
        whole.set(held.bytes, filled);
        filled += held.bytes.length;
        pieces.push(...held.pieces);
        this.weigh(group, -held.bytes.length - OVERHEAD);
      }
      if (number === last) break;
    }
    group.byFirst.delete(first);
    group.byLast.delete(last);
    return { name: 'Reassembled message', view: viewOf(whole), pieces };
  }

  private weigh(group: Group, bytes: number): void {
    group.weight += bytes;
    this.weight += bytes;
  }

  private giveUp(key: string, group: Group): void {
    this.waiting.delete(key);
    this.weight -= group.weight;
    this.forgotten++;
  }

  private shrink(): void {
    while (this.waiting.size > this.bounds.groups || this.weight > this.bounds.bytes) {
      const oldest = this.waiting.entries().next().value;
      if (!oldest) return;
      this.giveUp(...oldest);
    }
  }
}

/** Joins a piece with the runs on both sides of it, where they are of the same message. */
function joined({ byFirst, byLast }: Group, { number, first, last }: MessagePiece, length: number): Run {
  const run: Run = { first: number, last: number, length, begins: first, ends: last };
  const left = first ? undefined : byLast.get(before(number));
  if (left && !left.ends) {
    byLast.delete(left.last);
    run.first = left.first;
    run.length += left.length;
    run.begins = left.begins;
  }
  const right = last ? undefined : byFirst.get(after(number));
  if (right && !right.begins) {
    byFirst.delete(right.first);
    run.last = right.last;
    run.length += right.length;
    run.ends = right.ends;
  }
  byFirst.set(run.first, run);
  byLast.set(run.last, run);
  return run;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
