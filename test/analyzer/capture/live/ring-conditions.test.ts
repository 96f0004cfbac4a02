import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { captureCommand } from '../../../../analyzer/commands/capture.js';
import type { Io } from '../../../../analyzer/commands/io.js';
import { type CaptureOptions, capture } from '../../../../analyzer/commands/run-capture.js';
import { interfaceDescription } from '../../../../dissectors/file/pcapng-writer.js';
import { pretendedIo } from '../../commands/running.js';
import { makeFolder, readCapture } from '../files.js';
import { ActingEngine, STATISTICS } from './acting-engine.js';
import { HEAD, packetBlock } from './blocks.js';
import { type Conditions, filesOfDumpcap, keptOf, type ModelPacket } from './ring-model.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** In milliseconds since 1970. */
const START = 1_780_000_000_500;
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: START,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Two interfaces. */
const STREAM_HEAD = Buffer.concat([HEAD.bytes, interfaceDescription({ linkType: 1, name: 'eth1' })]);
const PCAP_HEAD = 24;
const PCAP_RECORD = 16;
/** A packet comes each so many milliseconds: never when a file is due. */
const PERIOD = 130;
/** How long packets lie in the buffer of the engine, in milliseconds. */
const LAG = 1;
/** So many at least. */
const PACKETS = 27;

const sizeOf = (number: number): number => 20 + ((number * 7) % 40);
const blockOf = (number: number): Uint8Array => packetBlock(number, sizeOf(number), number % 2);
const numbers = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/** What a capture has done. */
interface Outcome {
  /** The numbers of the packets in its files, oldest first. */
  readonly files: readonly (readonly number[])[];
  /** Lines that it printed, one a packet. */
  readonly printed: number;
  /** What it said of its counts. */
  readonly counts: string | undefined;
  /** When it ended by itself, in milliseconds since its start; not a number if it did not. */
  readonly lasted: number;
  /** The folder of its files. */
  readonly path: string;
}

/** The options that these words of a command line give. */
function optionsOf(words: readonly string[], io: Io): CaptureOptions {
  const program = new Command();
  captureCommand(program, io);
  let given: CaptureOptions | undefined;
  program.commands[0]?.action((options: CaptureOptions) => {
    given = options;
  });
  program.parse(['capture', ...words], { from: 'user' });
  if (!given) throw new Error('no options');
  return given;
}

/** Whether this process waits for a file system. */
const isUsingFiles = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

let captures = 0;

/** What comes, and when. */
type Play = (engine: ActingEngine, pass: (milliseconds: number) => Promise<void>) => Promise<void>;

/** Runs `capture` with these words; when all has been played somebody presses Ctrl-C. */
async function captured(words: readonly string[], format: string, play: Play, lag = LAG): Promise<Outcome> {
  const path = folder.path(`${captures++}`);
  mkdirSync(path);
  vi.setSystemTime(START);
  const engine = new ActingEngine(lag);
  const interrupt = new AbortController();
  const { io, outcome } = pretendedIo({}, interrupt.signal);
  const options = optionsOf(['-i', 'lo', '-w', `${path}/t.${format}`, '-e', 'frame.number', ...words], io);
  let isOver = false;
  const capturing = capture(options, io, [engine]).finally(() => {
    isOver = true;
  });
  const pass = async (milliseconds: number) => {
    await vi.advanceTimersByTimeAsync(milliseconds);
    do await new Promise(setImmediate);
    while (!isOver && (!engine.source.isIdle || isUsingFiles()));
  };
  engine.give(STREAM_HEAD);
  await pass(0);
  await play(engine, pass);
  const lasted = engine.stoppedAt - START;
  interrupt.abort();
  while (!isOver) await pass(lag);
  await capturing;
  const { stdout, complaints } = outcome();
  const counts = complaints.find((line) => line.includes(' captured, '));
  return { files: await filesIn(path), printed: stdout.split('\n').length - 1, counts, lasted, path };
}

/** Packets come `batch` at a time. */
const batches =
  (batch: number, count: number): Play =>
  async (engine, pass) => {
    for (let first = 1; first <= batch * count; first += batch) {
      await pass(batch * PERIOD - 1);
      await pass(1);
      engine.give(packetsOf(first, batch));
      await pass(0);
    }
  };

const packetsOf = (first: number, count: number): Buffer => Buffer.concat(numbers(first, count).map(blockOf));

