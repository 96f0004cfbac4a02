import type { Columns } from './columns.js';
import { SEGMENT_ROWS } from './columns.js';
import type { Ints } from './ints.js';
import type { FreshTerms } from './known-columns.js';
import { type IndexNews, PacketIndex } from './packet-index.js';
import { CHUNK_BYTES, factsPlace, newSegmentBuffer, Segment } from './segment.js';

/** Segments that are kept ready to be written again. */
const MOST_SPARE = 2;

/** Fills the packet list, row by row, and tells what is new. The one writer of the bytes that it shares. */
export class IndexWriter {
  readonly index = new PacketIndex();
  /** Packets that are kept at least; older ones go, a whole segment at a time. */
  private readonly keep: number;
  private current: Segment | undefined;
  private chunk: Uint8Array | undefined;
  private used = 0;
  private segments: { readonly place: number; readonly buffer: SharedArrayBuffer }[] = [];
  private chunks: { readonly place: number; readonly buffer: SharedArrayBuffer }[] = [];
  /** Segments that are forgotten here, but that other threads may still read. */
  private readonly retired: Segment[] = [];
  private readonly spareSegments: SharedArrayBuffer[] = [];
  private readonly spareChunks: SharedArrayBuffer[] = [];

  constructor(keep = Number.POSITIVE_INFINITY) {
    this.keep = keep;
  }

  /** The columns that hold the newest packet. */
  get columns(): Columns {
    return (this.current ?? this.begin()).columns;
  }

  /** Makes room for the next packet; all its columns are 0. @returns its row in `columns` */
  next(): number {
    const row = this.index.length % SEGMENT_ROWS;
    if (row === 0) this.begin();
    this.index.length++;
    return row;
  }

  /** Puts facts of the newest packet into the pool. */
  addFacts(row: number, { bytes, length }: Ints): void {
    const segment = this.current ?? this.begin();
    let { chunk } = this;
    if (chunk === undefined || this.used + length > chunk.length) {
      chunk = this.newChunk(length);
      segment.chunks.push(chunk);
      this.chunks.push({ place: this.index.segments.length - 1, buffer: chunk.buffer as SharedArrayBuffer });
      this.chunk = chunk;
      this.used = 0;
    }
    chunk.set(bytes.subarray(0, length), this.used);
    segment.columns.facts[row] = factsPlace(segment.chunks.length - 1, this.used);
    this.used += length;
  }

  /** What has changed since this was asked last; forgets what is too old before. */
  news({ shapes, addresses }: FreshTerms): IndexNews {
    const { index } = this;
    let { first } = index;
    index.began ??= index.momentOf(1);
    while (index.length - (first + SEGMENT_ROWS) + 1 >= this.keep) first += SEGMENT_ROWS;
    this.retired.push(...index.forgetBefore(first));
    const { segments, chunks } = this;
    this.segments = [];
    this.chunks = [];
    return {
      length: index.length,
      first,
      began: index.began,
      before: index.before,
      segments,
      chunks,
      shapes,
      addresses,
    };
  }

  /** Takes back the oldest segments that were forgotten: no other thread reads them any more. */
  reuse(count: number): void {
    for (const { buffer, chunks } of this.retired.splice(0, count)) {
      if (this.spareSegments.length === MOST_SPARE) continue;
      this.spareSegments.push(buffer);
      for (const { buffer: shared, length } of chunks) {
        if (length === CHUNK_BYTES) this.spareChunks.push(shared as SharedArrayBuffer);
      }
    }
  }

  private begin(): Segment {
    const spare = this.spareSegments.pop();
    if (spare) new Uint8Array(spare).fill(0);
    const buffer = spare ?? newSegmentBuffer();
    this.segments.push({ place: this.index.segments.length, buffer });
    this.current = new Segment(buffer);
    this.index.segments.push(this.current);
    this.chunk = undefined;
    return this.current;
  }

  private newChunk(length: number): Uint8Array {
    if (length > CHUNK_BYTES) return new Uint8Array(new SharedArrayBuffer(length));
    return new Uint8Array(this.spareChunks.pop() ?? new SharedArrayBuffer(CHUNK_BYTES));
  }
}
