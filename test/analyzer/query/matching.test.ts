import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { YES } from '../../../analyzer/filter/answer.js';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { SEGMENT_ROWS } from '../../../analyzer/index/columns.js';
import { IndexWriter } from '../../../analyzer/index/index-writer.js';
import { NumberList } from '../../../analyzer/index/number-list.js';
import type { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import { touching } from '../../../analyzer/query/channel-rows.js';
import { ColumnMatch } from '../../../analyzer/query/column-match.js';
import { Matching } from '../../../analyzer/query/matching.js';
import type { MatchNews, Search } from '../../../analyzer/query/news.js';
import { Sifter } from '../../../analyzer/query/sifter.js';
import { FIXTURES, indexed, secretsBeside, streamed } from '../pipeline/pipeline.js';
import { answered, matching } from './asking.js';

const FILTERS: readonly string[] = [
  ...readFileSync(new URL('../filter/column-filters.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean),
  'ip.ttl == 64 or ipv6',
  'frame contains 00:01',
  '',
];

const numbersOf = (capture: ScannedCapture): readonly number[] =>
  Array.from({ length: capture.index.length }, (_, at) => at + 1);

test.each(FIXTURES)(
  'filters find in %s what they pass packet by packet',
  async (name) => {
    const { secrets } = await streamed(`fixtures/${name}`, secretsBeside(name), new Set());
    const capture = await indexed(`fixtures/${name}`, secrets);
    const packets = numbersOf(capture).map((number) => capture.packet(number));
    for (const filter of FILTERS) {
      const passes = compileFilter(filter);
      expect([filter, await matching(capture, filter)]).toEqual([
        filter,
        packets.filter(passes).map(({ number }) => number),
      ]);
    }
    await capture.close();
  },
  120_000,
);

test.each(FIXTURES)('the packets of channels of %s are found by columns and facts', async (name) => {
  const capture = await indexed(`fixtures/${name}`);
  const touched = numbersOf(capture).map((number) => capture.packet(number).facts.channels.map((one) => one.number));
  for (const wanted of [[1], [2, 3], [7]]) {
    const out = new Uint8Array(capture.index.length);
    for (const run of capture.index.runs(1, capture.index.length)) touching(wanted)(run, out);
    expect([...out]).toEqual(touched.map((numbers) => (numbers.some((number) => wanted.includes(number)) ? 1 : 0)));
  }
  await capture.close();
});

test('a filter that cannot be understood is told in one line', async () => {
  const capture = await indexed('fixtures/demo.pcapng');
  await expect(matching(capture, 'ip.src ==')).rejects.toThrow('ip.src ==: unexpected end of filter');
  await capture.close();
});

/** The next packet that a search finds. */
async function found(capture: ScannedCapture, search: Search, from: number, backwards = false): Promise<number> {
  const answer = await answered(capture, { type: 'find', search, from, backwards, within: undefined });
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer.number;
}

/** All packets that a search finds, one after the other, in a direction. */
async function allFound(capture: ScannedCapture, search: Search, backwards: boolean): Promise<readonly number[]> {
  const all: number[] = [];
  const step = backwards ? -1 : 1;
  let from = backwards ? capture.index.length : 1;
  for (;;) {
    const number = await found(capture, search, from, backwards);
    if (number === 0) return all;
    all.push(number);
    from = number + step;
  }
}

test('a search finds what stands in the list, the tree and the bytes, in both directions', async () => {
  const capture = await indexed('fixtures/demo.pcapng');
  const searches: readonly (readonly [Search, string])[] = [
    [{ in: 'list', as: 'text', what: 'channel_NEW'.slice(8) }, 'chan.msg.type == NEW or expert.code contains "new"'],
    [{ in: 'tree', as: 'text', what: 'pROTOCOL: 1 (' }, 'ip.proto == 1'],
    [{ in: 'tree', as: 'regex', what: '^Time to live: 6[34]$' }, 'ip.ttl in {63, 64}'],
    [{ in: 'bytes', as: 'hex', what: 'c0 00 02 29' }, 'frame contains c0:00:02:29'],
    [{ in: 'bytes', as: 'hex', what: 'c0000229' }, 'frame contains c0:00:02:29'],
    [{ in: 'bytes', as: 'regex', what: '\\xc0\\x00\\x02\\x29' }, 'frame contains c0:00:02:29'],
    [{ in: 'filter', as: 'text', what: 'icmp or arp' }, 'icmp or arp'],
  ];
  for (const [search, filter] of searches) {
    const ahead = await allFound(capture, search, false);
    expect(await allFound(capture, search, true)).toEqual(ahead.toReversed());
    const expected = await matching(capture, filter);
    // The words of the list may be those of a finding, too.
    if (search.in === 'list') expect(ahead).toEqual(expect.arrayContaining([...expected.slice(0, 5)]));
    else if (search.in === 'bytes') expect(expected.every((number) => ahead.includes(number))).toBe(true);
    else expect(ahead).toEqual(expected);
    expect(ahead.length).toBeGreaterThan(0);
  }
  await capture.close();
}, 60_000);

test('text in bytes is found whatever its case; what is not there is not', async () => {
  const capture = await indexed('fixtures/demo.pcapng');
  const texts = await matching(capture, 'frame contains "hello" or frame contains "Hello"');
  const first = await found(capture, { in: 'bytes', as: 'text', what: 'HELLO' }, 1);
  expect(first).toBe(texts[0] ?? 0);
  expect(await found(capture, { in: 'bytes', as: 'text', what: 'no such text at all' }, 1)).toBe(0);
  await capture.close();
});

test('a search keeps to the packets that it was given', async () => {
  const capture = await indexed('fixtures/demo.pcapng');
  const within = new NumberList();
  for (const number of await matching(capture, 'udp')) within.add(number);
  const search: Search = { in: 'filter', as: 'text', what: 'frame.number >= 10' };
  const next = async (from: number, backwards: boolean) =>
    (await answered(capture, { type: 'find', search, from, backwards, within: within.everything() })).number;
  const udp = await matching(capture, 'udp && frame.number >= 10');
  expect(await next(1, false)).toBe(udp[0]);
  expect(await next(udp[1] ?? 0, false)).toBe(udp[1]);
  expect(await next(capture.index.length, true)).toBe(udp.at(-1));
  expect(await next((udp[0] ?? 0) - 1, true)).toBe(0);
  await capture.close();
});

test.each([
  [{ in: 'tree', as: 'hex', what: '00' }, 'hex is searched for in bytes only'],
  [
    { in: 'bytes', as: 'hex', what: '0' },
    'not an even number of hex digits: bytes are written as 0a 0b, 0a:0b or 0a0b',
  ],
  [{ in: 'list', as: 'text', what: '' }, 'nothing to search for'],
  [{ in: 'filter', as: 'text', what: 'no.such.field' }, /no\.such\.field/],
  [{ in: 'bytes', as: 'regex', what: '(' }, /./],
] as const)('a search that makes no sense is told: %j', async (search, problem) => {
  const capture = await indexed('fixtures/demo.pcapng');
  await expect(found(capture, search, 1)).rejects.toThrow(problem);
  await capture.close();
});

test('packets that are forgotten are forgotten by the filters that they pass, too', () => {
  const writer = new IndexWriter(1);
  const grow = () => {
    for (let left = SEGMENT_ROWS; left > 0; left--) writer.next();
    writer.news({ shapes: [], addresses: [] });
  };
  const all = (_: unknown, out: Uint8Array) => void out.fill(YES);
  const unasked = () => expect.fail('the columns tell of all packets');
  const told: MatchNews[] = [];
  const byColumns = new ColumnMatch(writer.index, all, (news) => told.push(news), unasked);
  const sifter = new Sifter(writer.index, unasked, { rows: all });
  const byPackets = new Matching(writer.index, sifter, new NumberList().everything());
  for (let round = 0; round < 6; round++) {
    grow();
    byColumns.go(Number.POSITIVE_INFINITY);
    byPackets.work(() => false);
  }
  const { first, length } = writer.index;
  expect(first).toBeGreaterThan(SEGMENT_ROWS);
  const matches = told.at(-1)?.matches;
  expect([matches?.at(0), matches?.at(first - 1), matches?.at(length - 1)]).toEqual([0, first, length]);
  const later = new NumberList();
  later.apply(byPackets.answer().news);
  expect([later.at(0), later.at(first - 1), later.at(length - 1)]).toEqual([0, first, length]);
});
