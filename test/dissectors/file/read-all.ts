import { detect, readerOf } from '../../../dissectors/file/detect.js';
import type { CaptureEvents } from '../../../dissectors/file/events.js';
import type { PcapReaderOptions } from '../../../dissectors/file/pcap-reader.js';
import { type CaptureInterface, type Damage, RecordBatch } from '../../../dissectors/file/records.js';
import { hexOf, viewOf } from '../../../dissectors/wire/view.js';

/** A packet as tests read it. */
export interface Row {
  readonly bytes: string;
  readonly captured: number;
  readonly wire: number;
  readonly time: readonly [seconds: number, nanos: number];
  readonly from: number;
}

export interface Found {
  readonly rows: readonly Row[];
  readonly damage: Damage | undefined;
  readonly log: CaptureEvents;
  readonly interfaces: readonly CaptureInterface[];
}

export const rowsOf = (view: DataView, records: RecordBatch): Row[] =>
  Array.from({ length: records.count }, (_, row) => {
    const at = records.at[row] ?? 0;
    const captured = records.captured[row] ?? 0;
    return {
      bytes: hexOf(view, at, at + captured),
      captured,
      wire: records.wire[row] ?? 0,
      time: [records.seconds[row] ?? 0, records.nanos[row] ?? 0] as const,
      from: records.interfaceId[row] ?? 0,
    };
  });

/**
 * Reads a whole file that comes in pieces, as from a pipe that is cut at `cuts`. What was consumed is taken away, so
 * nothing can be read twice.
 */
export function readAll(file: Uint8Array, cuts: readonly number[] = [], options: PcapReaderOptions = {}): Found {
  const kind = detect(viewOf(file), 0, file.length);
  const reader = readerOf(kind === 'pcap' ? 'pcap' : 'pcapng', options);
  const batch = new RecordBatch(1);
  const rows: Row[] = [];
  let from = 0;
  let damage: Damage | undefined;
  for (const end of [...cuts.toSorted((a, b) => a - b), file.length]) {
    for (let need = 0; need === 0 && damage === undefined; ) {
      // Not at offset 0, so that an offset that was forgotten shows.
      // The reader passes over what lies before `from`.
      if (from > end) break;
      const piece = new Uint8Array(3 + end - from);
      piece.set(file.subarray(from, end), 3);
      const view = viewOf(piece);
      const result = reader.read(view, 3, piece.length, batch);
      rows.push(...rowsOf(view, batch));
      from += result.consumed - 3;
      need = result.need;
      damage = result.damage;
    }
  }
  return { rows, damage: damage ?? reader.end(file.length - from), log: reader.log, interfaces: reader.interfaces };
}
