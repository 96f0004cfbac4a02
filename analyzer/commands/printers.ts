import { AddressColumn } from '../print/address-column.js';
import { csvLine } from '../print/csv.js';
import { FieldColumn } from '../print/field-column.js';
import { FIELD_DEFAULTS, type FieldOptions, fieldOptions } from '../print/field-options.js';
import { writeHexDump } from '../print/hex-dump.js';
import { JsonPackets } from '../print/json.js';
import { fieldNamed, isHeading, knownFields, nearestField } from '../print/known-fields.js';
import type { Packet } from '../print/packet.js';
import { protocolOf, summarize, writeInfo } from '../print/row.js';
import { filteredMembers } from '../print/shown/json-members.js';
import { PacketLines, treeText } from '../print/text.js';
import { Clock, fractionDigits } from '../print/time.js';
import type { TimeFormat, TimeUnits } from '../print/time-format.js';
import { packetTree } from '../print/tree.js';
import type { Utf8Text } from '../print/utf8-text.js';
import { printable } from '../text/printable.js';
import type { Format } from './formats.js';
import type { Io } from './io.js';
import type { Printer } from './printer.js';
import { asksForFacts, isColored } from './reading.js';
import { nameFilter, TSHARK_FORMATS, type TsharkFormat, tsharkPrinter } from './tshark-printers.js';
import { UsageError } from './usage-error.js';

/** How packets are printed. */
export interface PrintOptions {
  readonly format?: Format;
  readonly field: readonly string[];
  readonly fieldOption: readonly string[];
  readonly tree?: boolean;
  readonly hex?: boolean;
  readonly print?: boolean;
  readonly time: TimeFormat;
  /** How times since others are shown. */
  readonly units?: TimeUnits;
  /** Protocols of whose trees all is printed, and of others the first line; none for all. */
  readonly only?: readonly string[];
  /** Protocols and fields that are printed, without and with what is beneath them; none for all. */
  readonly just?: readonly string[];
  readonly justAll?: readonly string[];
  /** The line behind each tree, or the bytes. */
  readonly separator?: string;
  readonly quiet?: boolean;
  /** Where packets are written, if they are: then nothing is printed unless it is asked for. */
  readonly write?: string;
  readonly color: 'auto' | 'always' | 'never';
}

/**
 * What prints packets as the options say; nothing where they are only written.
 * @param capture what they are from
 */
export function printerOf(
  options: PrintOptions,
  io: Pick<Io, 'isTerminal' | 'env'>,
  capture = '-',
): Printer | undefined {
  const format = options.format ?? (options.field.length > 0 ? 'fields' : 'text');
  refuseStrangers(options, format);
  const ofFields = format === 'fields' || format === 'csv';
  if (options.field.length > 0 && !ofFields)
    throw new UsageError(`-e: ${options.field[0]}: goes with -T fields or csv`);
  const asked =
    options.format !== undefined || options.field.length > 0 || isTree(options) || options.hex || options.print;
  // Mistakes are told whether anything is printed or not.
  const printer = ofFields ? columnsPrinter(format, options) : undefined;
  if (options.quiet || (options.write !== undefined && !asked)) return undefined;
  if (printer) return printer;
  if (format === 'json') return jsonPrinter(options);
  if (isOfTshark(format)) return tsharkPrinter(format, nameFilter(options), listOf(options), capture);
  return textPrinter(options, isColored(options.color, io.isTerminal, io.env.NO_COLOR));
}

/** Prints the line of the list, the tree, the bytes of a packet: what was asked for. */
function textPrinter(options: PrintOptions, color: boolean): Printer {
  const { hex, print, time, units, only = [], separator = '' } = options;
  const tree = isTree(options);
  const lines = (!tree && !hex) || (hex && !tree) || print ? new PacketLines(time, color, units) : undefined;
  const wanted = only.length > 0 ? new Set(only) : undefined;
  const treeOf = (packet: Packet) => {
    const all = packetTree(packet);
    return wanted ? all.map((line) => (wanted.has(line.path) ? line : { ...line, children: [] })) : all;
  };
  return {
    showsFacts: lines !== undefined || tree,
    print: (packet, into) => {
      if (lines) {
        lines.write(packet, into);
        into.add('\n');
      }
      if (tree) into.add(`${treeText(treeOf(packet))}${hex ? '' : separator}\n`);
      if (hex) {
        writeHexDump(packet, into);
        into.add(`${separator}\n`);
      }
    },
  };
}

const isOfTshark = (format: Format): format is TsharkFormat => TSHARK_FORMATS.some((one) => one === format);

/** Whether trees are printed. */
const isTree = ({ tree, only = [] }: PrintOptions): boolean => tree === true || only.length > 0;

/** @throws {UsageError} for options that go with other formats */
function refuseStrangers({ just = [], justAll = [], only = [], separator }: PrintOptions, format: Format): void {
  const [name] = [...just, ...justAll];
  if (name !== undefined && !JUST.includes(format))
    throw new UsageError(`-j: ${name}: goes with -T ${JUST.join(', ')}`);
  if (only[0] !== undefined && format !== 'text') throw new UsageError(`-O: ${only[0]}: goes with -T text`);
  for (const one of only) if (!isHeading(one)) throw new UsageError(`-O: ${one}: no such protocol`);
  if (separator !== undefined && format !== 'text') throw new UsageError(`-S: ${separator}: goes with -T text`);
}

