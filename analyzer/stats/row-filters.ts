import { epochTime } from '../text/elapsed.js';
import { linkTypeOfNode } from './hierarchy.js';
import type { Cell, Sheet } from './sheet.js';

/** A row of a table, by the keys of its columns. */
type Row = (key: string) => Cell;

/** What makes the filter for a row of a table; an empty one where there is none. */
export type RowFilter = (row: Row) => string;

/** The filters that pass the packets that the rows of a table count. */
export function filtersOf({ columns, rows }: Sheet, filter: RowFilter): readonly string[] {
  const places = new Map(columns.map(({ key }, place) => [key, place]));
  return rows.map((cells) => filter((key) => cells[places.get(key) ?? -1]));
}

const LAYER_ENDS: Readonly<Record<string, readonly [source: string, destination: string]>> = {
  eth: ['eth.src', 'eth.dst'],
  ip: ['ip.src', 'ip.dst'],
  ipv6: ['ipv6.src', 'ipv6.dst'],
  chan: ['chan.sender', 'chan.recipient'],
  channel: ['chan.sender', 'chan.recipient'],
};

/** An end of a flow as it is the source, and the destination, of packets. */
function endTests(layer: string, address: string, port: Cell): readonly [string, string] {
  const network = LAYER_ENDS[layer] ?? LAYER_ENDS[address.includes(':') ? 'ipv6' : 'ip'];
  const [source, destination] = network ?? ['', ''];
  const hasPort = port !== undefined && layer !== 'channel';
  const test = (field: string, transport: string) =>
    [
      ...(address === '' ? [] : [`${field} == ${address}`]),
      ...(hasPort ? [`${layer}.${transport} == ${port}`] : []),
    ].join(' && ');
  return [test(source, 'srcport'), test(destination, 'dstport')];
}

const either = (one: string, other: string): string => (one === other ? one : `(${one}) || (${other})`);

/** For a table of endpoints. */
export function endpointFilter(row: Row): string {
  const layer = `${row('layer')}`;
  const address = row('address');
  if (typeof address !== 'string' || address.startsWith('(')) return '';
  const [from, to] = endTests(layer, address, row('port'));
  return onChannel(layer, row('port'), either(from, to));
}

/** For a table of conversations. */
export function conversationFilter(row: Row): string {
  const layer = `${row('layer')}`;
  const [a, b] = [row('address_a'), row('address_b')];
  if (typeof a !== 'string' || typeof b !== 'string' || a.startsWith('(')) return '';
  const [fromA, toA] = endTests(layer, a, row('port_a'));
  const [fromB, toB] = endTests(layer, b, row('port_b'));
  return onChannel(layer, row('port_a'), either(`${fromA} && ${toB}`, `${fromB} && ${toA}`));
}

const onChannel = (layer: string, id: Cell, ends: string): string =>
  layer === 'channel' ? `chan.id == ${id} && (${ends})` : ends;

/** For the hierarchy of layers: each is beneath the one before it in its path. */
export function hierarchyFilter(row: Row): string {
  const path = `${row('path')}`.split(':');
  const linkType = linkTypeOfNode(path[0] ?? '');
  const names = linkType === undefined ? path : path.slice(1);
  const onLink = linkType === undefined ? [] : [`frame.link_type == ${linkType}`];
  if (names.length === 0) return `${onLink} && frame.protocols == "data"`;
  const place = names.indexOf('chan');
  const layers = place < 0 ? names : names.slice(0, place + 1);
  const [dialect, message] = place < 0 ? [] : names.slice(place + 1);
  // Several channel packets, and data between them, stand beside each other in one frame.
  const chain = layers.map((name) => (name === 'chan' || name === 'data' ? `((chan|data):)*${name}` : name)).join(':');
  const tests = [...onLink, `frame.protocols matches "^${chain}(:|$)"`];
  if (dialect !== undefined) tests.push(`chan.dialect == "${dialect}"`);
  if (message === 'unknown') tests.push('expert.code == "message-unknown"');
  else if (message !== undefined) tests.push(`chan.msg.type == ${message}`);
  return tests.join(' && ');
}

/** For the table of findings. */
export const expertFilter: RowFilter = (row) => `expert.code == "${row('code')}"`;

const HANDSHAKE = 'chan.msg.type in {NEW, ACKNOWLEDGE, FINALIZE}';

/** For the table of handshakes: the messages of a peer. */
export function handshakeFilter(row: Row): string {
  const [peer, role] = [row('peer'), row('role')];
  if (role === undefined) return peer === '(all)' ? HANDSHAKE : '';
  return `${HANDSHAKE} && chan.peer == ${peer}`;
}

/** Channels that one filter names at most. */
const MOST_NAMED = 1000;

/** Passes the packets of some channels; empty where they are too many to name. */
export const channelsFilter = (numbers: readonly number[]): string =>
  numbers.length === 0 || numbers.length > MOST_NAMED ? '' : `channel.number in {${numbers.join(', ')}}`;

/** For the table over time. @param origin when the first packet of the capture came */
export function timeFilter(origin: { readonly seconds: number; readonly nanos: number }, interval: number): RowFilter {
  return (row) => {
    const start = row('start');
    if (typeof start !== 'number') return '';
    const [from, to] = [start, start + interval].map((time) => epochAfter(origin, time));
    return from && to ? `frame.time_epoch >= ${from} && frame.time_epoch < ${to}` : '';
  };
}

/** A time in seconds after the origin, to the microsecond, as epoch seconds; less the half one that rounds up to it. */
function epochAfter({ seconds, nanos }: { readonly seconds: number; readonly nanos: number }, time: number) {
  const micros = Math.round(time * 1e6);
  const after = nanos + (micros % 1e6) * 1000 - 500;
  const carry = Math.floor(after / 1e9);
  const whole = seconds + Math.floor(micros / 1e6) + carry;
  return whole < 0 ? undefined : epochTime(whole, after - carry * 1e9);
}
