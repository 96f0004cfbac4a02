import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneCapture } from '../../analyzer/capture/named-captures.js';
import type { DecodeOptions } from '../../analyzer/commands/decode-options.js';
import { threadsFor } from '../../analyzer/commands/threads.js';
import { makeCapture } from '../bench/make-capture.js';
import { MIXES } from '../bench/mixes.js';
import { handshark } from '../built-program.js';
import { type Run, RunningProgram } from '../running-program.js';

const folder = mkdtempSync(join(tmpdir(), 'threads-'));
/** Some ranges of packets: TLS, DNS and media, whose last packet is cut. */
const web = join(folder, 'web.pcap');
/** The same of channel packets on TCP, which begin in one range and end in another. */
const stream = join(folder, 'stream.pcap');

beforeAll(() => {
  makeCapture(web, 5000, MIXES.web);
  truncateSync(web, statSync(web).size - 1);
  makeCapture(stream, 5000, MIXES.stream);
});

afterAll(() => rmSync(folder, { recursive: true }));

const decoded = async (...words: readonly string[]): Promise<Run> =>
  new RunningProgram(handshark('decode', ...words), '').ended();

/** Runs `decode` with one thread and with three; both must do the same. */
async function both(...words: readonly string[]): Promise<Run> {
  const [one, three] = await Promise.all(['1', '3'].map((count) => decoded(...words, '--threads', count)));
  if (!one || !three) throw new Error('a run is missing');
  expect(three.status).toBe(one.status);
  expect(three.err).toBe(one.err);
  expect(Buffer.compare(three.out, one.out)).toBe(0);
  return one;
}

const lines = ({ out }: Run): number => Buffer.from(out).toString().split('\n').length - 1;

test('the list is the same from any number of threads, and so is what is said of damage', async () => {
  const run = await both(web, '-t', 'd', '-u', 'hms');
  expect(run.status).toBe(1);
  expect(run.err).toMatch(/damaged capture/);
  expect(lines(run)).toBe(4999);
});

test('JSON of packets whose streams reach over ranges is the same, with a filter and a last packet', async () => {
  const run = await both(stream, '-T', 'json', '-Y', 'chan and tcp.len > 100', '-c', '4321');
  expect(lines(run)).toBeGreaterThan(1000);
  expect(Buffer.from(run.out).toString()).toMatch(/"state":"established"/);
});

test('fields, their header and times since the packet before are the same', async () => {
  const fields = ['frame.number', 'frame.time_delta_displayed', 'tcp.stream', 'tcp.analysis.flags', 'channel.number'];
  const run = await both(stream, '-E', 'header=y', ...fields.flatMap((field) => ['-e', field]));
  expect(lines(run)).toBe(5001);
});

test('a reader that goes away ends all threads', async () => {
  const program = new RunningProgram(handshark('decode', stream, '-T', 'json', '--threads', '2'), '');
  await program.wrote(1000);
  program.child.stdout.destroy();
  expect((await program.ended()).status).toBe(0);
});

test('a number of threads that there cannot be is refused', async () => {
  const { status, err } = await decoded(stream, '--threads', '9');
  expect(status).toBe(2);
  expect(err).toMatch(/--threads.*9.*expected a whole number from 1 to 8/);
});

test('without being told how many, JSON of a large file alone is printed with a thread a processor', () => {
  const path = join(folder, 'large.pcap');
  writeFileSync(path, '');
  truncateSync(path, 200 * 1024 * 1024);
  const options = { secrets: [], track: true, color: 'never', field: [] } as unknown as DecodeOptions;
  const threadsOf = (more: Partial<DecodeOptions>) => threadsFor(oneCapture(path), { ...options, ...more });
  expect(threadsOf({ format: 'json' })).toBe(Math.min(8, availableParallelism()));
  expect(threadsOf({ format: 'text' })).toBe(1);
  expect(threadsOf({ format: 'text', threads: 3 })).toBe(3);
  truncateSync(path, 1024);
  expect(threadsOf({ format: 'json' })).toBe(1);
});
