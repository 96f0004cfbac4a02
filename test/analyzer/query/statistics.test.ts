import { expect, test } from 'vitest';
import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import type { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import type { StatisticsKind } from '../../../analyzer/query/news.js';
import { intervalFor } from '../../../analyzer/query/tallies.js';
import { Conversations } from '../../../analyzer/stats/conversations.js';
import { Endpoints } from '../../../analyzer/stats/endpoints.js';
import { Expert } from '../../../analyzer/stats/expert.js';
import { FLOW_LAYERS } from '../../../analyzer/stats/flow-layers.js';
import { endOf, flowsOf } from '../../../analyzer/stats/flows.js';
import { Handshakes } from '../../../analyzer/stats/handshakes.js';
import { Hierarchy } from '../../../analyzer/stats/hierarchy.js';
import { IoCounts } from '../../../analyzer/stats/io.js';
import { RoundTrips } from '../../../analyzer/stats/round-trips.js';
import type { Sheet } from '../../../analyzer/stats/sheet.js';
import { FIXTURES, scanned, secretsBeside } from '../pipeline/pipeline.js';
import { rowsOf } from '../stats/count.js';
import { answered, matching } from './asking.js';

/** What is counted of packets. */
type Counted = Exclude<StatisticsKind, 'properties'>;

const READING = { track: true, color: 'never' } as const;

/** The tables of every kind as the command line counts them. */
async function counted(name: string, filter: string): Promise<ReadonlyMap<Counted, readonly Sheet[]>> {
  const reading = await openReading(`fixtures/${name}`, { ...READING, secrets: secretsBeside(name) });
  const passes = compileFilter(filter);
  const [hierarchy, endpoints, conversations] = [
    new Hierarchy(),
    new Endpoints(FLOW_LAYERS),
    new Conversations(FLOW_LAYERS),
  ];
  const [handshakes, expert] = [new Handshakes(), new Expert()];
  for await (const next of packetsOf(reading)) {
    for (let packet = next(); packet; packet = next()) {
      conversations.begin(packet);
      if (!passes(packet)) continue;
      for (const fold of [hierarchy, endpoints, conversations, handshakes, expert]) fold.take(packet);
    }
  }
  await reading.capture.close();
  return new Map<Counted, readonly Sheet[]>([
    ['hierarchy', hierarchy.sheets()],
    ['endpoints', endpoints.sheets()],
    ['conversations', conversations.sheets()],
    ['expert', expert.sheets()],
    ['handshakes', handshakes.sheets(reading.examiner.tracker.table)],
  ]);
}

const told = async (name: string) => {
  const reading = await openReading(`fixtures/${name}`, { ...READING, secrets: secretsBeside(name) });
  await reading.capture.close();
  return scanned(`fixtures/${name}`, reading.secrets);
};

test.each(FIXTURES)(
  'statistics of %s are those of the command line',
  async (name) => {
    for (const filter of ['', 'chan and frame.number > 2']) {
      const expected = await counted(name, filter);
      const { capture, channels, close } = await told(name);
      for (const [kind, sheets] of expected) {
        const answer = await answered(capture, { type: 'statistics', kind, filter }, channels);
        expect([kind, answer.sheets]).toEqual([kind, sheets]);
        expect(answer.filters.map((rows) => rows.length)).toEqual(sheets.map(({ rows }) => rows.length));
      }
      await close();
    }
  },
  60_000,
);

const packetsIn = (capture: ScannedCapture): readonly Packet[] =>
  Array.from({ length: capture.index.length }, (_, at) => capture.packet(at + 1));

/** Whether an error message quotes a packet: filters look into what is quoted, statistics do not. */
const quotes = ({ dissection }: Packet): boolean => dissection.layers.some(({ quoted }) => quoted === true);

const MANY = ['demo.pcapng', 'tcp-stream-ipv6.pcap', 'sctp.pcap', 'vlan.pcap', 'user0.pcap', 'fragments.pcap'].filter(
  (name) => FIXTURES.includes(name),
);

test.each(MANY)(
  'the filter of each endpoint and conversation of %s passes its packets',
  async (name) => {
    const { capture, channels, close } = await told(name);
    const packets = packetsIn(capture).filter((packet) => !quotes(packet));
    const numbers = new Set(packets.map(({ number }) => number));
    for (const kind of ['endpoints', 'conversations'] as const) {
      const { sheets, filters } = await answered(capture, { type: 'statistics', kind, filter: '' }, channels);
      for (const [place, sheet] of sheets.entries()) {
        for (const [at, row] of rowsOf(sheet).entries()) {
          const filter = filters[place]?.[at] ?? '';
          const ends = (kind === 'endpoints' ? [''] : ['_a', '_b']).map((end) => ({
            address: row[`address${end}`],
            port: row[`port${end}`] === undefined ? undefined : `${row[`port${end}`]}`,
          }));
          const isEnd = (text: string) =>
            ends.some((end) => end.address === endOf(text).address && end.port === endOf(text).port);
          const wanted = new Set([row.layer as (typeof FLOW_LAYERS)[number]]);
          const expected = packets.filter((packet) =>
            flowsOf(packet, wanted).some(({ from, to }) =>
              kind === 'endpoints'
                ? isEnd(from) || isEnd(to)
                : isEnd(from) && isEnd(to) && (from !== to || ends[0]?.address === ends[1]?.address),
            ),
          );
          const found = (await matching(capture, filter)).filter((number) => numbers.has(number));
          const numbersOf = expected.map(({ number }) => number);
          // A handshake names its channel too, though it travels on the default one.
          if (row.layer === 'channel') expect(found).toEqual(expect.arrayContaining(numbersOf));
          else expect([filter, found]).toEqual([filter, numbersOf]);
        }
      }
    }
    await close();
  },
  120_000,
);

test('the filters of layers, findings and times pass as many packets as are counted', async () => {
  const { capture, channels, close } = await told('demo.pcapng');
  const numbers = new Set(
    packetsIn(capture)
      .filter((packet) => !quotes(packet))
      .map(({ number }) => number),
  );
  const quoting = capture.index.length - numbers.size;
  for (const [kind, count] of [
    ['hierarchy', 'frames'],
    ['expert', 'packets'],
    ['io', 'frames'],
  ] as const) {
    const { sheets, filters } = await answered(capture, { type: 'statistics', kind, filter: '' }, channels);
    const [sheet] = sheets;
    expect(sheet?.rows.length).toBeGreaterThan(3);
    for (const [at, row] of (sheet ? rowsOf(sheet) : []).entries()) {
      const found = await matching(capture, filters[0]?.[at] ?? '');
      const frames = Number(row[count]);
      const inside = found.filter((number) => numbers.has(number)).length;
      expect([filters[0]?.[at], inside <= frames && frames <= inside + quoting]).toEqual([filters[0]?.[at], true]);
    }
  }
  await close();
}, 60_000);

test('the filter of a row keeps what all have passed', async () => {
  const { capture, close } = await told('demo.pcapng');
  const answer = await answered(capture, { type: 'statistics', kind: 'expert', filter: 'udp' });
  const [sheet] = answer.sheets;
  const counts = await Promise.all(
    (answer.filters[0] ?? []).map(async (filter) => (await matching(capture, filter)).length),
  );
  expect(counts).toEqual((sheet ? rowsOf(sheet) : []).map(({ packets }) => packets));
  await close();
});

test('intervals are round, and there are enough of them', async () => {
  expect([0, 0.05, 1, 20, 60, 3600, 1e6].map(intervalFor)).toEqual([0.001, 0.001, 0.01, 0.2, 0.5, 20, 10_000]);
  const { capture, close } = await told('demo.pcapng');
  const answer = await answered(capture, { type: 'statistics', kind: 'io', filter: '' });
  const packets = packetsIn(capture);
  const [first, last] = [packets[0], packets.at(-1)];
  const duration = (last?.seconds ?? 0) - (first?.seconds ?? 0) + ((last?.nanos ?? 0) - (first?.nanos ?? 0)) / 1e9;
  const passes = compileFilter('chan');
  const [all, some] = [0, 1].map(() => new IoCounts([{ filter: '', passes: () => true }], intervalFor(duration)));
  for (const packet of packets) {
    all?.take(packet);
    some?.begin(packet);
    if (passes(packet)) some?.take(packet);
  }
  // Of packets of channels, and of those with findings, it tells besides.
  const whole = ({ sheets }: { readonly sheets: readonly Sheet[] }) =>
    sheets.map(({ columns, rows, ...more }) => ({
      ...more,
      columns: columns.slice(0, 4),
      rows: rows.map((row) => row.slice(0, 4)),
    }));
  expect(whole(answer)).toEqual(all?.sheets());
  const onChannels = answer.sheets[0]?.rows.reduce((sum, row) => sum + Number(row[4]), 0);
  expect(onChannels).toBe(packets.filter(compileFilter('channel')).length);
  // The table covers the whole capture, whatever passes.
  const filtered = await answered(capture, { type: 'statistics', kind: 'io', filter: 'chan' });
  expect(whole(filtered)).toEqual(some?.sheets());
  await close();
});

test('the last class of round trips has no end', () => {
  const long = new RoundTrips();
  long.take(1, 300);
  long.take(2, 600_000);
  expect(long.sheet().rows).toEqual([
    [200e6, 500e6, 1],
    [500e6, undefined, 1],
  ]);
});

test('round trips fall into classes, each with its channels', async () => {
  const { capture, channels, close } = await told('demo.pcapng');
  const { sheets, filters } = await answered(capture, { type: 'statistics', kind: 'rtt', filter: '' }, channels);
  const [sheet] = sheets;
  const rows = sheet ? rowsOf(sheet) : [];
  const times = [...channels.rttNewAcknowledge].map((seconds, place) => ({
    micros: seconds * 1e6,
    number: channels.number[place],
  }));
  for (const [at, { from_us: from, to_us: to, channels: count }] of rows.entries()) {
    const inside = times.filter(({ micros }) => micros >= Number(from) && micros < Number(to));
    expect(count).toBe(inside.length);
    const filter = filters[0]?.[at] ?? '';
    if (inside.length > 0) expect(filter).toBe(`channel.number in {${inside.map(({ number }) => number).join(', ')}}`);
    else expect(filter).toBe('');
    if (filter !== '') expect((await matching(capture, filter)).length).toBeGreaterThan(0);
  }
  expect(rows.reduce((sum, { channels: count }) => sum + Number(count), 0)).toBe(
    times.filter(({ micros }) => !Number.isNaN(micros)).length,
  );
  await close();
});