async function filesIn(path: string): Promise<number[][]> {
  const files: number[][] = [];
  for (const name of readdirSync(path).sort()) {
    const { rows, damage } = await readCapture(`${path}/${name}`);
    expect(damage).toBeUndefined();
    files.push(rows.map(([, , bytes]) => Number.parseInt(bytes.slice(0, 2), 16)));
  }
  return files;
}

/** The words for conditions. */
function wordsOf({ count, duration, files, bytes, ring = {} }: Conditions): readonly string[] {
  const kilobytes = (size: number | undefined) => size && size / 1000;
  const option = (letter: string, name: string, value: number | undefined) =>
    value === undefined ? [] : [letter, `${name}${value}`];
  return [
    ...option('-c', '', count),
    ...option('-a', 'duration:', duration),
    ...option('-a', 'files:', files),
    ...option('-a', 'filesize:', kilobytes(bytes)),
    ...option('-b', 'packets:', ring.packets),
    ...option('-b', 'filesize:', kilobytes(ring.bytes)),
    ...option('-b', 'duration:', ring.duration),
    ...option('-b', 'interval:', ring.interval),
    ...option('-b', 'files:', ring.files),
  ];
}

const ENDS: readonly Conditions[] = [
  {},
  { count: 20 },
  { count: 17 },
  { duration: 3 },
  { duration: 2.5 },
  { files: 1 },
  { files: 3 },
  { count: 20, duration: 3, files: 4 },
];
const RINGS: readonly NonNullable<Conditions['ring']>[] = [
  { packets: 5 },
  { packets: 1 },
  { bytes: 1000 },
  { duration: 1.5 },
  { duration: 0.5 },
  { interval: 1 },
  { packets: 5, duration: 0.8 },
  { packets: 5, bytes: 1000, duration: 0.5 },
];
/** How many files are kept. */
const KEPT = [undefined, 1, 2, 4];

const name = (conditions: Conditions): string => wordsOf(conditions).join(' ') || 'Ctrl-C';

/** Expects of a capture what dumpcap does: packets in files, how many are printed, how many it says there are. */
async function compare(conditions: Conditions, format: 'pcap' | 'pcapng', batch: number): Promise<void> {
  const count = Math.ceil(PACKETS / batch);
  const packets = numbers(1, batch * count).map((number): ModelPacket => {
    const time = (START + Math.ceil(number / batch) * batch * PERIOD) / 1000;
    return { number, time, size: format === 'pcap' ? PCAP_RECORD + sizeOf(number) : blockOf(number).length };
  });
  const all = filesOfDumpcap(packets, conditions, START / 1000, format === 'pcap' ? PCAP_HEAD : STREAM_HEAD.length);
  const { files, printed, counts } = await captured(wordsOf(conditions), format, batches(batch, count));
  const total = all.flat().length;
  expect({ files, printed, counts }).toEqual({
    files: keptOf(all, conditions.ring?.files),
    printed: total,
    counts: countsOf(total, keptOf(all).length),
  });
}

const countsOf = (packets: number, files: number): string =>
  `${packets} ${packets === 1 ? 'packet' : 'packets'} captured, 0 dropped on lo, in ${files} ${files === 1 ? 'file' : 'files'}`;

test.each(ENDS.flatMap((end) => RINGS.map((ring) => [name(end), name({ ring }), end, ring] as const)))(
  '%s with %s keeps what dumpcap keeps, and counts and prints it',
  async (_, __, end, ring) => {
    for (const files of KEPT) {
      const conditions = { ...end, ring: { ...ring, ...(files !== undefined && { files }) } };
      await compare(conditions, 'pcapng', 1);
      await compare(conditions, ring.bytes === undefined ? 'pcapng' : 'pcap', 9);
    }
  },
);

test.each(
  [{}, { count: 20 }, { duration: 2 }, { bytes: 1000 }, { count: 20, bytes: 1000, duration: 2 }].map(
    (end): readonly [string, Conditions] => [name(end), end],
  ),
)('%s ends one file as dumpcap does', async (_, end) => {
  for (const format of ['pcapng', 'pcap'] as const) for (const batch of [1, 9]) await compare(end, format, batch);
});

