import { CODES } from '../../dissectors/channel/messages.js';
import type { LayerName } from '../../dissectors/layer.js';
import { DISSECTORS } from '../../dissectors/registry.js';

/** Fields that stand for either of two: a filter or a column of them takes both. */
export const EITHER: Readonly<Record<string, readonly string[]>> = {
  'eth.addr': ['eth.dst', 'eth.src'],
  'ip.addr': ['ip.src', 'ip.dst'],
  'ipv6.addr': ['ipv6.src', 'ipv6.dst'],
  'ip.host': ['ip.src_host', 'ip.dst_host'],
  'ipv6.host': ['ipv6.src_host', 'ipv6.dst_host'],
  'udp.port': ['udp.srcport', 'udp.dstport'],
  'tcp.port': ['tcp.srcport', 'tcp.dstport'],
  'sctp.port': ['sctp.srcport', 'sctp.dstport'],
  'chan.peer': ['chan.sender', 'chan.recipient'],
};

/** Fields whose name others have too: in Wireshark the version of an IPv6 header has that of IPv4's as well. */
const SHARED: Readonly<Record<string, readonly string[]>> = { 'ip.version': ['ip.version', 'ipv6.version'] };

/** Fields of the tracker and of findings, and the names that scripts know them by. */
const ALIASES: Readonly<Record<string, string>> = {
  'chan.cookie1_status': 'chan.cookie1.status',
  'chan.cookie2_status': 'chan.cookie2.status',
  'chan.cookie_status': 'chan.cookie.status',
  'chan.checksum_status': 'chan.checksum.status',
  'chan.msg': 'chan.msg.type',
  'chan.caps.bits': 'chan.caps',
  '_ws.col.No.': '_ws.col.number',
  '_ws.col.Time': '_ws.col.time',
  '_ws.col.Source': '_ws.col.source',
  '_ws.col.def_src': '_ws.col.source',
  '_ws.col.Destination': '_ws.col.destination',
  '_ws.col.def_dst': '_ws.col.destination',
  '_ws.col.Protocol': '_ws.col.protocol',
  '_ws.col.Length': '_ws.col.length',
  '_ws.col.packet_length': '_ws.col.length',
  '_ws.col.Info': '_ws.col.info',
};

const MESSAGE_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(CODES).map(([name, code]) => [code, name]));

/** The paths that a field name stands for. */
export const pathsOf = (name: string): readonly string[] => {
  const path = (Object.hasOwn(ALIASES, name) && ALIASES[name]) || name;
  for (const several of [EITHER, SHARED]) {
    const paths = Object.hasOwn(several, path) && several[path];
    if (paths) return paths;
  }
  return [path];
};

/** The layers that have fields named after another: `llc` lies in `eth`, `ah` in `ipv6`. */
export const HOSTS: ReadonlyMap<string, readonly LayerName[]> = hosts();

function hosts(): ReadonlyMap<string, readonly LayerName[]> {
  const found = new Map<string, LayerName[]>();
  for (const { name, fields } of DISSECTORS) {
    for (const head of new Set(fields.map(({ path }) => path.split('.', 1)[0] ?? path))) {
      if (head === name) continue;
      const names = found.get(head);
      if (names) names.push(name);
      else found.set(head, [name]);
    }
  }
  return found;
}

/** Whether a layer has fields named after another. */
export const isHost = (name: LayerName, head: string): boolean => HOSTS.get(head)?.includes(name) === true;

/** The type of a message as `-T fields` prints it. */
export const messageTypeText = (code: number): string => MESSAGE_NAMES.get(code) ?? `${code}`;