const JUST: readonly Format[] = ['json', 'ek', 'pdml', 'jsonraw'];

function jsonPrinter(options: PrintOptions): Printer {
  const packets = new JsonPackets();
  const isFiltered = (options.just?.length ?? 0) + (options.justAll?.length ?? 0) > 0;
  const filter = nameFilter(options);
  return {
    showsFacts: true,
    print: (packet, into) => {
      const start = into.length;
      packets.write(packet, into);
      if (isFiltered) {
        const line = into.textFrom(start);
        into.length = start;
        into.add(filteredMembers(line, filter));
      }
      into.add('\n');
    },
  };
}

/** The list, for formats that have its columns. */
function listOf({ time, units }: PrintOptions) {
  const clock = new Clock(time, units);
  return { heads: LIST, cells: (packet: Packet) => listed(packet, clock) };
}

const BYTE_ORDER_MARK = '\ufeff';
const CSV_DEFAULTS: FieldOptions = { ...FIELD_DEFAULTS, header: true, separator: ',' };

function columnsPrinter(format: 'fields' | 'csv', { field: names, fieldOption, time, units }: PrintOptions): Printer {
  if (names.length === 0 && format === 'fields') throw new UsageError('-T fields: no field: name one with -e');
  checkFields(names);
  const options = fieldOptions(fieldOption, format === 'csv' ? CSV_DEFAULTS : FIELD_DEFAULTS);
  if (typeof options === 'string') throw new UsageError(options);
  const mark = options.bom ? BYTE_ORDER_MARK : '';
  const showsFacts = names.length === 0 || asksForFacts(names);
  if (format === 'fields') {
    return {
      head: mark + (options.header ? `${names.join(options.separator)}\n` : ''),
      showsFacts,
      print: fieldsPrinter(names, options),
    };
  }
  const heads = csvLine(names.length === 0 ? LIST : names, options.separator);
  const print = names.length === 0 ? listPrinter(time, options, units) : csvPrinter(names, options);
  return { head: mark + (options.header ? `${heads}\n` : ''), showsFacts, print };
}

function fieldsPrinter(names: readonly string[], options: FieldOptions): Printer['print'] {
  const columns = names.map((name) => new FieldColumn(name, options));
  return (packet, into) => {
    for (let place = 0; place < columns.length; place++) {
      if (place > 0) into.add(options.separator);
      columns[place]?.write(packet, into);
    }
    into.add('\n');
  };
}

/** Prints fields as CSV, which has quotes of its own where they are needed. */
function csvPrinter(names: readonly string[], options: FieldOptions): Printer['print'] {
  const { separator } = options;
  const columns = names.map((name) => new FieldColumn(name, { ...options, quote: '' }));
  return (packet, into) => {
    for (let place = 0; place < columns.length; place++) {
      if (place > 0) into.add(separator);
      const start = into.length;
      columns[place]?.write(packet, into);
      quoteFrom(start, into, separator);
    }
    into.add('\n');
  };
}

/** Quotes the value that starts there, where it must be. */
function quoteFrom(start: number, into: Utf8Text, separator: string): void {
  if (!into.needsQuotes(start, separator)) return;
  const text = into.textFrom(start);
  into.length = start;
  into.add(csvLine([text], separator));
}

/** Prints the columns of the list as CSV. */
function listPrinter(
  time: PrintOptions['time'],
  { separator }: FieldOptions,
  units: PrintOptions['units'],
): Printer['print'] {
  const clock = new Clock(time, units);
  const addresses = new AddressColumn((ends) => csvLine(ends, separator));
  return (packet, into) => {
    const numberAt = into.length;
    into.addNumber(packet.number);
    quoteFrom(numberAt, into, separator);
    into.add(separator);
    const timeAt = into.length;
    clock.write(packet.seconds, packet.nanos, fractionDigits(packet.on?.resolution), into, packet.timeline);
    quoteFrom(timeAt, into, separator);
    into.add(separator);
    addresses.write(packet, into);
    into.add(separator);
    const protocolAt = into.length;
    into.addPrintable(protocolOf(packet));
    quoteFrom(protocolAt, into, separator);
    into.add(separator);
    const sizeAt = into.length;
    into.addNumber(packet.wire);
    quoteFrom(sizeAt, into, separator);
    into.add(separator);
    const infoAt = into.length;
    writeInfo(packet, into);
    quoteFrom(infoAt, into, separator);
    into.add('\n');
  };
}

function checkFields(names: readonly string[]): void {
  const known = knownFields();
  for (const name of names) {
    if (fieldNamed(name, known) || isHeading(name)) continue;
    const near = nearestField(name);
    throw new UsageError(`-e: ${name}: no such field${near ? `; did you mean ${near}?` : ''}`);
  }
}

/** The columns of the list, as Wireshark heads them. */
const LIST = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'] as const;

function listed(packet: Packet, clock: Clock): readonly string[] {
  const { source, destination, protocol, info } = summarize(packet);
  const digits = fractionDigits(packet.on?.resolution);
  const time = clock.show(packet.seconds, packet.nanos, digits, packet.timeline);
  return [`${packet.number}`, time, source, destination, protocol, `${packet.wire}`, info].map((text) =>
    printable(text),
  );
}
