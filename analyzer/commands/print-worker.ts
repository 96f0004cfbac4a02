import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { compileFilter } from '../filter/compile.js';
import { Utf8Text } from '../print/utf8-text.js';
import { PacketRangeReader } from './packet-range.js';
import type { PrintedRange, PrintOrder, PrintTask } from './print-messages.js';
import { printerOf } from './printers.js';

/** Prints the packets of ranges, in the order in which they come. */
const { descriptor, options, title, looks, secrets, dialect, filter, unjudged } = workerData as PrintTask;
const printer = printerOf(options, looks, title);
const passes = filter === undefined ? () => true : compileFilter(filter);
const reader = new PacketRangeReader(secrets, {
  unjudged,
  ...(dialect !== undefined && { dialect: dialectNamed(dialect) }),
});
const text = new Utf8Text();
let frames = new Uint8Array(0);

parentPort?.on('message', ({ range, spare }: PrintOrder) => {
  if (spare) text.adopt(spare);
  const { offset, size } = range;
  if (frames.length < size) frames = new Uint8Array(2 * size);
  fill(frames.subarray(0, size), offset);
  reader.read(range, frames, (packet) => {
    if (!passes(packet)) return;
    printer?.print(packet, text);
    packet.timeline?.shown();
  });
  const { bytes } = text;
  const printed: PrintedRange = { bytes };
  parentPort?.postMessage(printed, [bytes.buffer]);
  text.adopt(undefined);
});

/** Reads bytes of the file; zeros where it has become shorter since it was looked at. */
function fill(into: Uint8Array, offset: number): void {
  let at = 0;
  while (at < into.length) {
    const count = readSync(descriptor, into, at, into.length - at, offset + at);
    if (count === 0) break;
    at += count;
  }
  into.fill(0, at);
}
