import type { Address } from './addresses.js';
import { type Columns, NO_COLUMNS, SEGMENT_ROWS } from './columns.js';
import { Segment } from './segment.js';
import type { Shape } from './shapes.js';

/** When a packet was captured: seconds since 1970-01-01T00:00:00Z, and nanoseconds on top. */
export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

/** What a packet list has gained and forgotten: what one thread tells another. The bytes are shared, not copied. */
export interface IndexNews {
  /** The number of the newest packet, and of the oldest that is kept. */
  readonly length: number;
  readonly first: number;
  /** When the first packet of all was captured, as far as that is known. */
  readonly began: Moment | undefined;
  /** When the newest packet that was forgotten was captured. */
  readonly before: Moment | undefined;
  /** New segments, by their places. */
  readonly segments: readonly { readonly place: number; readonly buffer: SharedArrayBuffer }[];
  /** New chunks of the pools of segments, in their order. */
  readonly chunks: readonly { readonly place: number; readonly buffer: SharedArrayBuffer }[];
  /** What further numbers in the columns `shape`, `source` and `destination` stand for. */
  readonly shapes: readonly Shape[];
  readonly addresses: readonly Address[];
}

/** Rows of one segment: those of the packets from `base + from` to `base + to - 1`. */
export interface Run {
  readonly segment: Segment;
  readonly columns: Columns;
  /** The number of row 0. */
  readonly base: number;
  readonly from: number;
  readonly to: number;
}

/** The packet list: segments of typed arrays that threads share, nothing for the collector to trace. */
export class PacketIndex {
  /** The number of the newest packet. */
  length = 0;
  /** The number of the oldest packet that is kept. */
  first = 1;
  /** When the first packet of all was captured; known even when it is forgotten. */
  began: Moment | undefined;
  /** When the newest packet that was forgotten was captured. */
  before: Moment | undefined;
  readonly shapes: Shape[] = [];
  readonly addresses: Address[] = [];
  /** By place: segment 0 holds the packets 1 to 65,536. Those that are forgotten are gone. */
  readonly segments: (Segment | undefined)[] = [];

  /** Takes over what another thread has told. */
  apply({ length, first, began, before, segments, chunks, shapes, addresses }: IndexNews): void {
    for (const { place, buffer } of segments) this.segments[place] = new Segment(buffer);
    for (const { place, buffer } of chunks) this.segments[place]?.chunks.push(new Uint8Array(buffer));
    for (const shape of shapes) this.shapes.push(shape);
    for (const address of addresses) this.addresses.push(address);
    this.length = length;
    this.began ??= began ?? this.momentOf(1);
    this.forgetBefore(first);
    this.before ??= before;
  }

  /** Everything, for a thread that knows nothing. */
  everything(): IndexNews {
    const { length, first, began, before, shapes, addresses } = this;
    const held = [...this.segments.entries()].flatMap(([place, segment]) => (segment ? [{ place, segment }] : []));
    return {
      length,
      first,
      began,
      before,
      segments: held.map(({ place, segment: { buffer } }) => ({ place, buffer })),
      chunks: held.flatMap(({ place, segment }) =>
        // Chunks are made of shared bytes alone.
        segment.chunks.map((chunk) => ({ place, buffer: chunk.buffer as SharedArrayBuffer })),
      ),
      shapes,
      addresses,
    };
  }

  /** Lets go of the segments before a packet, which is the first of one. @returns them, oldest first */
  forgetBefore(first: number): readonly Segment[] {
    const gone: Segment[] = [];
    if (first > this.first) this.before = this.momentOf(first - 1);
    for (let place = placeOf(this.first); place < placeOf(first); place++) {
      const segment = this.segments[place];
      if (segment) gone.push(segment);
      this.segments[place] = undefined;
    }
    this.first = first;
    return gone;
  }

  segmentOf(number: number): Segment | undefined {
    return this.segments[placeOf(number)];
  }

  /** The columns that hold a packet, at `rowOf(number)`; columns without rows if it is not there. */
  columnsOf(number: number): Columns {
    return this.segments[placeOf(number)]?.columns ?? NO_COLUMNS;
  }

  /** When a packet was captured; undefined if neither it nor the one after it is there. */
  momentOf(number: number): Moment | undefined {
    if (number > 0 && number === this.first - 1) return this.before;
    if (number < this.first || number > this.length) return undefined;
    const { seconds, nanos } = this.columnsOf(number);
    const row = rowOf(number);
    return { seconds: seconds[row] ?? 0, nanos: nanos[row] ?? 0 };
  }

  /** The rows of the packets from `from` to `to`, both included, as far as they are kept, oldest first. */
  *runs(from: number, to: number): Generator<Run, void, undefined> {
    const end = Math.min(to, this.length);
    for (let number = Math.max(from, this.first); number <= end; ) {
      const place = placeOf(number);
      const base = place * SEGMENT_ROWS + 1;
      const after = Math.min(end + 1, base + SEGMENT_ROWS);
      const segment = this.segments[place];
      if (segment) yield { segment, columns: segment.columns, base, from: number - base, to: after - base };
      number = after;
    }
  }
}

const placeOf = (number: number): number => Math.floor((number - 1) / SEGMENT_ROWS);
/** The row of a packet in its segment. */
export const rowOf = (number: number): number => (number - 1) % SEGMENT_ROWS;
