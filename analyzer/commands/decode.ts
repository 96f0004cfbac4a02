import { type Command, Option } from 'commander';
import { type CaptureWriter, openCaptureWriter } from '../capture/capture-writer.js';
import { compileFilter } from '../filter/compile.js';
import { type FieldOptions, fieldOptions, fieldsLine } from '../print/field-options.js';
import { fieldValues } from '../print/fields.js';
import { packetJson } from '../print/json.js';
import { fieldNamed, isHeading, knownFields, nearestField } from '../print/known-fields.js';
import type { Packet } from '../print/packet.js';
import { hexText, packetLine, treeText } from '../print/text.js';
import { Clock, TIME_FORMATS, type TimeFormat } from '../print/time.js';
import { packetTree } from '../print/tree.js';
import { printable } from '../ui/printable.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import {
  captureNamed,
  damageLine,
  isColored,
  openReading,
  packetsOf,
  type Reading,
  type ReadingOptions,
  withReadingOptions,
} from './reading.js';
import { UsageError } from './usage-error.js';

export interface DecodeOptions extends ReadingOptions {
  readonly format?: 'text' | 'json' | 'fields';
  readonly field: readonly string[];
  readonly fieldOption: readonly string[];
  readonly tree?: boolean;
  readonly hex?: boolean;
  readonly print?: boolean;
  readonly time: TimeFormat;
  readonly write?: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark decode`. Source: the command line page. */
export function decodeCommand(program: Command, io: Io): void {
  withReadingOptions(program.command('decode [file]'))
    .description('print the packets of a capture: list, detail, hex, JSON or fields')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json', 'fields']))
    .option('-e, --field <name>', 'print this field (implies -T fields); repeatable', collect, [])
    .option(
      '-E, --field-option <option>',
      'header=y, separator=, aggregator=, quote=d|s|n, occurrence=f|l|a',
      collect,
      [],
    )
    .option('-V, --tree', 'print the tree of each packet')
    .option('-x, --hex', 'print the bytes of each packet')
    .option('-P, --print', 'print the list even with -w')
    .addOption(new Option('-t, --time <format>', 'how to show times').choices([...TIME_FORMATS]).default('r'))
    .option(
      '-w, --write <file>',
      'write the packets to a capture: pcapng, or pcap if the name ends in .pcap; - for standard output',
    )
    .action((file: string | undefined, options: DecodeOptions) => decode(file, options, io));
}

/** Prints the packets of a capture; what could be read is printed before any complaint. */
export async function decode(file: string | undefined, options: DecodeOptions, io: Io): Promise<void> {
  const path = captureNamed(file, options);
  const printer = printerOf(options, io);
  const passes = options.filter === undefined ? undefined : compileFilter(options.filter);
  const stop = io.interrupted();
  const reading = await openReading(path, options, stop);
  const output = new Output(io.stdout);
  try {
    await run(reading, options, output, printer, passes, io);
  } finally {
    await reading.capture.close();
  }
  await output.flush();
  for (const problem of reading.problems) io.complain(problem, 1);
  const damage = damageLine(reading);
  if (damage && !output.closed && options.count === undefined) io.complain(damage, 1);
  else if (damage && reading.capture.packets < (options.count ?? 0)) io.complain(damage, 1);
}

async function run(
  reading: Reading,
  options: DecodeOptions,
  output: Output,
  printer: Printer | undefined,
  passes: ((packet: Packet) => boolean) | undefined,
  io: Io,
): Promise<void> {
  const { capture } = reading;
  const writer = options.write === undefined ? undefined : await openWriter(options.write, reading, io);
  if (printer?.head !== undefined) output.write(printer.head);
  try {
    for await (const next of packetsOf(reading, options.count)) {
      for (let packet = next(); packet; packet = next()) {
        if (passes && !passes(packet)) continue;
        if (printer) {
          const waits = output.write(printer.print(packet));
          if (waits) await waits;
          if (output.closed) return;
        }
        if (writer && packet.on) {
          const bytes = new Uint8Array(
            packet.dissection.sources[0]?.view.buffer ?? new ArrayBuffer(0),
            packet.dissection.sources[0]?.view.byteOffset,
            packet.captured,
          );
          const { seconds, nanos, wire, on, comments } = packet;
          const waits = writer.packet({
            seconds,
            nanos,
            bytes,
            wire,
            from: on,
            ...(comments.length > 0 && { comments }),
          });
          if (waits) await waits;
        }
      }
      // What is here is shown before more is waited for: a pipe may be quiet for long.
      await output.flush();
      if (output.closed) return;
    }
  } finally {
    if (writer) {
      writer.interfaces(capture.interfaces);
      await writer.close();
    }
  }
}

/** A writer for what passes, with the secrets that the capture itself carries. */
async function openWriter(path: string, { capture, inside }: Reading, io: Io): Promise<CaptureWriter> {
  const writer = await openCaptureWriter(path, { input: capture.path, stdout: io.stdout });
  for (const text of inside) writer.secrets(text);
  return writer;
}

interface Printer {
  readonly head?: string;
  readonly print: (packet: Packet) => string;
}

/** What prints packets as the options say; nothing where they are only written. */
function printerOf(options: DecodeOptions, io: Io): Printer | undefined {
  const format = options.format ?? (options.field.length > 0 ? 'fields' : 'text');
  if (options.field.length > 0 && format !== 'fields')
    throw new UsageError(`-e: ${options.field[0]}: goes with -T fields`);
  const asked =
    options.format !== undefined || options.field.length > 0 || options.tree || options.hex || options.print;
  const fields = format === 'fields' ? fieldsPrinter(options) : undefined;
  if (options.quiet || (options.write !== undefined && !asked)) return undefined;
  if (fields) return fields;
  if (format === 'json') return { print: (packet) => `${packetJson(packet)}\n` };
  const clock = new Clock(options.time);
  const color = isColored(options.color, io.isTerminal, io.env.NO_COLOR);
  return { print: (packet) => textOf(packet, clock.show(packet.seconds, packet.nanos), options, color) };
}

function textOf(packet: Packet, time: string, { tree, hex, print }: DecodeOptions, color: boolean): string {
  const line = (!tree && !hex) || (hex && !tree) || print ? `${packetLine(packet, time, color)}\n` : '';
  const lines = tree ? `${treeText(packetTree(packet))}\n` : '';
  return line + lines + (hex ? `${hexText(packet)}\n` : '');
}

function fieldsPrinter({ field: names, fieldOption }: DecodeOptions): Printer {
  if (names.length === 0) throw new UsageError('-T fields: no field: name one with -e');
  const known = knownFields();
  for (const name of names) {
    if (fieldNamed(name, known) || isHeading(name)) continue;
    const near = nearestField(name);
    throw new UsageError(`-e: ${name}: no such field${near ? `; did you mean ${near}?` : ''}`);
  }
  const options = fieldOptions(fieldOption);
  if (typeof options === 'string') throw new UsageError(options);
  const print = (packet: Packet): string => `${valuesLine(packet, names, options)}\n`;
  return options.header
    ? {
        head: `${fieldsLine(
          names.map((name) => [name]),
          { ...options, quote: '' },
        )}\n`,
        print,
      }
    : { print };
}

const valuesLine = (packet: Packet, names: readonly string[], options: FieldOptions): string =>
  fieldsLine(
    names.map((name) => fieldValues(packet, name).map(({ text }) => printable(text))),
    options,
  );
