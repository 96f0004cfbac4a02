import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SEGMENT_ROWS } from '../../../analyzer/index/columns.js';
import type { ScanTask } from '../../../analyzer/index/scan-message.js';
import type { MatchNews } from '../../../analyzer/query/news.js';
import { IndexedCapture, type Scripts } from '../../../analyzer/session/indexed-capture.js';
import type { Line } from '../../../dissectors/wire/line.js';
import { makeCapture } from '../../bench/make-capture.js';
import { MIXES } from '../../bench/mixes.js';
import { processorTime } from '../../processor-time.js';

let folder = '';
let scripts: Scripts;
const open: IndexedCapture[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshark-index-'));
  await build({
    entryPoints: { scan: 'analyzer/index/scan-worker.ts', query: 'analyzer/query/query-worker.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const script = (name: string) => pathToFileURL(join(folder, `${name}.mjs`));
  scripts = { scan: script('scan'), query: script('query') };
});

afterAll(async () => {
  for (const capture of open) capture.close();
  await rm(folder, { recursive: true, force: true });
});

function openIndexed(path: string, more: Partial<ScanTask> = {}): IndexedCapture {
  const task = { path, secrets: [], track: true, seed: 7, follow: false, interval: 10, ...more };
  const capture = new IndexedCapture(task, scripts);
  open.push(capture);
  return capture;
}

/** Waits until something holds of a capture. */
const until = (capture: IndexedCapture, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      leave();
      resolve();
    };
    const leave = capture.subscribe(look);
    look();
  });

const numbersOf = ({ matches }: MatchNews): readonly number[] =>
  Array.from({ length: matches.count }, (_, place) => matches.at(place));

/** Waits for news of a question that something holds of. */
const told = <N>(ask: (listener: (news: N) => void) => () => void, holds: (news: N) => boolean): Promise<N> =>
  new Promise((resolve) => {
    let over = false;
    const cancel: { end?: () => void } = {};
    cancel.end = ask((news) => {
      if (over || !holds(news)) return;
      over = true;
      resolve(news);
      cancel.end?.();
    });
  });

test('questions asked of a file that grows go on as it does', async () => {
  const whole = join(folder, 'whole.pcap');
  makeCapture(whole, 3000, MIXES.handshakes);
  const bytes = readFileSync(whole);
  const path = join(folder, 'growing.pcap');
  // A record may well be cut where the first part ends.
  const half = bytes.length >> 1;
  writeFileSync(path, bytes.subarray(0, half));
  const capture = openIndexed(path, { follow: true });
  await until(capture, () => capture.count > 1000);
  const early = capture.count;
  const [byColumns, byPackets]: [MatchNews[], MatchNews[]] = [[], []];
  capture.match({ type: 'filter', text: 'chan.msg.type == NEW' }, (news) => byColumns.push(news));
  capture.match({ type: 'filter', text: 'chan.msg.type == NEW and ip.ttl == 64' }, (news) => byPackets.push(news));
  // Columns tell at once.
  expect(byColumns.map(({ looked, done }) => [looked, done])).toEqual([[early, true]]);
  await told(
    (listener) => capture.match({ type: 'filter', text: 'ip.ttl == 64' }, listener),
    (news: MatchNews) => news.done,
  );
  appendFileSync(path, bytes.subarray(half));
  await until(capture, () => capture.count === 3000);
  const isWhole = ({ done, looked }: MatchNews) => done && looked === 3000;
  await told((listener) => capture.match({ type: 'filter', text: 'ip.ttl == 64 and udp' }, listener), isWhole);
  const [columns, packets] = [byColumns.at(-1), byPackets.at(-1)];
  expect(columns && isWhole(columns)).toBe(true);
  expect(columns && numbersOf(columns)).toEqual(packets && numbersOf(packets));
  const news = Array.from({ length: 3000 }, (_, at) => capture.row(at + 1)).filter(({ info }) =>
    info.startsWith('NEW'),
  );
  expect(columns && numbersOf(columns)).toEqual(news.map(({ number }) => number));
  expect(capture.done).toBe(false);
  capture.stop();
  await until(capture, () => capture.done);
  expect(capture.problem).toBeUndefined();
}, 60_000);

test('a question that is called off is told nothing more, and others are answered', async () => {
  const path = join(folder, 'long.pcap');
  makeCapture(path, 60_000, MIXES.bulk);
  const capture = openIndexed(path);
  await until(capture, () => capture.done);
  let calls = 0;
  let after = 0;
  const cancel = capture.find(
    { in: 'tree', as: 'text', what: 'not in any packet' },
    1,
    false,
    undefined,
    () => calls++,
  );
  await told(
    (listener) => capture.match({ type: 'filter', text: 'ip.ttl == 64 and frame.number < 2000' }, listener),
    (news: MatchNews) => news.done,
  );
  cancel();
  after = calls;
  const start = processorTime();
  const found = await told(
    (listener) => capture.find({ in: 'list', as: 'text', what: 'new' }, 1, false, undefined, listener),
    (news: { readonly done: boolean }) => news.done,
  );
  // Trees of all packets would take seconds.
  expect(processorTime() - start).toBeLessThan(1000);
  expect(found).toMatchObject({ number: 1, done: true });
  expect(calls).toBe(after);
}, 60_000);

