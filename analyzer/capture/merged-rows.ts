import { RecordBatch } from '../../dissectors/file/records.js';
import { fastBytes } from '../../dissectors/wire/checksum.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { MergedLog } from './merged-log.js';
import type { CaptureBatch } from './record-scanner.js';

/**
 * Bytes of a batch, at most, as of one that is read from a single file: what is at hand together decides how long a gap in a
 * stream is held open. A packet that is longer has a batch of its own.
 */
const BATCH_BYTES = 4 << 20;

/** Packets of several captures on their way into one batch: their bytes are copied, since they come from many buffers. */
export class MergedRows {
  bytes = fastBytes(BATCH_BYTES);
  view = viewOf(this.bytes);
  /** Bytes that are in use. */
  end = 0;
  readonly records = new RecordBatch();

  get count(): number {
    return this.records.count;
  }

  clear(): void {
    this.end = 0;
    this.records.count = 0;
    this.records.timeless.clear();
    this.records.carried.clear();
    if (this.bytes.length === BATCH_BYTES) return;
    this.bytes = fastBytes(BATCH_BYTES);
    this.view = viewOf(this.bytes);
  }

  /**
   * Takes a packet of another batch; false where it has no room before `clear`.
   * @param places the places of the interfaces of its capture among those of all
   */
  take({ view, records: from }: CaptureBatch, row: number, places: readonly number[]): boolean {
    const { records } = this;
    const size = from.captured[row] as number;
    const place = records.count;
    if (place >= records.capacity && !records.grow()) return false;
    if (this.end + size > this.bytes.length && !this.#grows(size)) return false;
    this.bytes.set(new Uint8Array(view.buffer, view.byteOffset + (from.at[row] as number), size), this.end);
    records.at[place] = this.end;
    records.captured[place] = size;
    records.wire[place] = from.wire[row] as number;
    records.seconds[place] = from.seconds[row] as number;
    records.nanos[place] = from.nanos[row] as number;
    records.interfaceId[place] = MergedLog.placeOf(places, from.interfaceId[row] as number);
    if (from.timeless.size > 0 && from.timeless.has(row)) records.timeless.add(place);
    const carried = from.carried.size > 0 ? from.carried.get(row) : undefined;
    if (carried !== undefined) records.carried.set(place, carried);
    records.count++;
    this.end += size;
    return true;
  }

  /** Makes room for one packet that is longer than a batch. */
  #grows(size: number): boolean {
    if (this.records.count > 0 || size <= this.bytes.length) return false;
    this.bytes = fastBytes(size);
    this.view = viewOf(this.bytes);
    return true;
  }
}
