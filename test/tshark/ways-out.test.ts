import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, running } from '../analyzer/commands/running.js';
import { commonFields } from './compare.js';
import { tsharkPrints, tsharkVersion, writeSettings } from './tshark.js';
import { elasticFields, type Fields, pdmlFields, rawFields } from './ways-out.js';

const version = tsharkVersion();
const folder = mkdtempSync(join(tmpdir(), 'handshark-ways-'));
const capture = join(folder, 'together.pcapng');
let common: ReadonlySet<string> = new Set();

/** Captures that are made of layers which both programs know, but for channel packets, which are data there. */
const FIXTURES: readonly string[] = [
  ...['ipv6', 'ipv4-fragments', 'ipv6-extensions', 'icmp-unreachable', 'icmpv6-unreachable', 'mixed-traffic'],
  ...['dns', 'vxlan', 'ah', 'sctp', 'wireguard', 'ikev2', 'tcp-stream', 'tcp-fast-open', 'cooked'],
].map((name) => `fixtures/${name}.pcap`);

beforeAll(() => {
  if (version === undefined) return;
  writeSettings(folder);
  common = new Set(commonFields());
  execFileSync('mergecap', ['-a', '-w', capture, ...FIXTURES], { stdio: 'ignore' });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Fields of which only the value is compared, and why. */
const VALUE_ONLY: readonly RegExp[] = [
  // Read from the one byte in which the bits are there, from both here.
  /^tcp\.flags\.\w+$/,
  // Worked out, and told of other bytes.
  /^(tcp\.(nxtseq|window_size|window_size_scalefactor|stream|completeness|analysis\.\w+|time_\w+)|udp\.stream)$/,
  /^ipv6\.\w+\.len_oct$/,
  // Told of all bytes of the payload there, of the byte that holds it here.
  /^isakmp\.typepayload$/,
];

/** Fields that differ, and why. */
const OTHERS: readonly RegExp[] = [
  // What nothing dissects there is a channel packet here.
  /^data\./,
  // A pcap file that was merged has interfaces of that name there.
  /^frame\.interface_name$/,
  // An empty group there, absent here.
  /^(ipv6\.opt\.padn|dns\.opt\.cookie\.server|isakmp\.notify\.data)$/,
  // That a receiver accepts a checksum of zero is not known there.
  /^sctp\.checksum\.status$/,
  // A reading of any acknowledgement as a SYN cookie, which is made here for those who ask for it by name.
  /\.syncookie\.\w+$/,
  // Marks without a value there, as here, but of the group in one format and of the field in the other.
  /^tcp\.analysis(\.flags)?$/,
];

/** Fields that PDML hides there, and that are not repeated here, or have headers of their own there. */
const HIDDEN: readonly RegExp[] = [
  /^ip\.version$/,
  /^ipv6\.(routing|hopopts|dstopts|fraghdr|opt)\./,
  /^ip(v6)?\.(src|dst)_host$/,
];

/** Where the two differ: the fields of each packet, one line each. */
function differences(
  ours: readonly Fields[],
  theirs: readonly Fields[],
  others: readonly RegExp[] = [],
): readonly string[] {
  const found = ours.length === theirs.length ? [] : [`${ours.length} packets, tshark has ${theirs.length}`];
  for (const [place, fields] of theirs.entries()) {
    const own = ours[place] ?? new Map<string, readonly string[]>();
    for (const name of new Set([...own.keys(), ...fields.keys()])) {
      if (!common.has(name) || [...OTHERS, ...others].some((other) => other.test(name))) continue;
      // Messages that are cut out of a stream are where they are in it there, and by themselves here.
      const isStreamed = name.startsWith('dns.') && own.has('tcp.srcport');
      const only = isStreamed || VALUE_ONLY.some((one) => one.test(name));
      const text = (of: Fields) => (of.get(name) ?? []).map((one) => (only ? one.split('|')[0] : one)).join(' ');
      if (text(own) !== text(fields)) found.push(`packet ${place + 1}: ${name}: ${text(own)}; tshark: ${text(fields)}`);
    }
  }
  return found;
}

const printed = async (...words: readonly string[]): Promise<string> => (await running(words)).stdout;

describe.skipIf(version === undefined)('formats of tshark', () => {
  test('PDML has the same fields, at the same places, with the same bytes', async () => {
    const theirs = pdmlFields(await tsharkPrints(capture, ['-T', 'pdml'], folder));
    const ours = pdmlFields(await printed('decode', '-T', 'pdml', capture));
    expect(new Set(theirs.flatMap((fields) => [...fields.keys()])).size).toBeGreaterThan(200);
    expect(differences(ours, theirs)).toEqual([]);
  });

  test('the bulk format of Elasticsearch has the same fields', async () => {
    const theirs = elasticFields(await tsharkPrints(capture, ['-T', 'ek'], folder));
    const all = elasticFields(await printed('-r', capture, '-T', 'ek'));
    // What stands there more than once cannot be read.
    const ours = all.map((fields, place) => new Map([...fields].filter(([name]) => theirs[place]?.has(name))));
    expect(differences(ours, theirs, HIDDEN)).toEqual([]);
  });

  test('raw JSON has the same bytes, places and bits', async () => {
    const theirs = rawFields(await tsharkPrints(capture, ['-T', 'jsonraw', '--no-duplicate-keys'], folder));
    const ours = rawFields(await printed('decode', '-T', 'jsonraw', capture));
    expect(differences(ours, theirs, HIDDEN)).toEqual([]);
  });
});

describe.skipIf(version === undefined)('the list', () => {
  /** Rows but for those of protocols that tshark is told not to know, or does not. */
  const rows = (text: string) => text.split('\n').filter((line) => !/\t(UDP|hmac|TCP|HTTP|Syslog)\t/.test(line));

  test('is the same with tabs between, but for protocols that tshark does not know', async () => {
    const path = 'fixtures/mixed-traffic.pcap';
    const theirs = rows(await tsharkPrints(path, ['-T', 'tabs'], folder));
    expect(theirs.length).toBeGreaterThan(4);
    expect(rows(await printed('decode', '-T', 'tabs', path))).toEqual(theirs);
  });

  test('is the same as XML', async () => {
    const words = ['-T', 'psml', '-Y', 'arp or dns'];
    const plain = (text: string) => text.replace(/creator="[^"]*"/, '').replaceAll('\n\n', '\n');
    const theirs = plain(await tsharkPrints('fixtures/mixed-traffic.pcap', words, folder));
    expect(plain(await printed('decode', ...words, 'fixtures/mixed-traffic.pcap'))).toBe(theirs);
  });

  test('spells times since others', async () => {
    const times = (lines: readonly string[]) => lines.map((line) => /^\W*\d+\s+(\S.*?s)\s/.exec(line)?.[1]);
    const words = ['-u', 'hms', '-t', 'd'];
    const theirs = (await tsharkPrints(capture, words, folder)).split('\n').slice(0, -1);
    expect(times(linesOf(await running(['decode', ...words, capture])))).toEqual(times(theirs));
  });
});

describe.skipIf(version === undefined)('what is asked for', () => {
  const MIXED = 'fixtures/mixed-traffic.pcap';
  const fields = ['-T', 'fields', '-e', 'frame.number', '-e', 'frame.len', '-e', 'frame.time_relative'];

  test('a read filter leaves out packets and numbers the others', async () => {
    const words = ['-2', '-R', 'tcp || arp', ...fields];
    expect(await printed('decode', ...words, MIXED)).toBe(await tsharkPrints(MIXED, words, folder));
  });

  test('a port is decoded as told', async () => {
    const moved = join(folder, 'moved.pcap');
    expect(
      (
        await running([
          'rewrite',
          '--set',
          'udp.dstport=5300',
          '-Y',
          'dns.flags.response == 0',
          'fixtures/dns.pcap',
          moved,
        ])
      ).complaints,
    ).toEqual([]);
    const words = ['-d', 'udp.port==5290-5310,dns', '-T', 'fields', '-e', 'dns.id', '-e', 'dns.qry.name'];
    const theirs = await tsharkPrints(moved, words, folder);
    expect(theirs).toContain('www.example.org');
    expect(await printed('decode', ...words, moved)).toBe(theirs);
  });

  test('a tree of one protocol names the others', async () => {
    const headings = (text: string) => text.split('\n').filter((line) => /^\S/.test(line) && !/^Frame|^-/.test(line));
    const words = ['-O', 'arp', '-Y', 'arp'];
    const theirs = await tsharkPrints(MIXED, words, folder);
    const ours = await printed('decode', ...words, MIXED);
    expect(headings(ours)).toEqual(headings(theirs));
    expect(ours.split('\n').filter((line) => line.startsWith(' ')).length).toBe(
      theirs.split('\n').filter((line) => line.startsWith(' ')).length,
    );
  });

  test('protocols that are not named are filtered', async () => {
    const filtered = (text: string) =>
      [...text.matchAll(/<field name="filtered" value="([^"]*)"/g)].map(([, name]) => name);
    const words = ['-T', 'pdml', '-j', 'arp frame', '-Y', 'arp'];
    const theirs = filtered(await tsharkPrints(MIXED, words, folder));
    expect(theirs).toEqual(['eth', 'eth']);
    expect(filtered(await printed('decode', ...words, MIXED))).toEqual(theirs);
  });
});

describe.skipIf(version === undefined)('statistics', () => {
  /** What an error message quotes is counted here, too. */
  const plain = join(folder, 'plain.pcapng');

  beforeAll(() => {
    const names = ['mixed-traffic', 'ipv6', 'dns', 'tcp-stream', 'sctp', 'vlan'];
    execFileSync('mergecap', ['-a', '-w', plain, ...names.map((name) => `fixtures/${name}.pcap`)], { stdio: 'ignore' });
  });

  /** Ties have no order, nor have several tables. */
  const sorted = (text: string) => text.split('\n').toSorted();

  const layers = ['eth', 'ip', 'ipv6', 'udp', 'tcp', 'sctp'];

  test.each<[string, string, number, readonly string[]]>([
    [
      'of layers and flows',
      plain,
      80,
      [
        ...layers.flatMap((layer) => [`conv,${layer}`, `endpoints,${layer}`]),
        'conv,udp,udp.port == 53',
        'io,phs,arp || udp.port == 53',
      ],
    ],
    [
      'over time',
      'fixtures/mixed-traffic.pcap',
      40,
      [
        ...['io,stat,0.05', 'io,stat,0.05,udp,tcp', 'io,stat,0'],
        'io,stat,0.1,SUM(frame.len)frame.len,MAX(udp.length)udp.length',
      ],
    ],
  ])('%s are what tshark prints', async (_, path, least, kinds) => {
    const words = ['-q', ...kinds.flatMap((kind) => ['-z', kind])];
    const theirs = sorted(await tsharkPrints(path, words, folder));
    expect(theirs.length).toBeGreaterThan(least);
    expect(sorted(await printed('decode', ...words, path))).toEqual(theirs);
  });
});

test('fields are listed in the columns of tshark', async () => {
  const lines = linesOf(await running(['-G', 'fields'])).map((line) => line.split('\t'));
  expect(lines.find(([, , name]) => name === 'udp.length')).toEqual([
    'F',
    'Length',
    'udp.length',
    'FT_UINT16',
    'udp',
    'BASE_DEC',
    '0x0',
    '',
  ]);
  expect(lines.find(([, , name]) => name === 'ip.flags.df')?.slice(2, 7)).toEqual([
    'ip.flags.df',
    'FT_BOOLEAN',
    'ip',
    '8',
    '0x40',
  ]);
  expect(lines.some(([kind, , name]) => kind === 'P' && name === 'udp')).toBe(true);
});