/** Without what became of a channel, which is told only while the channel is kept. */
const withoutOutcome = (lines: readonly Line[]): readonly Line[] =>
  lines
    .filter(({ path }) => path !== 'channel.outcome')
    .map((line) => ({ ...line, children: withoutOutcome(line.children) }));

test('old packets are forgotten, and those that are kept are still there', async () => {
  const path = join(folder, 'dropping.pcap');
  const count = 3 * SEGMENT_ROWS + 100;
  makeCapture(path, count, MIXES.handshakes);
  const all = openIndexed(path);
  await until(all, () => all.done);
  const capture = openIndexed(path, { keep: 1000 });
  const matched: MatchNews[] = [];
  capture.match({ type: 'filter', text: 'chan.msg.type == NEW and ip.ttl == 64' }, (news) => matched.push(news));
  await until(capture, () => capture.done);
  expect([capture.first, capture.count]).toEqual([2 * SEGMENT_ROWS + 1, count]);
  for (const number of [capture.first, capture.first + 1, count - 1, count]) {
    expect(capture.row(number)).toEqual(all.row(number));
    expect(withoutOutcome(capture.detail(number).lines)).toEqual(withoutOutcome(all.detail(number).lines));
  }
  // Times count from the first packet of the capture, though it is gone.
  expect(capture.row(capture.first).time).toBe(all.row(capture.first).time);
  const { matches } = await told(
    (listener) => capture.match({ type: 'filter', text: 'ip.ttl == 64' }, listener),
    ({ done, looked }: MatchNews) => done && looked === count,
  );
  expect([matches.count, matches.at(0)]).toEqual([count - capture.first + 1, capture.first]);
  const found = await told(
    (listener) => capture.find({ in: 'list', as: 'text', what: 'new' }, count, true, undefined, listener),
    (news: { readonly number: number; readonly done: boolean }) => news.done,
  );
  expect(found.number).toBeGreaterThan(capture.first);
}, 120_000);

test('what cannot be opened is told, and questions about it end', async () => {
  const capture = openIndexed(join(folder, 'nothing.pcap'));
  await until(capture, () => capture.done);
  expect(capture.problem).toMatch(/^cannot read: .*nothing\.pcap: no such file$/);
  expect([capture.first, capture.count, capture.channels().count]).toEqual([1, 0, 0]);
});

test('the last channels are told in the end', async () => {
  const capture = openIndexed('fixtures/demo.pcapng');
  await until(capture, () => capture.done);
  const snapshot = capture.channels();
  expect(snapshot.count).toBe(18);
  expect(snapshot.at(snapshot.placeOf(7))).toMatchObject({ state: 'closed', initiatorAddress: '192.0.2.41:4242' });
  expect(capture.detail(snapshot.at(0).first).channels).toEqual([1]);
  expect(capture.row(5, ['udp.port', 'chan.msg.type'], ['tcp', 'udp.port == 4242'])).toMatchObject({
    fields: ['4242,4242', 'CHANNEL_NEW'],
    rule: 1,
  });
  expect(capture.steps(5)).toMatchObject([{ type: 'arrow', packet: 5, channel: 1 }]);
});

test('that the file became shorter is told, once something of it is asked for', async () => {
  const path = join(folder, 'shrinks.pcap');
  writeFileSync(path, readFileSync('fixtures/modes.pcap'));
  const capture = openIndexed(path);
  await until(capture, () => capture.done);
  capture.detail(1);
  expect(capture.problem).toBeUndefined();
  truncateSync(path, 2000);
  capture.data(1, () => {});
  await until(capture, () => capture.problem !== undefined);
  expect(capture.problem).toBe('the file has become shorter since it was read: what is gone shows as zeros');
});

test('several captures are shown as one: by time, with their files, and what is wrong with one of them', async () => {
  const paths = ['fixtures/vlan.pcap', 'fixtures/cut-record.pcap', 'fixtures/ipv6.pcap'];
  const captures = { paths, areSeveral: true, folders: [], title: 'three' };
  const capture = openIndexed('three', { captures, title: 'three', isPrivate: true });
  await until(capture, () => capture.done);
  const alone = await Promise.all(
    paths.map(async (path) => {
      const one = openIndexed(path);
      await until(one, () => one.done);
      return Array.from({ length: one.count }, (_, place) => one.row(place + 1));
    }),
  );
  const merged = Array.from({ length: capture.count }, (_, place) => capture.row(place + 1, ['frame.file']));
  const told = ({ seconds, nanos, source, length }: (typeof merged)[number]) => [seconds, nanos, source, length];
  for (const [place, path] of paths.entries())
    expect(merged.filter(({ fields }) => fields[0] === path).map(told)).toEqual(alone[place]?.map(told));
  const times = merged.map(({ seconds, nanos }) => seconds * 1e9 + nanos);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(capture.problem).toMatch(/^damaged capture: fixtures\/cut-record\.pcap: offset 704: /);
  const saved = join(folder, 'merged.pcapng');
  await new Promise<void>((resolve) => {
    capture.save({ path: saved, withHandshakes: false }, ({ done }) => done && resolve());
  });
  const again = openIndexed(saved);
  await until(again, () => again.done);
  expect(Array.from({ length: again.count }, (_, place) => told(again.row(place + 1)))).toEqual(merged.map(told));
});
