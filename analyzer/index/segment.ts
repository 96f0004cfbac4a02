import { type Columns, columnsOver, ROW_BYTES, SEGMENT_ROWS } from './columns.js';
import { IntReader } from './ints.js';

const PLACE_BITS = 15;
/** Bytes of a chunk of a pool; a packet whose facts need more has a chunk of its own. */
export const CHUNK_BYTES = 1 << PLACE_BITS;

/**
 * A run of packets in bytes that all threads share: one writes them, then tells the others how many there are. Facts of
 * packets that have more than the columns hold are in a pool, in chunks; those of one packet never straddle two.
 */
export class Segment {
  readonly buffer: SharedArrayBuffer;
  readonly columns: Columns;
  readonly chunks: Uint8Array[] = [];

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.columns = columnsOver(buffer, SEGMENT_ROWS);
  }

  /** Reads the facts of a row; undefined where it has no more than its columns. */
  factsOf(row: number): IntReader | undefined {
    const place = (this.columns.facts[row] ?? 0) - 1;
    const chunk = place < 0 ? undefined : this.chunks[place >>> PLACE_BITS];
    return chunk && new IntReader(chunk, place & (CHUNK_BYTES - 1));
  }
}

/** What the column `facts` says of facts that begin at `at` in a chunk. */
export const factsPlace = (chunk: number, at: number): number => chunk * CHUNK_BYTES + at + 1;

export const newSegmentBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(SEGMENT_ROWS * ROW_BYTES);
