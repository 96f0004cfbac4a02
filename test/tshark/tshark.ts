import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a program answers. */
export const answers = (program: string, ...given: readonly string[]): boolean =>
  spawnSync(program, given, { stdio: 'ignore' }).status === 0;

/** The version of tshark that is installed, if one is. */
export const tsharkVersion = (): string | undefined => {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /^TShark \(Wireshark\) (\d+\.\d+)/m.exec(stdout)?.[1] : undefined;
};

/** A Python that has scapy, if there is one. */
export const pythonWithScapy = (): string | undefined =>
  ['python3', '/usr/bin/python3'].find((python) => answers(python, '-c', 'import scapy'));

/** The layers that both programs dissect; what tshark knows beyond them would only repeat their names. */
const PROTOCOLS =
  /^(frame|pkt_comment|eth|ethertype|radiotap|prism|wlancap|ppi|pcap_pktdata|wlan|wlan_aggregate|wlan_radio|llc|vntag|ieee8021ah|pppoed|pppoes|ppp|ppp_hdlc|bcp_bpdu|chdlc|fr|nflog|pflog|enc|vlan|ieee8021ad|sll|null|raw|arp|ip|ipv6|ah|hip|mipv6|shim6|icmp|icmpv6|udp|tcp|tls|dtls|quic|ceph|mptcp|sctp|udplite|gre|erspan|vxlan|vxlan_gpe|geneve|etherip|mpls|pwethheuristic|pwethcw|pwethnocw|pwach|gtp|l2tp|teredo|esp|udpencap|isakmp|openvpn|wg|stun|dns|mdns|llmnr|data|(ip\.options|tcp\.options|ipv6|_ws)\..*)$/;

const PREFERENCES = [
  'ip.check_checksum:TRUE',
  'ip.defragment:TRUE',
  'ipv6.defragment:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udplite.check_checksum:TRUE',
  'sctp.checksum:crc-32c',
  'tcp.read_seq_as_syn_cookie:TRUE',
];

const OPTIONS = ['-n', '--enable-heuristic', 'teredo_udp', ...PREFERENCES.flatMap((preference) => ['-o', preference])];

const report = (name: string): readonly (readonly string[])[] =>
  execFileSync('tshark', ['-G', name], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .map((line) => line.split('\t'));

/** Writes the settings under which tshark dissects no more than we do. @param folder an empty folder */
export function writeSettings(folder: string): void {
  const names = report('protocols').flatMap(([, , name]) => (name === undefined || PROTOCOLS.test(name) ? [] : [name]));
  writeFileSync(join(folder, 'disabled_protos'), `${names.join('\n')}\n`);
}

/** What never stands in a value. */
const BETWEEN = '|';

/**
 * The values of fields as tshark prints them: a list a packet, in it a list a field.
 * @param settings a folder with what `writeSettings` wrote
 */
export async function tsharkFields(
  path: string,
  fields: readonly string[],
  settings: string,
): Promise<readonly (readonly (readonly string[])[])[]> {
  const given = ['-T', 'fields', '-E', `aggregator=${BETWEEN}`, '-E', 'separator=/t'];
  const stdout = await tsharkPrints(path, [...given, ...fields.flatMap((field) => ['-e', field])], settings);
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => line.split('\t').map((text) => (text === '' ? [] : text.split(BETWEEN).map(plain))));
}

/**
 * What tshark prints of a capture.
 * @param settings a folder with what `writeSettings` wrote
 */
export const tsharkPrints = (path: string, words: readonly string[], settings: string): Promise<string> =>
  new Promise((done, fail) => {
    const env = { ...process.env, WIRESHARK_CONFIG_DIR: settings };
    execFile('tshark', ['-r', path, ...OPTIONS, ...words], { maxBuffer: 1 << 28, env }, (error, output) => {
      // A damaged capture ends with the status 2, behind all that could be read.
      if (error && error.code !== 2) fail(error);
      else done(output);
    });
  });

/** The names of all fields that tshark knows. */
export const tsharkNames = (): ReadonlySet<string> =>
  new Set(report('fields').flatMap(([kind, , name]) => (kind === 'F' && name !== undefined ? [name] : [])));

/** From version 4.2 on booleans are words. */
const plain = (value: string): string => (value === 'True' ? '1' : value === 'False' ? '0' : value);
