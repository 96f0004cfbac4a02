import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { columnOf } from '../../../analyzer/commands/run-stats.js';
import { Conversations } from '../../../analyzer/stats/conversations.js';
import { Endpoints } from '../../../analyzer/stats/endpoints.js';
import type { FlowLayer } from '../../../analyzer/stats/flow-layers.js';
import { Hierarchy } from '../../../analyzer/stats/hierarchy.js';
import { IoCounts } from '../../../analyzer/stats/io.js';
import { readAll, rowsOf } from './count.js';
import { tapNamed, taps, tsharkMissing } from './tshark.js';

if (tsharkMissing) console.log(`not compared with tshark: ${tsharkMissing}`);

const LAYERS: readonly FlowLayer[] = ['eth', 'ip', 'ipv6', 'udp', 'tcp', 'sctp'];
const HEADINGS: Readonly<Record<string, string>> = {
  eth: 'Ethernet',
  ip: 'IPv4',
  ipv6: 'IPv6',
  udp: 'UDP',
  tcp: 'TCP',
  sctp: 'SCTP',
};
const INTERVALS = ['0.02', '1', '3'];
/** Layers that both know by one name, or that can be told apart. */
const COMPARED = new Set(
  (
    'eth vlan sll null arp ip ipv6 icmp icmpv6 udp tcp sctp ' +
    'llc pppoed pppoes ppp ieee8021ah vntag wlan ppi prism wlancap'
  ).split(' '),
);
/** What tshark counts as layers and has no bytes of its own. */
const BESIDE = new Set(['raw', 'wlan_radio']);

const CAPTURES = [
  'demo.pcapng',
  'mixed-traffic.pcap',
  'vlan.pcap',
  'ipv4-fragments.pcap',
  'ipv6-fragments.pcap',
  'ipv6-extensions.pcap',
  'icmp-unreachable.pcap',
  'icmpv6-unreachable.pcap',
  'sctp.pcap',
  'tcp-stream.pcap',
  'tcp-disorder.pcap',
  'cooked.pcap',
  'pppoe.pcap',
  'backbone.pcapng',
  'wlan-old.pcapng',
  'raw-ip.pcap',
  'loopback-loop.pcap',
  'two-interfaces.pcapng',
  'snap-96.pcap',
  'sliced.pcap',
  'fragments-cut.pcap',
];

describe.skipIf(tsharkMissing)('sums agree with those of tshark', () => {
  test.each(CAPTURES)('%s', async (name) => {
    const path = `fixtures/${name}`;
    expect(existsSync(path)).toBe(true);
    const [hierarchy, endpoints, conversations] = [
      new Hierarchy(),
      new Endpoints(LAYERS),
      new Conversations(LAYERS),
    ] as const;
    const all = [{ filter: '', passes: () => true }];
    const counts = INTERVALS.map((interval) => new IoCounts(all, Number(interval)));
    await readAll(path, (packet) => {
      for (const fold of [hierarchy, endpoints, conversations, ...counts]) fold.take(packet);
    });
    const texts = taps(path, [
      'io,phs',
      ...LAYERS.flatMap((layer) => [`endpoints,${layer}`, `conv,${layer}`]),
      ...INTERVALS.map((interval) => `io,stat,${interval}`),
    ]);

    expect(ourHierarchy(hierarchy)).toEqual(theirHierarchy(tapNamed(texts, 'Protocol Hierarchy')));
    for (const layer of LAYERS) {
      // Its `-z io,phs` counts the fragments of IPv6 datagrams, these do not; ours do, as with IPv4.
      if (layer === 'ipv6' && name === 'ipv6-fragments.pcap') continue;
      const ends = endpoints.sheets().find(({ rows }) => rows[0]?.[0] === layer);
      expect(ends ? rowsOf(ends).map(endpointText).sort() : []).toEqual(
        theirEndpoints(tapNamed(texts, `${HEADINGS[layer]} Endpoints`)),
      );
      const pairs = conversations.sheets().find(({ rows }) => rows[0]?.[0] === layer);
      expect(pairs ? rowsOf(pairs).map(conversationText).sort() : []).toEqual(
        theirConversations(tapNamed(texts, `${HEADINGS[layer]} Conversations`)),
      );
    }
    const theirs = texts
      .filter((text) => text.includes('IO Statistics'))
      .map(theirCounts)
      .reverse();
    for (const [place, count] of counts.entries()) {
      const rows = count.sheets().flatMap(rowsOf);
      // tshark leaves out a last packet that comes just when an interval begins.
      const [last] = rows.slice(-1);
      const told = rows.length > 1 && last?.start === last?.end ? rows.slice(0, -1) : rows;
      expect(told.map(({ frames, bytes }) => `${frames} ${bytes}`)).toEqual(theirs[place]);
    }
  });
});

