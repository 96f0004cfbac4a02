import { Command, CommanderError, Help, type Option } from 'commander';
import { captureCommand } from './commands/capture.js';
import { channelsCommand } from './commands/channels.js';
import { completionCommand } from './commands/completion.js';
import { craftingCommands } from './commands/crafting.js';
import { decodeCommand } from './commands/decode.js';
import { exportCommand } from './commands/export.js';
import { interfacesCommand } from './commands/interfaces.js';
import type { Io } from './commands/io.js';
import { ladderCommand } from './commands/ladder.js';
import { isLive, type LiveOptions, withLiveOptions } from './commands/live-options.js';
import { withOpenOptions } from './commands/open-options.js';
import { type ReadingOptions, withReadingOptions } from './commands/reading-options.js';
import { statsCommand } from './commands/stats.js';
import { version } from './version.js';

/** What the help says of an option. That an option which can be repeated begins with none goes without saying. */
function optionDescription(option: Option): string {
  const { defaultValue, description } = option;
  const isNone = typeof defaultValue === 'object' && Object.keys(defaultValue).length === 0;
  return isNone ? description : new Help().optionDescription(option);
}

/** Declares the whole command line. Source: the command line page. */
export function buildProgram(io: Io): Command {
  const program = new Command('handshark')
    .description('protocol analyzer and packet crafter for the channel protocol')
    .version(version(), '--version', 'print the version')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({ writeErr: () => {}, writeOut: (text) => io.stdout.write(text) });
  withOpenOptions(
    withLiveOptions(withReadingOptions(program.argument('[file]', 'the capture to open; - for standard input'))),
  )
    .addHelpText('after', EXAMPLES)
    .action((file: string | undefined, options: OpenCommandOptions) => start(program, file, options, io));
  program.hook('preAction', (_, command) => listInstead(command, io));
  decodeCommand(program, io);
  captureCommand(program, io);
  channelsCommand(program, io);
  ladderCommand(program, io);
  statsCommand(program, io);
  exportCommand(program, io);
  craftingCommands(program, io);
  interfacesCommand(program, io);
  completionCommand(program, io);
  return program;
}

const EXAMPLES = `
Examples:
  handshark capture.pcapng                     look at a capture
  handshark -i eth0 -f 'udp port 4242'         look at live traffic
  handshark --secrets peers.secrets trace.pcap judge its cookies
  handshark decode -V -c 1 trace.pcap          print the tree of the first packet
  handshark decode -T json trace.pcap | jq .   one JSON object a packet
  handshark channels trace.pcap                a row a channel`;

type OpenCommandOptions = ReadingOptions & {
  readonly ascii?: boolean;
  readonly follow?: boolean;
  readonly keep?: number;
  readonly write?: string;
};

/** `-D` and `-L` end any command that captures, after a list. */
async function listInstead(command: Command, io: Io): Promise<void> {
  const options = command.opts<Partial<LiveOptions>>();
  if (!options.listInterfaces && !options.listDataLinkTypes) return;
  const { listLinkTypes, listNumbered } = await import('./commands/list-interfaces.js');
  if (options.listInterfaces) await listNumbered(io);
  else await listLinkTypes(options, io);
  throw new CommanderError(0, 'handshark.listed', 'listed');
}

/** The UI where there is a terminal; without one, what `decode` prints. */
async function start(program: Command, file: string | undefined, options: OpenCommandOptions, io: Io): Promise<void> {
  if (file === undefined && options.read === undefined && !options.explain && !isLive(options)) {
    program.outputHelp();
    return;
  }
  const listed = options.count !== undefined || options.quiet || options.explain;
  if (io.isTerminal && !listed) {
    const { open } = await import('./commands/open.js');
    await open(file, options, io);
    return;
  }
  const { decode } = await import('./commands/run-decode.js');
  await decode(file, { ...options, field: [], fieldOption: [], time: 'r' }, io);
}
