import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { CaptureError } from '../../../analyzer/capture/capture-error.js';
import { replay } from '../../../analyzer/index/replay.js';
import { type Folder, makeFolder } from '../capture/files.js';
import { running } from '../commands/running.js';
import { FIXTURES, type Indexed, indexed, printed, secretsBeside, seeded, streamed } from './pipeline.js';

/** Changed copies of each fixture; `DAMAGE_RUNS=1000 npx vitest run damage` tries more. */
const RUNS = Number(process.env.DAMAGE_RUNS ?? 4);
/** As many of them go through all of the program, not only through the index and in passing. */
const WHOLE_RUNS = Math.ceil(RUNS / 8);
/** Cuts of each fixture, besides those in each record of plain pcap files. */
const CUTS = Math.ceil(RUNS / 4);

const folder: Folder = makeFolder();
afterAll(() => folder.remove());

/** A copy with one to four bytes changed, and where. */
function flipped(bytes: Uint8Array, below: (most: number) => number): { bytes: Uint8Array; places: readonly number[] } {
  const copy = bytes.slice();
  const places = Array.from({ length: 1 + below(4) }, () => below(copy.length));
  for (const place of places) copy[place] = (copy[place] ?? 0) ^ (1 + below(255));
  return { bytes: copy, places };
}

/** Whether text has anything that could steer a terminal. */
const UNSAFE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

/** Prints a capture in all ways; whatever is in it, that ends well or with a line that says what is wrong. */
async function printAll(path: string, secrets: readonly string[]): Promise<void> {
  const words = ['decode', path, ...secrets.flatMap((file) => ['--secrets', file])];
  for (const options of [[], ['-V', '-x'], ['-T', 'json']]) {
    const { stdout, complaints, status } = await running([...words, ...options]);
    expect(status).toBe(complaints.length > 0 ? 1 : 0);
    for (const complaint of complaints) expect(complaint).toMatch(/^[^\n]+: [^\n]+: [^\n]+$/);
    expect(UNSAFE.exec(stdout)).toBeNull();
    if (options.includes('json')) for (const line of stdout.split('\n').slice(0, -1)) JSON.parse(line);
  }
}

/** The result, or nothing where the file is no capture any more. */
const orRefused = async <T>(result: Promise<T>): Promise<T | undefined> =>
  result.catch((error: unknown) => {
    if (error instanceof CaptureError) return undefined;
    throw error;
  });

/** Examines a capture in passing and from its index, and compares some of its packets. */
async function compare(path: string, secrets: readonly string[], wanted: ReadonlySet<number>): Promise<void> {
  const inPassing = await orRefused(streamed(path, secrets, wanted));
  if (!inPassing) return;
  const capture = await indexed(path, inPassing.secrets);
  try {
    expect(capture.index.length).toBe(inPassing.packets);
    for (const [number, expected] of inPassing.printed) expect(printed(replay(capture, number))).toEqual(expected);
  } finally {
    await capture.close();
  }
}

/** The packets that have these bytes of a capture, and those that may answer them or follow in their streams. */
function near(capture: Indexed, places: readonly number[], below: (most: number) => number): ReadonlySet<number> {
  const { length } = capture.index;
  const found = new Set<number>([1 + below(length + 1)]);
  for (const { columns, base, from, to } of capture.index.runs(1, length)) {
    for (let row = from; row < to; row++) {
      const start = columns.offset[row] ?? 0;
      const end = start + (columns.captured[row] ?? 0);
      if (!places.some((place) => place >= start - 16 && place < end)) continue;
      for (const more of [0, 1]) found.add(base + row + more);
    }
  }
  return found;
}

test.each(FIXTURES)(
  '%s with changed bytes is read to its end or to the damage',
  async (name) => {
    const original = readFileSync(`fixtures/${name}`);
    const secrets = secretsBeside(name);
    const whole = await indexed(`fixtures/${name}`);
    const below = seeded(name.length * 7919 + original.length);
    const path = folder.path(name);
    for (let run = 0; run < RUNS; run++) {
      const { bytes, places } = flipped(original, below);
      writeFileSync(path, bytes);
      await compare(path, secrets, near(whole, places, below));
      if (run < WHOLE_RUNS) await printAll(path, secrets);
    }
    await whole.close();
  },
  600_000,
);

test.each(FIXTURES)(
  '%s cut anywhere is read to the cut',
  async (name) => {
    const original = readFileSync(`fixtures/${name}`);
    const below = seeded(original.length + 1);
    for (let run = 0; run < CUTS; run++) {
      const cut = below(original.length);
      await printAll(folder.write(`cut-${name}`, original.subarray(0, cut)), secretsBeside(name));
    }
  },
  600_000,
);

const PLAIN = FIXTURES.filter((name) => /\.pcap$/.test(name) && !/^(cut|corrupt|empty)/.test(name));

test.each(PLAIN)('%s cut inside a record gives all packets before it, and says where it ends', async (name) => {
  const original = readFileSync(`fixtures/${name}`);
  const whole = await running(['decode', '-T', 'json', `fixtures/${name}`]);
  const lines = whole.stdout.split('\n').slice(0, -1);
  const capture = await indexed(`fixtures/${name}`);
  const { offset } = capture.index.columnsOf(1);
  const starts = Array.from({ length: lines.length }, (_, row) => (offset[row] ?? 0) - 16);
  await capture.close();
  const below = seeded(original.length + 2);
  const records = lines.length < 4 ? lines.map((_, row) => row) : Array.from({ length: 3 }, () => below(lines.length));
  for (const record of records) {
    const start = starts[record] ?? 0;
    const end = starts[record + 1] ?? original.length;
    const path = folder.write(name, original.subarray(0, start + 1 + below(end - start - 1)));
    const { stdout, complaints, status } = await running(['decode', '-T', 'json', path]);
    // Packets in a stream can tell what comes behind them, which is not here now: they are counted only.
    expect(stdout.split('\n').length - 1).toBe(record);
    expect(status).toBe(1);
    const came = record === 1 ? '1 packet came' : `${record} packets came`;
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(new RegExp(`^damaged capture: ${path}: offset ${start}: .*; ${came} before it$`));
  }
});
