import { Command, InvalidArgumentError, Option } from 'commander';
import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';
import { LINK_NAMES } from '../rewrite/link-change.js';
import { part, whole } from './option-values.js';
import { parseLine } from './parse-line.js';

/** What `rewrite` is told. */
export interface RewriteOptions {
  readonly filter?: string;
  readonly where?: string;
  readonly packets?: string;
  readonly drop: readonly string[];
  readonly duplicate: readonly string[];
  readonly reorder: readonly string[];
  readonly dedup?: number | true;
  readonly sort?: boolean;
  readonly concatenate?: boolean;
  readonly seed: number;
  readonly address: readonly string[];
  readonly src: readonly string[];
  readonly dst: readonly string[];
  readonly mac: readonly string[];
  readonly srcMac: readonly string[];
  readonly dstMac: readonly string[];
  readonly port: readonly string[];
  readonly srcPort: readonly string[];
  readonly dstPort: readonly string[];
  readonly anonymize?: string;
  readonly deanonymize?: string;
  readonly vlan: readonly string[];
  readonly addVlan: readonly string[];
  readonly dropVlan?: number | true;
  readonly linkType?: string;
  readonly encapsulation?: number;
  readonly ttl?: string;
  readonly set: readonly string[];
  readonly rewriteId: readonly string[];
  readonly secret?: string;
  readonly initiatorSecret?: string;
  readonly responderSecret?: string;
  readonly timeShift?: string;
  readonly timeScale?: number;
  readonly timeStart?: string;
  readonly time?: string;
  readonly rate?: number;
  readonly strictTime?: boolean;
  readonly snaplen?: number;
  readonly chop?: string;
  readonly adjustLength?: boolean;
  readonly error?: number;
  readonly fixChecksums?: boolean;
  readonly fixLengths?: boolean;
  /** False with `--no-repair`. */
  readonly repair: boolean;
  readonly comment: readonly string[];
  readonly discardComments?: boolean;
  readonly injectSecrets: readonly string[];
  readonly discardSecrets?: boolean;
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
  readonly fromHex?: boolean;
  readonly hexOffset: 'hex' | 'dec' | 'oct' | 'none';
  readonly hexTime?: string;
  readonly hexDirection?: boolean;
  readonly layer: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function above0(text: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a number above 0');
}

/** Bytes of a packet that a snap length may keep: what a capture file can hold. */
const MOST_SIZE = 1 << 28;
/** The largest seed: 32 bits. */
const MOST_SEED = 2 ** 32 - 1;
/** VLAN tags that are taken out of one frame. */
const MOST_TAGS = 64;
/** Packets that are compared with each to find it again, at most. */
const MOST_WINDOW = 1_000_000;

/** Declares `handshark rewrite`; loads nothing that other commands do not need. */
export function rewriteCommand(
  program: Command,
  run: (files: readonly string[], options: RewriteOptions) => Promise<void>,
): void {
  const command = program
    .command('rewrite')
    .description('write a capture anew: addresses, ports, tags, times, fields, order; several are merged')
    .argument('<files...>', 'the captures to read, then the one to write; - for standard input and output');
  withOptions(command).addHelpText('after', EXAMPLES).action(run);
}

/** What a line asks for that has options of `handshark rewrite`, and no files. @throws {CraftError} if it makes no sense */
export function rewriteFrom(words: readonly string[]): RewriteOptions {
  const command = withOptions(new Command('rewrite')).allowExcessArguments(false);
  parseLine(command, words);
  return command.opts<RewriteOptions>();
}

function withOptions(command: Command): Command {
  withSelection(command);
  withAddresses(command);
  withContents(command);
  withTimes(command);
  withRepairs(command);
  withHex(command);
  return command;
}

const withSelection = (command: Command): Command =>
  command
    .option('-Y, --filter <filter>', 'keep only packets that a display filter passes')
    .option('--packets <numbers>', 'keep only these packets: 1-10,20,100-')
    .option('--where <filter>', 'change only packets that a display filter passes; the others are copied')
    .option(
      '--drop <what>',
      'leave packets out: a share (5%), numbers (7,9-12) or a display filter; repeatable',
      collect,
      [],
    )
    .option('--duplicate <what>', 'write packets twice; repeatable', collect, [])
    .option(
      '--reorder <what>',
      'write packets after those that follow them, which get their times; repeatable',
      collect,
      [],
    )
    .addOption(
      new Option('--dedup [n]', 'leave out what is the same as one of the n packets before it (default: 5)').argParser(
        whole(1, MOST_WINDOW),
      ),
    )
    .option('--sort', 'put packets into the order of their times')
    .option('-a, --concatenate', 'one capture behind the other, instead of by time')
    .addOption(new Option('--seed <n>', 'what chance follows from').argParser(whole(0, MOST_SEED)).default(1));

const withAddresses = (command: Command): Command =>
  command
    .option(
      '--address <old=new>',
      'replace an IP address or network (10.0.0.0/8=192.168.0.0/8) wherever it stands; repeatable',
      collect,
      [],
    )
    .option('--src <[old=]new>', 'send from another IP address; repeatable', collect, [])
    .option('--dst <[old=]new>', 'send to another IP address; repeatable', collect, [])
    .option('--mac <old=new>', 'replace an Ethernet address wherever it stands; repeatable', collect, [])
    .option('--src-mac <[old=]new>', 'send from another Ethernet address; repeatable', collect, [])
    .option('--dst-mac <[old=]new>', 'send to another Ethernet address; repeatable', collect, [])
    .option('--port <old=new>', 'replace a port of UDP, TCP or SCTP on either side; repeatable', collect, [])
    .option('--src-port <[old=]new>', 'send from another port; repeatable', collect, [])
    .option('--dst-port <[old=]new>', 'send to another port; repeatable', collect, [])
    .option('--anonymize <key>', 'replace all IP and Ethernet addresses, keeping which share a prefix (Crypto-PAn)')
    .option('--deanonymize <key>', 'bring back what --anonymize replaced with this key')
    .option('--vlan <[old=]new>', 'change the ids of VLAN tags; the outermost without OLD; repeatable', collect, [])
    .option(
      '--add-vlan <id[:priority[:type]]>',
      'put a VLAN tag around all others (type: 8100, 88a8); repeatable',
      collect,
      [],
    )
    .addOption(
      new Option('--drop-vlan [n]', 'take the n outermost VLAN tags out (default: 1)').argParser(whole(1, MOST_TAGS)),
    )
    .addOption(
      new Option('--link-type <name>', 'put the network layer into another link layer').choices(
        Object.keys(LINK_NAMES),
      ),
    )
    .addOption(
      new Option('--encapsulation <n>', 'say that frames are of this link type, without changing them').argParser(
        whole(0, 0xffff),
      ),
    );

const withContents = (command: Command): Command =>
  command
    .option('--set <field=value>', 'change a field, or add to it with += and -=; repeatable', collect, [])
    .option('--ttl <n>', 'the time to live or hop limit: a number, or +n, -n')
    .option('--rewrite-id <old=new>', 'replace a peer id: 32 hex digits, or a name; repeatable', collect, [])
    .option('--secret <hex>', 'make all cookies anew with this secret')
    .option('--initiator-secret <hex>', "make the initiators' cookies anew, where the secrets differ")
    .option('--responder-secret <hex>', "make the responders' cookies anew")
    .addOption(new Option('-s, --snaplen <n>', 'keep no more bytes of each packet').argParser(whole(0, MOST_SIZE)))
    .option('--chop <[offset:]n>', 'take n bytes out, from the start or from offset; with -n at the end')
    .option('--adjust-length', 'with --chop: they were not on the wire either')
    .addOption(new Option('--error <share>', 'damage so many of all bytes: 0.01 or 1%').argParser(part))
    .option('--comment <number:text>', 'add a comment to a packet; repeatable', collect, [])
    .option('--discard-comments', 'leave the comments of packets out')
    .option('--inject-secrets <file>', 'let these secrets travel in the file; repeatable', collect, [])
    .option('--discard-secrets', 'leave out the secrets that travel in the capture');

const withTimes = (command: Command): Command =>
  command
    .option('--time-shift <time>', 'add to all times: 1.5, -3600, 250ms, 2h, -1d')
    .addOption(new Option('--time-scale <x>', 'stretch the time since the first packet').argParser(above0))
    .option('--time-start <time>', 'when the first packet was captured: 2026-01-01T00:00:00Z, or seconds since 1970')
    .option('--time <time>', 'when every packet was captured')
    .addOption(new Option('--rate <pps>', 'so many packets a second, evenly').argParser(above0).conflicts('timeScale'))
    .option('--strict-time', 'let no packet be earlier than the one before it');

const withRepairs = (command: Command): Command =>
  command
    .option('--fix-checksums', 'make all checksums right; without it each is as right or wrong as it was')
    .option('--fix-lengths', 'end IP and UDP lengths that reach beyond the frame with it')
    .option('--no-repair', 'leave checksums as they are')
    .option('--secrets <file>', 'judge cookies for the filters; repeatable', collect, [])
    .addOption(
      new Option('--dialect <name>', 'read every channel packet as this dialect').choices(
        DIALECTS.map(({ name }) => name),
      ),
    );

const withHex = (command: Command): Command =>
  command
    .option('--from-hex', 'read hex dumps, as text2pcap does, instead of captures')
    .addOption(
      new Option('--hex-offset <base>', 'how offsets are written')
        .choices(['hex', 'dec', 'oct', 'none'])
        .default('hex'),
    )
    .option('--hex-time <format>', 'what stands before a dump: %Y-%m-%d %H:%M:%S.%f, %s.%f, …')
    .option('--hex-direction', 'an I or O before a dump says whether it came in or went out')
    .option('--layer <name[:field=value,…]>', 'a layer around every dump, outermost first; repeatable', collect, []);

const EXAMPLES = `
Examples:
  handshark rewrite a.pcap b.pcap both.pcapng                          merged by time
  handshark rewrite a.pcap b.pcap --address 10.0.0.0/8=192.168.0.0/8 --port 4242=4243
  handshark rewrite a.pcap b.pcap --set ip.ttl=9 --where 'chan.msg.type == new'
  handshark rewrite a.pcap b.pcap --anonymize 'a secret of ours'
  handshark rewrite a.pcap b.pcap --link-type eth --add-vlan 7 --time-start 2026-01-01T00:00:00Z
  handshark rewrite a.pcap b.pcap --drop 5% --duplicate 5% --reorder 5% --seed 3
  handshark rewrite dump.txt out.pcapng --from-hex --layer eth --layer ip --layer udp:dstport=4242`;
