import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DecodeOptions } from './decode-options.js';
import { withoutConfigured } from './fitting.js';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { withPrintOptions } from './print-options.js';
import { withReadingOptions } from './reading-options.js';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark decode`. Source: the command line page. */
export function decodeCommand(program: Command, io: Io): void {
  withPrintOptions(withLiveOptions(withReadingOptions(program.command('decode [files...]'))))
    .description('print the packets of a capture: list, detail, hex, JSON, fields or CSV; or write them to another')
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
    .addOption(
      new Option(
        '--threads <n>',
        'print a file with so many threads, 1 to 8; by the processors for JSON of a large file, else 1',
      ).argParser(threadCount),
    )
    .option('--discard-secrets', 'with -w: leave out the secrets that travel in the capture')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: DecodeOptions, command: Command) => {
      const { decode } = await import('./run-decode.js');
      await decode(files, withoutConfigured(options, command, strangersTo(options, command)), io);
    });
}

function threadCount(text: string): number {
  const count = Number(text);
  if (/^[1-8]$/.test(text)) return count;
  throw new InvalidArgumentError('expected a whole number from 1 to 8');
}

/** The options that do not go with others of the command line. */
function strangersTo({ format, write }: DecodeOptions, command: Command): readonly string[] {
  const names = write === undefined ? ['withHandshake', 'injectSecrets', 'discardSecrets'] : [];
  // Fields imply a format, and a format without columns takes none.
  if (command.getOptionValueSource('field') === 'cli' && format !== 'csv') names.push('format');
  if (format !== undefined && format !== 'fields' && format !== 'csv') names.push('field');
  return names;
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
