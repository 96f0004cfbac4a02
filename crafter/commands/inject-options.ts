import { type Command, InvalidArgumentError, Option } from 'commander';
import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';

/** What `inject` is told. */
export interface InjectOptions {
  readonly udp?: string;
  readonly interface?: string;
  readonly filter?: string;
  readonly dialect?: DialectName;
  readonly speed?: number;
  readonly rate?: number;
  readonly topspeed?: boolean;
  readonly count?: number;
  readonly loop: number;
  readonly rewriteSrc: readonly string[];
  readonly rewriteDst: readonly string[];
  readonly rewriteId: readonly string[];
  readonly secret?: string;
  readonly initiatorSecret?: string;
  readonly responderSecret?: string;
  readonly yes?: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function above0(text: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a number above 0');
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

/** Declares `handshark inject`; loads nothing that other commands do not need. */
export function injectCommand(program: Command, run: (file: string, options: InjectOptions) => Promise<void>): void {
  program
    .command('inject')
    .description('send the packets of a capture: channel packets as UDP payloads, or whole frames')
    .argument('<file>', 'the capture; - for standard input')
    .option('--udp <host:port>', 'send every channel packet there, in a datagram')
    .option('-i, --interface <name>', 'send whole frames out of an interface')
    .option('-Y, --filter <filter>', 'only packets that a display filter passes')
    .addOption(
      new Option('--dialect <name>', 'read every channel packet as this dialect').choices(
        DIALECTS.map(({ name }) => name),
      ),
    )
    .addOption(new Option('--speed <x>', 'a multiple of the captured pace (default: 1)').argParser(above0))
    .addOption(new Option('--rate <pps>', 'so many packets a second').argParser(above0).conflicts('speed'))
    .addOption(new Option('--topspeed', 'as fast as it goes').conflicts(['speed', 'rate']))
    .addOption(new Option('-c, --count <n>', 'stop after sending this many packets').argParser(whole))
    .addOption(new Option('--loop <n>', 'go through the file so often; 0 until stopped').argParser(whole).default(1))
    .option('--rewrite-src <[old=]new>', 'send from another IP address; repeatable', collect, [])
    .option('--rewrite-dst <[old=]new>', 'send to another IP address; repeatable', collect, [])
    .option('--rewrite-id <old=new>', 'replace a peer id: 32 hex digits, or a name; repeatable', collect, [])
    .option('--secret <hex>', 'make all cookies anew with this secret')
    .option('--initiator-secret <hex>', "make the initiators' cookies anew, where the secrets differ")
    .option('--responder-secret <hex>', "make the responders' cookies anew")
    .option('--yes', 'do flood a network that is not the own machine')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  handshark inject trace.pcap --udp 127.0.0.1:4242                     at the captured pace
  handshark inject trace.pcap --udp 127.0.0.1:4242 --rate 500 --loop 0
  handshark inject trace.pcap --udp 127.0.0.1:4242 -Y 'chan.msg.type == new' --topspeed -c 100000
  handshark inject trace.pcap --udp host:4242 --rewrite-id alice=carol --secret 0a0b0c
  handshark inject trace.pcap -i lo --rewrite-src 127.0.0.1 --rewrite-dst 127.0.0.1`;
