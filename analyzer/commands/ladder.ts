import { type Command, Option } from 'commander';
import { TIME_FORMATS } from '../print/time-format.js';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { withReadingOptions } from './reading-options.js';
import type { LadderOptions } from './run-ladder.js';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark ladder`. Source: the command line page. */
export function ladderCommand(program: Command, io: Io): void {
  withLiveOptions(withReadingOptions(program.command('ladder [files...]')))
    .description('draw the handshakes of a capture as a sequence diagram')
    .option('--channel <id>', 'only this channel: its number, or its id in hex; repeatable', collect, [])
    .option(
      '--handshake <number>',
      'only this handshake, of whatever protocol: its number in `handshakes`; repeatable',
      collect,
      [],
    )
    .option('--all', 'draw every packet, data too')
    .addOption(new Option('-T, --format <format>', 'how to draw').choices(['text', 'svg', 'mermaid']).default('text'))
    .option('--ascii', 'draw with ASCII only')
    .addOption(new Option('-t, --time <format>', 'how to show times').choices([...TIME_FORMATS]).default('r'))
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: LadderOptions) => {
      const { ladder } = await import('./run-ladder.js');
      await ladder(files, options, io);
    });
}

const EXAMPLES = `
Examples:
  handshark ladder trace.pcap                       every handshake, as text as wide as the terminal
  handshark ladder --channel 1a2b3c4d --all x.pcap  all packets of one channel
  handshark ladder --handshake 3 x.pcap             the messages of a handshake, with what is odd about each
  handshark ladder -Y 'ip.addr == 192.0.2.1' x.pcap what one host takes part in
  handshark ladder --format svg x.pcap > x.svg      a picture
  handshark ladder --format mermaid x.pcap          for a page that draws Mermaid`;