test.each([
  [['-a', 'duration:2'], 2000],
  [['-b', 'packets:5', '-b', 'files:2', '-a', 'duration:2'], 2000],
  [['-b', 'duration:0.5', '-b', 'files:2', '-a', 'duration:2'], 2000],
  // Files whose time is over count, though they were not begun.
  [['-b', 'duration:0.5', '-a', 'files:3'], 1500],
  [['-b', 'duration:0.5'], Number.NaN],
])('%s without any packet leaves one empty file, after %i ms', async (words, time) => {
  for (const format of ['pcapng', 'pcap']) {
    const play: Play = async (_, pass) => {
      for (let passed = 0; passed < 2500; passed += 100) await pass(100);
    };
    const { files, printed, counts, lasted } = await captured(words, format, play);
    expect([files, printed, counts, lasted]).toEqual([[[]], 0, countsOf(0, 1), time + LAG]);
  }
});

test('packets that were captured before the end but come after it are in the last file', async () => {
  const play: Play = async (engine, pass) => {
    await pass(400);
    engine.give(packetsOf(1, 2));
    await pass(500);
    engine.give(packetsOf(3, 2));
    await pass(150);
    // The capture was over at 1000 ms, and so would be the time of the second file.
    engine.give(packetsOf(5, 1));
    await pass(150);
    engine.give(packetsOf(6, 1));
  };
  const words = ['-b', 'duration:0.5', '-b', 'files:2', '-a', 'duration:1'];
  const { files, counts } = await captured(words, 'pcapng', play, 300);
  expect(files).toEqual([
    [1, 2],
    [3, 4, 5, 6],
  ]);
  expect(counts).toBe(countsOf(6, 2));
});

test.each([
  ['-c 10', ['-c', '10']],
  ['-a files:2', ['-a', 'files:2']],
])('ended by %s, the last file has what the engine counts at its end', async (_, words) => {
  const { path } = await captured(['-b', 'packets:5', ...words], 'pcapng', batches(7, 2));
  const files = readdirSync(path)
    .sort()
    .map((name) => readFileSync(`${path}/${name}`));
  expect(files).toEqual([
    Buffer.concat([STREAM_HEAD, packetsOf(1, 5)]),
    Buffer.concat([STREAM_HEAD, packetsOf(6, 5), STATISTICS]),
  ]);
});

test('Ctrl-C right after a file is full leaves no empty one, and removes none', async () => {
  const { files, counts } = await captured(['-b', 'packets:5', '-b', 'files:2'], 'pcapng', batches(5, 2));
  expect(files).toEqual([numbers(1, 5), numbers(6, 5)]);
  expect(counts).toBe(countsOf(10, 2));
});

test('the name of a file is told as soon as it is complete', async () => {
  const names = folder.path('names');
  const told = () => readFileSync(names, 'utf8').split('\n').length - 1;
  const after: number[] = [];
  const play: Play = async (engine, pass) => {
    engine.give(packetsOf(1, 4));
    await pass(100);
    after.push(told());
    engine.give(packetsOf(5, 1));
    await pass(100);
    after.push(told());
    engine.give(packetsOf(6, 1));
    await pass(800);
    after.push(told());
    await pass(300);
    after.push(told());
  };
  const words = ['-b', 'packets:5', '-b', 'duration:1', '-b', `printname:${names}`];
  const { path } = await captured(words, 'pcapng', play);
  expect(after).toEqual([0, 1, 1, 2]);
  const files = readdirSync(path).sort();
  expect(readFileSync(names, 'utf8')).toBe(files.map((name) => `${path}/${name}\n`).join(''));
});

test('secrets count for the size of a file, and are in each', async () => {
  const secrets = folder.write('peers.secrets', `PEER_SECRET * ${'0b'.repeat(200)}\n`);
  const words = ['-b', 'filesize:1', '--inject-secrets', secrets];
  const { path } = await captured(words, 'pcapng', batches(1, PACKETS));
  const files = readdirSync(path)
    .sort()
    .map((name) => readFileSync(`${path}/${name}`));
  const full = files.slice(0, -1);
  expect(full.length).toBeGreaterThan(3);
  for (const file of full) expect(file.length).toBeGreaterThanOrEqual(1000);
  for (const file of full)
    expect(file.length).toBeLessThan(1000 + Math.max(...numbers(1, 40).map((n) => blockOf(n).length)));
  for (const file of files) expect(file.includes('PEER_SECRET')).toBe(true);
});
