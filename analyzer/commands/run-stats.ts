import { compileFilter } from '../filter/compile.js';
import type { Packet } from '../print/packet.js';
import { Conversations } from '../stats/conversations.js';
import { Endpoints } from '../stats/endpoints.js';
import { Expert } from '../stats/expert.js';
import { FLOW_LAYERS, type FlowLayer } from '../stats/flow-layers.js';
import { Handshakes } from '../stats/handshakes.js';
import { Hierarchy } from '../stats/hierarchy.js';
import { type IoColumn, IoCounts } from '../stats/io.js';
import type { StatsKind } from '../stats/kinds.js';
import { readMeasure } from '../stats/measure.js';
import { responderSheet } from '../stats/responders.js';
import type { Sheet } from '../stats/sheet.js';
import { sheetJson, sheetsCsv, sheetText } from '../stats/sheet-text.js';
import { capturesNamed } from './captures-named.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { packetsOf, type Reading, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { openLinked } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** The options of `handshark stats`. */
export interface StatsOptions extends ReadingOptions {
  readonly format: 'text' | 'csv' | 'json';
  /** In seconds; 0 for the whole capture. Of `io` only. */
  readonly interval?: number;
  /** Of `endpoints` and `conversations` only. */
  readonly by: readonly FlowLayer[];
  /** Filters; of `io` only. */
  readonly column: readonly string[];
}

/** Something that is counted packet by packet. */
interface Counting {
  /** Told of every packet, before `take`: times count from the first of the capture. */
  readonly begin?: (packet: Packet) => void;
  /** Told of the packets that pass. */
  readonly take: (packet: Packet) => void;
  readonly sheets: () => readonly Sheet[];
}

/** Prints what a capture has, counted; what could be read is printed before any complaint. */
export async function stats(kind: StatsKind, files: readonly string[], options: StatsOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  const captures = await capturesNamed(files, options);
  const counting = countingOf(kind, options);
  const passes = options.filter === undefined ? undefined : compileFilter(options.filter);
  const reading = await openLinked(captures, options, io);
  const counted = counting(reading);
  try {
    for await (const next of packetsOf(reading, options.count)) {
      for (let packet = next(); packet; packet = next()) {
        counted.begin?.(packet);
        if (!passes || passes(packet)) counted.take(packet);
      }
    }
  } finally {
    await reading.capture.close();
  }
  const output = new Output(io.stdout);
  if (!options.quiet) output.write(textOf(counted.sheets(), options.format));
  await output.flush();
  tellProblems(reading, io);
}

function textOf(sheets: readonly Sheet[], format: StatsOptions['format']): string {
  if (format === 'csv') return sheetsCsv(sheets);
  if (format === 'json') return sheets.map(sheetJson).join('');
  return sheets.map(sheetText).join('\n');
}

/** What counts as the options say. @throws {UsageError} for options that go with another kind */
function countingOf(kind: StatsKind, options: StatsOptions): (reading: Reading) => Counting {
  const { interval, by, column } = options;
  const flows = kind === 'endpoints' || kind === 'conversations';
  if (by.length > 0 && !flows) throw new UsageError(`--by: ${by[0]}: goes with endpoints and conversations`);
  if (interval !== undefined && kind !== 'io') throw new UsageError(`--interval: ${interval}: goes with io`);
  if (column.length > 0 && kind !== 'io') throw new UsageError(`--column: ${column[0]}: goes with io`);
  if (kind === 'handshakes' && !options.track) throw new UsageError('--no-track: handshakes are what is followed');
  const layers = by.length > 0 ? by : FLOW_LAYERS;
  switch (kind) {
    case 'hierarchy':
      return () => counting(new Hierarchy());
    case 'endpoints':
      return () => counting(new Endpoints(layers));
    case 'conversations': {
      const conversations = new Conversations(layers);
      return () => ({ ...counting(conversations), begin: (packet) => conversations.begin(packet) });
    }
    case 'io': {
      const filters = column.map(columnOf);
      const counts = new IoCounts(filters.length > 0 ? filters : [{ filter: '', passes: () => true }], interval ?? 1);
      return () => ({ ...counting(counts), begin: (packet) => counts.begin(packet) });
    }
    case 'handshakes':
      return ({ examiner }) => {
        const handshakes = new Handshakes();
        const { table } = examiner.tracker;
        const { responders, rows } = examiner.handshakes.table;
        const met = new Set<string>();
        return {
          take: (packet) => {
            handshakes.take(packet);
            // What a filter leaves out is told of no responder.
            for (const { number } of packet.facts.handshakes ?? []) met.add(responderKey(rows.get(number)));
          },
          sheets: () => [
            responderSheet(
              [...responders.list()].filter((one) => options.filter === undefined || met.has(responderKey(one))),
            ),
            ...(table.channels.size > 0 ? handshakes.sheets(table) : []),
          ],
        };
      };
    case 'expert':
      return () => counting(new Expert());
  }
}

/** What tells a responder, or that of a row, from others. */
const responderKey = (
  one: { readonly kind: string; readonly name?: string; readonly responder?: string } | undefined,
) => `${one?.kind} ${one?.name ?? one?.responder}`;

/** A column of `io`, as it is written. @throws {UsageError | FilterError} where it cannot be understood */
export function columnOf(text: string): IoColumn {
  const read = readMeasure(text);
  if (typeof read === 'string') throw new UsageError(`--column: ${read}`);
  const passes = read.filter === '' ? () => true : compileFilter(read.filter);
  return { filter: text, passes, ...(read.measure && { measure: read.measure }) };
}

const counting = (fold: Counting): Counting => ({
  take: (packet) => fold.take(packet),
  sheets: () => fold.sheets(),
});
