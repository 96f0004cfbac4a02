import { existsSync } from 'node:fs';
import { Command, CommanderError, Help, type Option } from 'commander';
import { withSecretFiles } from '../crafter/commands/secret-file.js';
import { nearest, suggestion } from '../crafter/script/words.js';
import { captureCommand } from './commands/capture.js';
import { channelsCommand } from './commands/channels.js';
import { completionCommand } from './commands/completion.js';
import { craftingCommands } from './commands/crafting.js';
import { decodeCommand } from './commands/decode.js';
import type { DecodeOptions } from './commands/decode-options.js';
import { exportCommand } from './commands/export.js';
import { extcapCommand } from './commands/extcap.js';
import { handshakesCommand } from './commands/handshakes.js';
import { interfacesCommand } from './commands/interfaces.js';
import type { Io } from './commands/io.js';
import { ladderCommand } from './commands/ladder.js';
import { isLive, type LiveOptions, withLiveOptions } from './commands/live-options.js';
import { mcpCommand } from './commands/mcp.js';
import { withOpenOptions } from './commands/open-options.js';
import { asksToPrint, withPrintOptions } from './commands/print-options.js';
import { proxyCommand } from './commands/proxy.js';
import { withReadingOptions } from './commands/reading-options.js';
import { statsCommand } from './commands/stats.js';
import { refuseSurplus } from './commands/surplus.js';
import { UsageError } from './commands/usage-error.js';
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
    .version(version(), '-v, --version', 'print the version')
    .enablePositionalOptions()
    .allowExcessArguments()
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({ writeErr: () => {}, writeOut: (text) => io.stdout.write(text) });
  const opening = withOpenOptions(
    withLiveOptions(
      withReadingOptions(program.argument('[files...]', 'the captures to open, merged by time; - for standard input')),
    ),
  );
  // Who leaves out the word decode gets the same.
  withPrintOptions(opening, true)
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], options: OpenCommandOptions) => start(program, files, options, io));
  program.hook('preAction', (_, command) => refuseSurplus(command));
  program.hook('preAction', (_, command) => listInstead(command, io));
  decodeCommand(program, io);
  captureCommand(program, io);
  channelsCommand(program, io);
  handshakesCommand(program, io);
  ladderCommand(program, io);
  statsCommand(program, io);
  exportCommand(program, io);
  extcapCommand(program, io);
  craftingCommands(program, io);
  proxyCommand(program, io);
  interfacesCommand(program, io);
  mcpCommand(program, async (files, options) => {
    const { serveMcp } = await import('./mcp/serve.js');
    await serveMcp(files, options, io, async (words, world) => {
      await buildProgram(world).parseAsync([...words], { from: 'user' });
    });
  });
  completionCommand(program, io);
  helpCommand(program);
  for (const command of allOf(program))
    withSecretFiles(command, PEERS.has(command.name()) ? 'HANDSHARK_SECRET' : undefined);
  return program;
}

/** Commands that are a peer, whose secret may be in the environment. */
const PEERS: ReadonlySet<string> = new Set(['listen', 'connect', 'run']);

/** A command and all beneath it. */
const allOf = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(allOf)];

/** `help` tells of a command what its `--help` does. */
function helpCommand(program: Command): void {
  program
    .command('help')
    .description('tell what a command does')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      const [word] = words;
      const names = namesOf(program);
      if (word !== undefined && !names.includes(word)) {
        throw new UsageError(`help: no such command: ${word}${suggestion(word, names)}`);
      }
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
}

const namesOf = (program: Command): readonly string[] => program.commands.map((command) => command.name());

const EXAMPLES = `
Examples:
  handshark capture.pcapng                     look at a capture
  handshark -i eth0 -f 'udp port 4242'         look at live traffic
  handshark --secrets peers.secrets trace.pcap judge its cookies
  handshark decode -V -c 1 trace.pcap          print the tree of the first packet
  handshark decode -T json trace.pcap | jq .   one JSON object a packet
  handshark channels trace.pcap                a row a channel`;

type OpenCommandOptions = DecodeOptions & {
  readonly ascii?: boolean;
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
async function start(program: Command, files: readonly string[], options: OpenCommandOptions, io: Io): Promise<void> {
  refuseMisspelt(files, namesOf(program));
  const prints = asksToPrint(program);
  if (files.length === 0 && options.read === undefined && !options.explain && !prints && !isLive(options)) {
    program.outputHelp();
    return;
  }
  const listed = options.count !== undefined || options.quiet || options.explain;
  if (io.isTerminal && io.env.TERM !== 'dumb' && !listed && !prints) {
    const { open } = await import('./commands/open.js');
    await open(files, options, io);
    return;
  }
  const { decode } = await import('./commands/run-decode.js');
  await decode(files, options, io);
}

/** A first word that is no file, and is followed by more, may be a command that was misspelt. @throws {UsageError} */
function refuseMisspelt([word, ...more]: readonly string[], commands: readonly string[]): void {
  if (word === undefined || more.length === 0 || word === '-' || existsSync(word)) return;
  const meant = nearest(word, commands);
  if (meant !== undefined) throw new UsageError(`no such command: ${word}; did you mean ${meant}?`);
}
