import { MODES } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';

/** What an interface can be told, in Wireshark's dialog and as an option. */
export interface ExtcapArgument {
  /** The option that carries it: `--listen`. */
  readonly call: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly display: string;
  /** How it is asked for. Source: extcap(4), "arg (options)". */
  readonly type: 'string' | 'unsigned' | 'selector' | 'fileselect' | 'boolflag';
  readonly fallback?: string;
  readonly required?: boolean;
  readonly about: string;
  readonly choices?: readonly string[];
}

/** Something that Wireshark can capture on. */
export interface ExtcapInterface {
  readonly name: InterfaceName;
  readonly display: string;
  /** The link type that is announced; packets say themselves what they have. */
  readonly linkType: { readonly number: number; readonly name: string; readonly display: string };
  readonly arguments: readonly ExtcapArgument[];
}

export type InterfaceName = 'hs_peer' | 'hs_simulate' | 'hs_ssh' | 'hs_replay';

const RAW = { number: 101, name: 'RAW', display: 'Raw IP' };
const ETHERNET = { number: 1, name: 'EN10MB', display: 'Ethernet' };

const dialect: ExtcapArgument = {
  call: '--dialect',
  value: 'name',
  display: 'Dialect',
  type: 'selector',
  fallback: 'hmac',
  about: 'which version of the protocol to speak',
  choices: DIALECTS.map(({ name }) => name),
};

const secrets: ExtcapArgument = {
  call: '--secrets',
  value: 'file',
  display: 'Secrets',
  type: 'fileselect',
  about: 'a secrets file that goes along inside the capture',
};

/** All interfaces, in the order of Wireshark's list. */
export const EXTCAP_INTERFACES: readonly ExtcapInterface[] = [
  {
    name: 'hs_peer',
    display: 'Handshark: a listening peer',
    linkType: RAW,
    arguments: [
      {
        call: '--listen',
        value: 'host:port',
        display: 'Listen on',
        type: 'string',
        fallback: '127.0.0.1:4242',
        required: true,
        about: 'where the peer listens; port 0 for any',
      },
      {
        call: '--peer-id',
        value: 'id',
        display: 'Peer id',
        type: 'string',
        fallback: 'listener',
        about: 'who the peer is: 32 hex digits, or a name',
      },
      {
        call: '--secret-file',
        value: 'file',
        display: 'Secret of its cookies',
        type: 'fileselect',
        about: 'a file whose first line is the secret in hex; random without one',
      },
      dialect,
      { call: '--echo', display: 'Echo', type: 'boolflag', about: 'send back what comes on a channel' },
    ],
  },
  {
    name: 'hs_simulate',
    display: 'Handshark: a simulated network',
    linkType: RAW,
    arguments: [
      {
        call: '--mode',
        value: 'mode',
        display: 'Mode',
        type: 'selector',
        fallback: 'tcp',
        about: 'what the channels do about loss and order',
        choices: MODES,
      },
      dialect,
      {
        call: '--loss',
        value: 'p',
        display: 'Loss',
        type: 'string',
        fallback: '5%',
        about: 'lose this part of all packets: 0.05, or 5%',
      },
      {
        call: '--channels',
        value: 'n',
        display: 'Channels',
        type: 'unsigned',
        fallback: '3',
        about: 'channels at once',
      },
      {
        call: '--messages',
        value: 'n',
        display: 'Messages',
        type: 'unsigned',
        fallback: '10',
        about: 'messages on each channel',
      },
      {
        call: '--seed',
        value: 'n',
        display: 'Seed',
        type: 'unsigned',
        fallback: '1',
        about: 'the same seed, the same run',
      },
    ],
  },
  {
    name: 'hs_ssh',
    display: 'Handshark: capture on another machine, over ssh',
    linkType: ETHERNET,
    arguments: [
      {
        call: '--remote-host',
        value: 'host',
        display: 'Host',
        type: 'string',
        required: true,
        about: 'the machine, as ssh names it: host or user@host; it must let you in without asking',
      },
      { call: '--remote-port', value: 'port', display: 'Port of ssh', type: 'unsigned', about: 'unless the usual one' },
      {
        call: '--remote-interface',
        value: 'name',
        display: 'Interface',
        type: 'string',
        about: 'what tcpdump captures on there; its first unless given',
      },
      {
        call: '--remote-command',
        value: 'command',
        display: 'Command',
        type: 'string',
        about: 'what to run there instead of tcpdump: it writes a capture to standard output',
      },
      secrets,
    ],
  },
  {
    name: 'hs_replay',
    display: 'Handshark: a capture once more',
    linkType: ETHERNET,
    arguments: [
      {
        call: '--file',
        value: 'file',
        display: 'Capture',
        type: 'fileselect',
        required: true,
        about: 'the capture to replay: pcap or pcapng, compressed or not',
      },
      {
        call: '--speed',
        value: 'x',
        display: 'Speed',
        type: 'string',
        fallback: '1',
        about: 'a multiple of the captured pace, or top: all at once',
      },
      secrets,
    ],
  },
];

export const isInterfaceName = (name: string): name is InterfaceName =>
  EXTCAP_INTERFACES.some((known) => known.name === name);