const MEASURED = [
  'COUNT(ip.ttl)ip.ttl',
  'SUM(ip.len)ip.len',
  'MIN(ip.len)ip.len',
  'MAX(ip.len)ip.len && udp',
  'AVG(ip.len)ip.len',
  'COUNT(udp.port)udp.port',
  'SUM(udp.length)udp.length > 60',
  'MAX(tcp.seq)tcp.seq',
  'AVG(frame.time_delta)frame.time_delta',
  'MAX(frame.time_delta)frame.time_delta',
  'SUM(frame.len)frame.len',
];
const DURATIONS = /time_delta/;

describe.skipIf(tsharkMissing)('what is worked out of fields agrees with tshark', () => {
  test.each(['demo.pcapng', 'mixed-traffic.pcap', 'tcp-stream.pcap', 'vlan.pcap', 'ipv4-fragments.pcap'])(
    '%s',
    async (name) => {
      const path = `fixtures/${name}`;
      for (const interval of ['0', '0.05', '1']) {
        const text =
          taps(path, [`io,stat,${interval},${MEASURED.join()}`]).find((one) => one.includes('IO Statistics')) ?? '';
        const theirs = [...text.matchAll(/^\|.*<>[^|]*\|(.*)\|$/gm)].map(([, cells = '']) =>
          cells.split('|').map((cell) => cell.trim()),
        );
        const counts = new IoCounts(MEASURED.map(columnOf), Number(interval));
        await readAll(path, (packet) => counts.take(packet));
        const rows = counts.sheets().flatMap(rowsOf);
        const ours = rows.map((row) => MEASURED.map((column) => asTshark(column, Number(row[column] ?? 0))));
        // tshark leaves out a last packet that comes just when an interval begins.
        const [last] = rows.slice(-1);
        expect(rows.length > 1 && last?.start === last?.end ? ours.slice(0, -1) : ours).toEqual(theirs);
      }
    },
  );
});

/** Its averages of whole numbers are whole; durations have six places. */
const asTshark = (column: string, value: number): string =>
  DURATIONS.test(column) ? value.toFixed(6) : `${Math.floor(value)}`;

type Cells = Readonly<Record<string, string | number | undefined>>;
type Counts = Readonly<Record<string, readonly [frames: number, bytes: number]>>;

function ourHierarchy(hierarchy: Hierarchy): Counts {
  const rows = hierarchy
    .sheets()
    .flatMap(rowsOf)
    .filter(({ path }) => `${path}`.split(':').every((name) => COMPARED.has(name)));
  return Object.fromEntries(rows.map(({ path, frames, bytes }) => [path, [Number(frames), Number(bytes)]]));
}

/** What tshark knows better (DNS, say) or calls otherwise is left out; its name for service tags is one of ours. */
function theirHierarchy(text: string): Counts {
  const found: Record<string, [number, number]> = {};
  const path: string[] = [];
  for (const [, indent = '', name = '', frames, bytes] of text.matchAll(/^( *)(\S+) +frames:(\d+) bytes:(\d+)/gm)) {
    path.length = indent.length / 2;
    path.push(name === 'ieee8021ad' ? 'vlan' : name);
    const layers = path.filter((layer) => !BESIDE.has(layer));
    if (BESIDE.has(name) || !layers.every((layer) => COMPARED.has(layer))) continue;
    const [sum, total] = found[layers.join(':')] ?? [0, 0];
    found[layers.join(':')] = [sum + Number(frames), total + Number(bytes)];
  }
  return found;
}

const endpointText = (row: Cells): string =>
  [
    row.address,
    row.port,
    row.packets,
    row.bytes,
    row.packets_sent,
    row.bytes_sent,
    row.packets_received,
    row.bytes_received,
  ]
    .filter((cell) => cell !== undefined)
    .join(' ');

const theirEndpoints = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /^[\da-f.:]+ +\d/.test(line))
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .sort();

/** The ends in one order, whoever sent first; only frames, since tshark rounds large numbers of bytes. */
function pairText(one: string, other: string, out: number, back: number): string {
  return one < other ? `${one} ${other} ${out} ${back}` : `${other} ${one} ${back} ${out}`;
}

function conversationText(row: Cells): string {
  const end = (address: unknown, port: unknown) => (port === undefined ? `${address}` : `${address}:${port}`);
  const [one, other] = [end(row.address_a, row.port_a), end(row.address_b, row.port_b)];
  return pairText(one, other, Number(row.packets_a_to_b), Number(row.packets_b_to_a));
}

const theirConversations = (text: string): readonly string[] =>
  [...text.matchAll(/^(\S+) +<-> (\S+) +(\d+) \d+ \S+ +(\d+) \d+/gm)]
    .map(([, one = '', other = '', back, out]) => pairText(one, other, Number(out), Number(back)))
    .sort();

/** Frames and bytes of each interval. */
const theirCounts = (text: string): readonly string[] =>
  [...text.matchAll(/^\|.*<>[^|]*\| +(\d+) \| +(\d+) \|/gm)].map(([, frames, bytes]) => `${frames} ${bytes}`);
