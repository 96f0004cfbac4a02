import { type Command, Option } from 'commander';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { withReadingOptions } from './reading-options.js';
import type { ChannelsOptions } from './run-channels.js';

/** Declares `handshark channels`. Source: the command line page. */
export function channelsCommand(program: Command, io: Io): void {
  withLiveOptions(withReadingOptions(program.command('channels [files...]')))
    .description('print a row a channel: peers, id, state, mode, cookie verdicts, round trips, counts')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: ChannelsOptions) => {
      const { channels } = await import('./run-channels.js');
      await channels(files, options, io);
    });
}

const EXAMPLES = `
Examples:
  handshark channels trace.pcap                          a row a channel
  handshark channels --secrets peers.secrets trace.pcap  with verdicts on its cookies
  handshark channels -T json trace.pcap | jq .state      one JSON object a channel
  handshark channels -Y 'expert.code == "resent"' trace.pcap  those that a packet which passes touches`;
