import { CODES } from '../../dissectors/channel/messages.js';
import type { Layer, LayerName } from '../../dissectors/layer.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import type { Value } from '../../dissectors/wire/field.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import type { Packet } from './packet.js';
import { afterLayers, columnLines, frameLine, layerLine } from './tree.js';
import { workedOutLines } from './worked-out.js';

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

/** A value with the field that it is of. */
export interface FieldValue {
  readonly path: string;
  readonly value: Value;
  /** As `-T fields` prints it. */
  readonly text: string;
}

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

/** The values of a field in a packet, in the order of the packet. Builds the trees of the layers it can be in only. */
export function fieldValues(packet: Packet, name: string): readonly FieldValue[] {
  const paths = pathsOf(name);
  const found: FieldValue[] = [];
  for (const line of linesFor(packet, paths)) {
    const before = found.length;
    collect(line, paths, found);
    // Headers inside a layer have fields of their own, and most no line that heads them.
    if (found.length === before && !name.includes('.') && hasFieldsOf(line, `${name}.`)) {
      found.push({ path: name, value: name, text: name });
    }
  }
  return found;
}

const hasFieldsOf = ({ path, children }: Line, prefix: string): boolean =>
  path.startsWith(prefix) || children.some((child) => hasFieldsOf(child, prefix));

function linesFor(packet: Packet, paths: readonly string[]): readonly Line[] {
  const heads = paths.map((path) => path.split('.', 1)[0] ?? path);
  if (heads.includes('frame')) return [frameLine(packet)];
  if (heads.includes('_ws')) return columnLines(packet);
  if (heads.includes('channel') || heads.includes('expert')) return afterLayers(packet);
  const isIn = (layer: LayerName) => heads.some((head) => layer === head || HOSTS.get(head)?.includes(layer));
  return packet.dissection.layers.filter(({ name }) => isIn(name)).map((one) => cachedLine(packet, one));
}

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

const TREES = new WeakMap<Layer, Line>();

/** The tree of a layer, with the fields that are worked out; several fields of one packet share it. */
export function cachedLine(packet: Packet, layer: Layer): Line {
  const known = TREES.get(layer);
  if (known) return known;
  const explained = layerLine(packet, layer);
  const more = workedOutLines(packet, layer, explained);
  const line = more.length === 0 ? explained : { ...explained, children: [...explained.children, ...more] };
  TREES.set(layer, line);
  return line;
}

function collect(line: Line, paths: readonly string[], found: FieldValue[]): void {
  if (paths.includes(line.path)) {
    if (line.field && line.value !== undefined) {
      found.push({ path: line.path, value: line.value, text: fieldText(line) });
    } else if (!line.path.includes('.')) {
      found.push({ path: line.path, value: line.path, text: line.path });
    }
  }
  for (const child of line.children) collect(child, paths, found);
}

/** The type of a message as `-T fields` prints it. */
export const messageTypeText = (code: number): string => MESSAGE_NAMES.get(code) ?? `${code}`;

function fieldText({ path, field, value }: Line): string {
  if (field === undefined || value === undefined) return '';
  if (path === 'chan.msg.type' && typeof value === 'number') return messageTypeText(value);
  return plainText(field, value);
}
