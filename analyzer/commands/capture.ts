import { type Command, InvalidArgumentError, Option } from 'commander';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { TIME_FORMATS } from '../print/time-format.js';
import type { Io } from './io.js';
import { amount, KILOBYTE, seconds, split, withLiveOptions } from './live-options.js';
import { positive } from './reading-options.js';
import type { CaptureOptions, RingOptions } from './run-capture.js';

/** As many files can be told apart by their numbers. */
const MOST_FILES = 99_999;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark capture`. Source: the command line page. */
export function captureCommand(program: Command, io: Io): void {
  const command = withLiveOptions(program.command('capture'))
    .description('record live traffic in capture files, without a screen; and print it meanwhile, if asked to')
    .option('-w, --write <file>', 'write to this file; - for standard output')
    .addOption(
      new Option('-F, --file-format <format>', 'pcapng, unless the name ends in .pcap').choices(['pcap', 'pcapng']),
    )
    .addOption(
      new Option(
        '-b, --ring-buffer <condition>',
        'go on in a next file after duration:SECONDS, filesize:KB or packets:N, or at each interval:SECONDS; keep files:N; ' +
          'printname:FILE for the names of complete files; nametimenum:1 for names with the time first; repeatable',
      ).argParser(ringBuffer),
    )
    .addOption(new Option('-c, --count <n>', 'end after this many packets').argParser(positive))
    .option('-q, --quiet', 'do not count packets on standard error')
    .option('-P, --print', 'print the packets too, as they come')
    .option('-Y, --filter <filter>', 'print only packets that a display filter passes; all are written')
    .addOption(new Option('-T, --format <format>', 'print so').choices(['text', 'json', 'fields', 'csv']))
    .option('-e, --field <name>', 'print this field (implies -T fields); repeatable', collect, [])
    .option('-E, --field-option <option>', 'as decode has them', collect, [])
    .option('-V, --tree', 'print the tree of each packet')
    .option('-x, --hex', 'print the bytes of each packet')
    .addOption(new Option('-t, --time <format>', 'how to show times').choices([...TIME_FORMATS]).default('r'))
    .option('--secrets <file>', 'judge cookies that are printed by the secrets in a file; repeatable', collect, [])
    .option('--inject-secrets <file>', 'let these secrets travel in the file; repeatable', collect, [])
    .addOption(
      new Option('--dialect <name>', 'read every channel packet as this dialect').choices(
        DIALECTS.map(({ name }) => name),
      ),
    )
    .addOption(new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'))
    .option('--no-track', 'do not follow channels')
    .addHelpText('after', EXAMPLES);
  command.action(async (options: CaptureOptions) => {
    // What captures is loaded only here: other commands must not pay for it.
    const { capture } = await import('./run-capture.js');
    await capture(options, io);
  });
}

const EXAMPLES = `
Examples:
  handshark capture -i eth0 -w trace.pcapng                            until Ctrl-C
  handshark capture -i eth0 -i lo -f 'udp port 4242' -w trace.pcapng   two interfaces, one filter
  handshark capture -i eth0 -a duration:60 -w trace.pcapng             for a minute
  handshark capture -i eth0 -b filesize:100000 -b files:20 -w t.pcapng the last two gigabytes
  handshark capture -i any -w - | handshark decode -                   to another program
  handshark capture -i eth0 -w trace.pcapng -P -Y 'chan.cookie1.status == "invalid"'`;

function ringBuffer(text: string, before: RingOptions = {}): RingOptions {
  const [kind, value] = split(text);
  switch (kind) {
    case 'duration':
      return { ...before, duration: seconds(kind, value, true) };
    case 'interval':
      return { ...before, interval: seconds(kind, value, false) };
    case 'filesize':
      return { ...before, bytes: amount(kind, value, false) * KILOBYTE };
    case 'packets':
      return { ...before, packets: amount(kind, value, false) };
    case 'files':
      return { ...before, files: Math.min(MOST_FILES, amount(kind, value, false)) };
    case 'printname':
      if (value === '') throw new InvalidArgumentError('expected printname:FILE');
      return { ...before, printName: value };
    case 'nametimenum':
      if (value !== '1' && value !== '2') throw new InvalidArgumentError('expected nametimenum:1 or 2');
      return { ...before, isTimeFirst: value === '1' };
    default:
      throw new InvalidArgumentError('expected one of duration, interval, filesize, packets, files, printname');
  }
}
