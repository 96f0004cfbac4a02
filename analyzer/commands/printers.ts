import { csvLine } from '../print/csv.js';
import { FieldColumn } from '../print/field-column.js';
import { FIELD_DEFAULTS, type FieldOptions, fieldOptions } from '../print/field-options.js';
import { writeHexDump } from '../print/hex-dump.js';
import { JsonPackets } from '../print/json.js';
import { fieldNamed, isHeading, knownFields, nearestField } from '../print/known-fields.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import { PacketLines, treeText } from '../print/text.js';
import { Clock, fractionDigits } from '../print/time.js';
import type { TimeFormat } from '../print/time-format.js';
import { packetTree } from '../print/tree.js';
import type { Utf8Text } from '../print/utf8-text.js';
import { printable } from '../text/printable.js';
import type { Io } from './io.js';
import { asksForFacts, isColored } from './reading.js';
import { UsageError } from './usage-error.js';

/** How packets are printed. */
export interface PrintOptions {
  readonly format?: 'text' | 'json' | 'fields' | 'csv';
  readonly field: readonly string[];
  readonly fieldOption: readonly string[];
  readonly tree?: boolean;
  readonly hex?: boolean;
  readonly print?: boolean;
  readonly time: TimeFormat;
  readonly quiet?: boolean;
  /** Where packets are written, if they are: then nothing is printed unless it is asked for. */
  readonly write?: string;
  readonly color: 'auto' | 'always' | 'never';
}

/** Turns packets into what is printed of them. */
export interface Printer {
  /** Before the first packet. */
  readonly head?: string;
  /** Whether it shows what the packets before say: channels, handshakes, findings. */
  readonly showsFacts: boolean;
  readonly print: (packet: Packet, into: Utf8Text) => void;
}

/** What prints packets as the options say; nothing where they are only written. */
export function printerOf(options: PrintOptions, io: Pick<Io, 'isTerminal' | 'env'>): Printer | undefined {
  const format = options.format ?? (options.field.length > 0 ? 'fields' : 'text');
  const ofFields = format === 'fields' || format === 'csv';
  if (options.field.length > 0 && !ofFields)
    throw new UsageError(`-e: ${options.field[0]}: goes with -T fields or csv`);
  const asked =
    options.format !== undefined || options.field.length > 0 || options.tree || options.hex || options.print;
  // Mistakes are told whether anything is printed or not.
  const printer = ofFields ? columnsPrinter(format, options) : undefined;
  if (options.quiet || (options.write !== undefined && !asked)) return undefined;
  if (printer) return printer;
  if (format === 'json') {
    const packets = new JsonPackets();
    return {
      showsFacts: true,
      print: (packet, into) => {
        packets.write(packet, into);
        into.add('\n');
      },
    };
  }
  return textPrinter(options, isColored(options.color, io.isTerminal, io.env.NO_COLOR));
}

/** Prints the line of the list, the tree, the bytes of a packet: what was asked for. */
function textPrinter({ tree, hex, print, time }: PrintOptions, color: boolean): Printer {
  const lines = (!tree && !hex) || (hex && !tree) || print ? new PacketLines(time, color) : undefined;
  return {
    showsFacts: lines !== undefined || tree === true,
    print: (packet, into) => {
      if (lines) {
        lines.write(packet, into);
        into.add('\n');
      }
      if (tree) into.add(`${treeText(packetTree(packet))}\n`);
      if (hex) {
        writeHexDump(packet, into);
        into.add('\n');
      }
    },
  };
}

const BYTE_ORDER_MARK = '\ufeff';
const CSV_DEFAULTS: FieldOptions = { ...FIELD_DEFAULTS, header: true, separator: ',' };

function columnsPrinter(format: 'fields' | 'csv', { field: names, fieldOption, time }: PrintOptions): Printer {
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
  const print = names.length === 0 ? listPrinter(time, options) : csvPrinter(names, options);
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
      if (!into.needsQuotes(start, separator)) continue;
      const text = into.textFrom(start);
      into.length = start;
      into.add(csvLine([text], separator));
    }
    into.add('\n');
  };
}

function listPrinter(time: PrintOptions['time'], { separator }: FieldOptions): Printer['print'] {
  const clock = new Clock(time);
  return (packet, into) => into.add(`${csvLine(listed(packet, clock), separator)}\n`);
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
