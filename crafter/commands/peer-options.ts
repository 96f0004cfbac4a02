import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MODES, type Mode } from '../../dissectors/channel/capabilities.js';
import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { PACKET_SIZES } from '../peer/settings.js';
import { milliseconds, part, rate, seconds, whole } from './option-values.js';

/** What `peer listen` and `peer connect` are told. */
export interface PeerOptions {
  /** 32 hex digits, or a name. */
  readonly peerId: string;
  readonly secret?: Uint8Array;
  /** In seconds. */
  readonly secretRotate?: number;
  readonly dialect: DialectName;
  readonly channels?: number;
  readonly earlyData?: boolean;
  readonly echo?: boolean;
  readonly packetSize?: number;
  /** Bytes a second on channels on which nothing is sent again; infinite for no bound. */
  readonly pace?: number;
  readonly write?: string;
  readonly log?: 'json';
  /** Probabilities, from 0 to 1. */
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  /** In milliseconds. */
  readonly delay: number;
  readonly seed?: number;
}

export interface ListenOptions extends PeerOptions {
  readonly keep?: boolean;
}

export interface ConnectOptions extends PeerOptions {
  readonly remoteId: string;
  readonly mode?: Mode;
}

/** Channels between two peers: an id has 16 bits for each half. */
const MOST_CHANNELS = 65_536;

/** Adds the options that both ways to run a peer share. Source: the command line page, "`handshark peer`". */
const withPeerOptions = (command: Command, name: string, channels: string): Command =>
  command
    .addOption(id('--peer-id <id>', 'who this peer is: 32 hex digits, or a name', name))
    .addOption(new Option('--secret <hex>', 'the secret of the cookies (default: random)').argParser(secret))
    .addOption(new Option('--secret-rotate <s>', 'replace the secret this often (default: 120)').argParser(seconds))
    .addOption(
      new Option('--dialect <name>', 'which version of the protocol to speak')
        .choices(DIALECTS.map((dialect) => dialect.name))
        .default('hmac'),
    )
    .addOption(new Option('--channels <n>', channels).argParser(whole(1, MOST_CHANNELS)))
    .option('--early-data', 'send what input there is before the handshake is over')
    .option('--echo', 'send back what comes, on its channel, instead of writing it to standard output')
    .addOption(
      new Option('--packet-size <n>', 'the largest packet to send, in bytes (default: 1200)').argParser(
        whole(PACKET_SIZES.least, PACKET_SIZES.most),
      ),
    )
    .addOption(
      new Option(
        '--pace <rate>',
        'bytes a second in modes that send nothing again, such as 500k or 50M; none for no bound (default: 10M)',
      ).argParser(rate),
    )
    .option(
      '-w, --write <file>',
      'record all packets, and the own secrets, to a capture file; - for standard output, instead of the channel',
    )
    .addOption(new Option('--log <format>', 'tell every decision on standard error').choices(['json']))
    .addOption(new Option('--loss <p>', 'lose this part of what is sent: 0.05, or 5%').argParser(part).default(0))
    .addOption(new Option('--reorder <p>', 'hold back this part of what is sent').argParser(part).default(0))
    .addOption(new Option('--duplicate <p>', 'send this part twice').argParser(part).default(0))
    .addOption(new Option('--delay <ms>', 'delay what is sent').argParser(milliseconds).default(0))
    .addOption(new Option('--seed <n>', 'make the same losses again').argParser(whole(0, 0xffff_ffff)));

const EXAMPLES = `
Examples:
  handshark peer listen 127.0.0.1:4242               as nc -l: what comes, to standard output
  printf hello | handshark peer connect 127.0.0.1:4242`;

const LISTEN_EXAMPLES = `
Examples:
  handshark peer listen 127.0.0.1:4242 > file        receive a file, then end
  handshark peer listen -k '[::]:4242' >> log        serve whoever comes, one after the other or at once
  handshark peer listen 4242 -w trace.pcapng         on all addresses; look at it: handshark trace.pcapng`;

const CONNECT_EXAMPLES = `
Examples:
  printf hello | handshark peer connect 127.0.0.1:4242
  handshark peer connect [::1]:4242 --mode sctp --remote-id bob < file
  handshark peer connect host:4242 --loss 5% --reorder 5% --duplicate 1% --seed 1 < file
  handshark peer connect host:4242 --log json 2> decisions.ndjson < file`;

/** What each command does once its words are understood. */
export interface PeerActions {
  readonly listen: (address: string, options: ListenOptions) => Promise<void>;
  readonly connect: (address: string, options: ConnectOptions) => Promise<void>;
}

/** Declares `handshark peer listen` and `handshark peer connect`; loads nothing that other commands do not need. */
export function peerCommand(program: Command, { listen, connect }: PeerActions): void {
  const peer = program
    .command('peer')
    .description('a peer of the channel protocol: standard input to a channel, the channel to standard output');
  peer.addHelpText('after', EXAMPLES);
  withPeerOptions(peer.command('listen'), 'listener', 'channels at once; more are refused')
    .description('wait for channels, and end with the first of them')
    .argument('<host:port>', 'where to listen; port 0 for any, the port alone for all addresses')
    .option('-k, --keep', 'go on when channels close')
    .addHelpText('after', LISTEN_EXAMPLES)
    .action(listen);
  withPeerOptions(peer.command('connect'), 'connector', 'channels to open (default: 1); each carries the whole input')
    .description('open a channel')
    .argument('<host:port>', 'where the other peer is')
    .addOption(id('--remote-id <id>', 'who the other peer is', 'listener'))
    .addOption(new Option('--mode <mode>', 'what to do about loss and order (default: tcp)').choices(MODES))
    .addHelpText('after', CONNECT_EXAMPLES)
    .action(connect);
  peer.exitOverride((error) => {
    if (error.code === 'commander.help') throw new CommanderError(1, 'peer', 'peer: say listen or connect');
    throw error;
  });
}

/** @param name what the peer is called unless said otherwise */
const id = (flags: string, about: string, name: string): Option =>
  new Option(flags, about).argParser(notEmpty).default(name);

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('expected 32 hex digits, or a name');
  return text;
}

function secret(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})+$/i.test(text)) throw new InvalidArgumentError('expected an even number of hex digits');
  return fromHex(text);
}
