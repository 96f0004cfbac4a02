import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { MODES, type Mode } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { PACKET_SIZES } from '../peer/settings.js';
import { CLAIM_NAMES, type ClaimName } from '../simulation/claim-names.js';
import { dropFrom } from '../simulation/drops.js';
import { type Drop, USUAL } from '../simulation/plan.js';
import { milliseconds, part, whole } from './option-values.js';
import { parseLine } from './parse-line.js';
import type { RunIo } from './run-io.js';
import type { SimulateOptions, SimulationRequest } from './simulate.js';

/** Bounds of what is simulated at once: what a machine has memory for. */
const MOST = { spurious: 1000, messages: 1_000_000, channels: 10_000, flood: 1_000_000, bytes: 1_000_000 };

/** Declares `handshark simulate`; loads nothing that other commands do not need. */
export function simulateCommand(program: Command, io: RunIo): void {
  declared(program.command('simulate'))
    .addHelpText('after', EXAMPLES)
    .action(async (claim: ClaimName | undefined, options: SimulateOptions, self: Command) => {
      // Other commands do not pay for what simulations need.
      const { simulateOrder } = await import('./simulate.js');
      simulateOrder(claim, options, givenIn(self), io);
    });
}

/** @throws {CraftError} if the words make no sense */
export function simulationFrom(words: readonly string[]): SimulationRequest {
  const command = declared(new Command('simulate'));
  parseLine(command, words);
  // The choices of the argument are the names of claims.
  const claim = command.processedArgs[0] as ClaimName | undefined;
  return { claim, options: command.opts<SimulateOptions>(), given: givenIn(command) };
}

function givenIn(command: Command): readonly string[] {
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  return given.map((option) => option.long ?? option.short ?? '');
}

/** Adds argument and options to a command. */
const declared = (bare: Command): Command => {
  const command = bare
    .addArgument(
      new Argument('[claim]', 'play one claim of the article, and say what to look for').choices(CLAIM_NAMES),
    )
    .description(
      'let two peers talk over a virtual network, in virtual time: no sockets, and the same seed makes the same run',
    )
    .addOption(new Option('--mode <mode>', 'what to do about loss and order (default: tcp)').choices(MODES))
    .addOption(
      new Option('--modes <modes>', 'run several modes over the same network, side by side: all, or x,y,z')
        .argParser(modes)
        .conflicts('mode'),
    )
    .addOption(
      new Option('--dialect <name>', 'which version of the protocol to speak')
        .choices(DIALECTS.map(({ name }) => name))
        .default('hmac'),
    );
  return (
    withNetworkOptions(withTalkOptions(command))
      .option(
        '-w, --write <file>',
        'record all packets as they are sent; - for standard output, with the report on stderr',
      )
      .option('--secrets-in-file', 'put the secrets of the cookies into the file')
      .addOption(new Option('-T <format>', 'how to report').choices(['text', 'json']).default('text'))
      .option('-v, --verbose', 'tell all that happens')
      // What comes of it is the caller's.
      .action(() => {})
  );
};

const withTalkOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--messages <n>', 'messages of the initiator, each with its number in it')
        .argParser(whole(0, MOST.messages))
        .default(USUAL.messages),
    )
    .addOption(
      new Option('--answers <n>', 'messages of the responder')
        .argParser(whole(0, MOST.messages))
        .default(USUAL.answers),
    )
    .addOption(
      new Option('--bytes <n>', 'the size of a message (default: 16, or what its number takes)').argParser(
        whole(1, MOST.bytes),
      ),
    )
    .addOption(
      new Option('--interval <ms>', 'the time between two messages').argParser(milliseconds).default(USUAL.interval),
    )
    .addOption(
      new Option('--channels <n>', 'channels that are opened at once, with bundled handshakes')
        .argParser(whole(1, MOST.channels))
        .default(USUAL.channels),
    )
    .option('--early-data', 'send data along with the handshake, in both directions')
    .addOption(
      new Option('--packet-size <n>', 'the largest packet to send, in bytes (default: 1200)').argParser(
        whole(PACKET_SIZES.least, PACKET_SIZES.most),
      ),
    );

const withNetworkOptions = (command: Command): Command =>
  command
    .addOption(new Option('--loss <p>', 'lose this part of the packets: 0.2, or 20%').argParser(part).default(0))
    .addOption(
      new Option(
        '--drop <n>',
        'lose the nth packet, or those of a range such as 7-9; of one peer: initiator:3; repeatable',
      )
        .argParser(drops)
        .default([]),
    )
    .addOption(new Option('--reorder <p>', 'hold back this part by 25 ms').argParser(part).default(0))
    .addOption(new Option('--duplicate <p>', 'let this part arrive twice').argParser(part).default(0))
    .addOption(new Option('--delay <ms>', 'how long packets take, one way').argParser(milliseconds).default(20))
    .addOption(
      new Option('--seed <n>', 'what chance depends on: the same seed, the same run')
        .argParser(whole(0, 0xffff_ffff))
        .default(USUAL.seed),
    )
    .addOption(
      new Option('--flood <n>', 'send the responder forged NEWs within 0.2 s, and open the channels in their midst')
        .argParser(whole(0, MOST.flood))
        .default(USUAL.flood),
    )
    .addOption(
      new Option('--spurious <n>', 'let somebody guess so many acknowledgements before the right one is there')
        .argParser(whole(0, MOST.spurious))
        .default(USUAL.spurious),
    );

const EXAMPLES = `
docs/article.md goes through the claims of the article.

The initiator opens channels, sends numbered messages and closes; the responder reads. Every packet of the two has a number, in
the order of sending, as the recording has it (without a flood): --drop 7 loses the seventh. The nth packet of a direction
meets the same fate in every mode.

Examples:
  handshark simulate                                        ten messages over a good network
  handshark simulate --mode streaming-1 --drop initiator:5  what becomes of a lost packet
  handshark simulate --modes all --loss 20% --seed 7        the eight modes side by side
  handshark simulate --channels 5 -w five.pcapng --secrets-in-file && handshark ladder five.pcapng
  handshark simulate flood                                  a flood against state, and against cookies
  handshark simulate --flood 100000 --dialect seqno         what a responder that remembers makes of a flood
  handshark simulate --mode y --loss 0.2 -T json | jq '.channels[0].responder'`;

function drops(text: string, before: readonly Drop[]): readonly Drop[] {
  const drop = dropFrom(text);
  if (!drop) throw new InvalidArgumentError('expected the number of a packet: 7, 7-9, initiator:3 or responder:2');
  return [...before, drop];
}

function modes(text: string): readonly Mode[] {
  if (text === 'all') return MODES;
  return text.split(',').map((word) => {
    const mode = MODES.find((known) => known === word);
    if (mode === undefined) throw new InvalidArgumentError(`expected all, or some of ${MODES.join(', ')}`);
    return mode;
  });
}
