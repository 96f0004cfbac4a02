import { type Command, Option } from 'commander';
import { PacketFile } from '../capture/packet-file.js';
import { compileFilter } from '../filter/compile.js';
import { TIME_FORMATS, type TimeFormat } from '../print/time.js';
import { channelChoice } from './channel-choice.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { Output } from './output.js';
import { type Printer, printerOf } from './printers.js';
import { captureNamed, damageLine, openReading, packetsOf, type Reading, withReadingOptions } from './reading.js';
import { secretsToInject, type WriteOptions } from './secrets-to-inject.js';
import { type Selection, type SelectOptions, select } from './selection.js';
import { UsageError } from './usage-error.js';

export interface DecodeOptions extends SelectOptions, WriteOptions {
  readonly format?: 'text' | 'json' | 'fields' | 'csv';
  readonly field: readonly string[];
  readonly fieldOption: readonly string[];
  readonly tree?: boolean;
  readonly hex?: boolean;
  readonly print?: boolean;
  readonly time: TimeFormat;
  readonly channel?: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark decode`. Source: the command line page. */
export function decodeCommand(program: Command, io: Io): void {
  withLiveOptions(withReadingOptions(program.command('decode [file]')))
    .description('print the packets of a capture: list, detail, hex, JSON, fields or CSV; or write them to another')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json', 'fields', 'csv']))
    .option(
      '-e, --field <name>',
      'print this field (implies -T fields; with -T csv, instead of the columns of the list); repeatable',
      collect,
      [],
    )
    .option(
      '-E, --field-option <option>',
      'bom=y, header=y, separator=, aggregator=, quote=d|s|n, occurrence=f|l|a',
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
    .option(
      '--channel <id>',
      'only the packets of this channel: its number, or its id in hex; -w always writes its handshake; repeatable',
      collect,
      [],
    )
    .option('--with-handshake', 'with -w and -Y: write the handshakes of the channels that are selected too')
    .option('--inject-secrets <file>', 'with -w: let these secrets travel in the file; repeatable', collect, [])
    .option('--discard-secrets', 'with -w: leave out the secrets that travel in the capture')
    .addHelpText('after', EXAMPLES)
    .action((file: string | undefined, options: DecodeOptions) => decode(file, options, io));
}

const EXAMPLES = `
Examples:
  handshark decode trace.pcap                                       a line a packet
  handshark decode -Y 'chan.cookie1.status == "invalid"' -V x.pcap  the trees of packets with a wrong cookie
  handshark decode -T fields -e frame.number -e chan.id x.pcap      columns of one's own
  handshark decode -T csv x.pcap > x.csv                            the list, for a spreadsheet
  handshark decode -T json x.pcap | jq .                            one JSON object a packet
  handshark decode --channel 1a2b3c4d -w one.pcapng x.pcap          one channel with its handshake
  handshark decode -w with.pcapng --inject-secrets x.secrets x.pcap secrets that travel with the packets`;

/** Prints the packets of a capture; what could be read is printed before any complaint. */
export async function decode(file: string | undefined, options: DecodeOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  const path = captureNamed(file, options);
  const printer = printerOf(options, io);
  const passes = options.filter === undefined ? () => true : compileFilter(options.filter);
  const chosen = channelChoice(options.channel ?? []);
  if (options.withHandshake && options.write === undefined) throw new UsageError('--with-handshake: goes with -w');
  const injected = secretsToInject(options);
  const stop = io.interrupted();
  const selection = await select(path, options, passes, chosen, stop);
  const followed = printer !== undefined || !selection.byNumber;
  const reading = await openReading(path, followed ? options : { ...options, track: false }, stop, io.remark);
  const output = new Output(io.stdout);
  try {
    const { capture, inside } = reading;
    const { write, discardSecrets = false } = options;
    const secrets = [...(discardSecrets ? [] : inside), ...injected];
    const writer =
      write === undefined
        ? undefined
        : await PacketFile.open(write, capture, secrets, { discardSecrets, stdout: io.stdout });
    await run(reading, options.count, output, printer, writer, selection);
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
  count: number | undefined,
  output: Output,
  printer: Printer | undefined,
  writer: PacketFile | undefined,
  { shows, writes }: Selection,
): Promise<void> {
  if (printer?.head !== undefined) output.write(printer.head);
  try {
    for await (const next of packetsOf(reading, count)) {
      writer?.takeEvents();
      for (let packet = next(); packet; packet = next()) {
        if (printer && shows(packet)) {
          printer.print(packet, output.text);
          packet.timeline?.shown();
          const waits = output.written();
          if (waits) await waits;
          if (output.closed) return;
        }
        if (writer && writes(packet)) {
          const waits = writer.packet(packet);
          if (waits) await waits;
        }
      }
      // What is here is shown before more is waited for: a pipe may be quiet for long.
      await output.flush();
      if (reading.isLive) await writer?.flush();
      if (output.closed) return;
    }
  } finally {
    await writer?.close();
  }
}
