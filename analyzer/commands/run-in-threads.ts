import type { RecordBatch } from '../../dissectors/file/records.js';
import type { Packet } from '../print/packet.js';
import { Timeline } from '../print/timeline.js';
import type { DecodeOptions } from './decode-options.js';
import type { Io } from './io.js';
import type { Output } from './output.js';
import { PacketRangeWriter } from './packet-range.js';
import type { PrintTask } from './print-messages.js';
import { PrintThreads } from './print-threads.js';
import type { Printer } from './printer.js';
import { BatchPackets, type Reading } from './reading.js';

/** Bytes of packets that are printed at a time. */
const RANGE_SIZE = 1 << 19;
/** Packets of a range at most. */
const RANGE_PACKETS = 1 << 13;

/**
 * Examines packets here, in their order, and prints them in ranges: other threads do, from the bytes of the file and what
 * was found out here, and this one where those have enough to do.
 */
export async function printInThreads(
  reading: Reading,
  descriptor: number,
  threads: number,
  options: Omit<DecodeOptions, 'dialect'> & Pick<PrintTask, 'unjudged' | 'dialect' | 'title'>,
  io: Io,
  output: Output,
  printer: Printer,
  shows: (packet: Packet) => boolean,
): Promise<void> {
  const { capture, secrets } = reading;
  const { isTerminal, env } = io;
  const { format, field, fieldOption, tree = false, hex = false, print = false, time, color } = options;
  const { units, only, just, justAll, separator } = options;
  const task: PrintTask = {
    descriptor,
    options: {
      ...(format && { format }),
      ...{ field, fieldOption, tree, hex, print, time, color },
      ...(units && { units }),
      ...(only && { only }),
      ...(just && { just }),
      ...(justAll && { justAll }),
      ...(separator !== undefined && { separator }),
    },
    title: options.title,
    looks: { isTerminal, env: { NO_COLOR: env.NO_COLOR } },
    secrets,
    dialect: options.dialect,
    filter: options.filter,
    unjudged: options.unjudged,
  };
  const script = new URL('./print-worker.js', import.meta.url);
  const pool = new PrintThreads(script, threads - 1, task, output);
  try {
    if (printer.head !== undefined) output.write(printer.head);
    await output.flush();
    const timeline = new Timeline();
    const writer = new PacketRangeWriter();
    let left = options.count ?? Number.POSITIVE_INFINITY;
    for await (const batch of capture.batches()) {
      const packets = new BatchPackets(reading, batch, timeline);
      const end = Math.min(left, packets.count);
      for (let from = 0, to = 0; from < end; from = to) {
        to = rangeEnd(batch.records, from, end);
        if (pool.hasRoom) {
          const { passed } = timeline;
          for (let row = from; row < to; row++) writer.take(packets.examine(row));
          timeline.shown();
          pool.send(writer.range(batch, from, to, capture.interfaces, capture.log.comments, passed));
        } else {
          pool.print((text) => {
            for (let row = from; row < to; row++) {
              const packet = packets.packet(row);
              if (!shows(packet)) continue;
              printer.print(packet, text);
              timeline.shown();
            }
          });
        }
        await pool.deliver();
        if (output.closed) return;
      }
      left -= end;
      if (left === 0) break;
    }
    await pool.finish();
  } finally {
    await pool.close();
  }
}

/** Where a range of the packets from a row on ends. */
function rangeEnd({ captured }: RecordBatch, from: number, end: number): number {
  let size = 0;
  let row = from;
  const last = Math.min(end, from + RANGE_PACKETS);
  while (row < last && size < RANGE_SIZE) size += captured[row++] as number;
  return row;
}
