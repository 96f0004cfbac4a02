import { type Command, Option } from 'commander';
import { EXTCAP_INTERFACES, type ExtcapArgument } from '../extcap/interfaces.js';
import type { ExtcapOptions } from './extcap-world.js';
import type { Io } from './io.js';

/** Declares `handshark extcap`. */
export function extcapCommand(program: Command, io: Io): void {
  const extcap = program
    .command('extcap')
    .description(
      'what Wireshark and tshark can capture on besides interfaces: a peer, a simulation, another machine, a replay',
    )
    .option('--extcap-interfaces', 'list the interfaces, for Wireshark')
    .option('--extcap-version <version>', 'the version of Wireshark that asks')
    .option('--extcap-interface <name>', 'which interface is meant')
    .option('--extcap-dlts', 'tell the link type of an interface, for Wireshark')
    .option('--extcap-config', 'tell what an interface can be told, for Wireshark')
    .option('--capture', 'capture, for Wireshark')
    .option('--fifo <path>', 'where the capture goes')
    .option('--extcap-capture-filter <filter>', 'which packets to capture, for tcpdump on another machine')
    .option('--extcap-control-in <path>', "where Wireshark's toolbar tells what to do")
    .option('--extcap-control-out <path>', "where to tell Wireshark's toolbar what happens");
  for (const argument of argumentsOf()) extcap.addOption(optionOf(argument));
  extcap.addHelpText('after', EXAMPLES).action(async (options: ExtcapOptions) => {
    const { extcapProtocol } = await import('./run-extcap.js');
    await extcapProtocol(options, io);
  });
  const folder = (name: string, about: string): Command =>
    extcap
      .command(name)
      .description(about)
      .option('--dir <folder>', "Wireshark's folder for extcap programs; the user's own unless given");
  const action = (what: 'install' | 'status' | 'remove') => async (options: { readonly dir?: string }) => {
    const { extcapFolder } = await import('./extcap-folder.js');
    await extcapFolder(what, options.dir, io);
  };
  folder('install', 'let Wireshark and tshark find the interfaces').action(action('install'));
  folder('status', 'tell whether they do, and ask each interface what Wireshark asks').action(action('status'));
  folder('remove', 'take them away again').action(action('remove'));
}

/** What the interfaces can be told, each argument once. */
const argumentsOf = (): readonly ExtcapArgument[] => [
  ...new Map(
    EXTCAP_INTERFACES.flatMap(({ arguments: all }) => all.map((argument) => [argument.call, argument] as const)),
  ).values(),
];

/** Values are read when a capture begins: Wireshark waits for one that fails before that. */
function optionOf({ call, value, about, choices, fallback }: ExtcapArgument): Option {
  const of = EXTCAP_INTERFACES.filter(({ arguments: all }) => all.some((other) => other.call === call));
  const option = new Option(value ? `${call} <${value}>` : call, `${of.map(({ name }) => name).join(', ')}: ${about}`);
  if (choices) option.choices(choices);
  if (fallback !== undefined) option.default(fallback);
  return option;
}

const EXAMPLES = `
Examples:
  handshark extcap install                                       then capture on hs_peer and others in Wireshark
  tshark -i hs_simulate -c 20                                    look at a simulated network
  tshark -i hs_peer -o extcap.hs_peer.listen:127.0.0.1:5000      a peer that others open channels to
  handshark extcap --capture --extcap-interface hs_replay --file trace.pcap --fifo out.pcapng  what Wireshark does`;
