import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { has } from '../capture/files.js';
import { buildEntry } from './pty.js';

/** What `ui-live-entry.ts` prints. */
interface Line {
  readonly count: number;
  readonly first: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly arrayBuffers: number;
  /** What the packets take on disk, in bytes. */
  readonly disk: number;
}

let entry: Awaited<ReturnType<typeof buildEntry>>;
beforeAll(async () => {
  entry = await buildEntry('../../bench/ui-live-entry.ts', {
    'scan-worker': 'analyzer/index/scan-worker.ts',
    'query-worker': 'analyzer/query/query-worker.ts',
  });
}, 60_000);
afterAll(() => entry.remove());

test('live traffic takes no more memory once the oldest packets are forgotten', async ({ annotate }) => {
  const { CI: _, ...env } = process.env;
  const worker = (name: string) => join(dirname(entry.path), `${name}.mjs`);
  const words = [entry.path, '900000', '65536', '100000', worker('scan-worker'), worker('query-worker')];
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...words], { env, timeout: 100_000 });
  const lines: readonly Line[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = lines.at(-1);
  // By the fifth line segments of packets have gone, and the table of handshakes is full.
  const settled = lines[4];
  if (last === undefined || settled === undefined) throw new Error('nothing was measured');
  expect(last.count - settled.count).toBeGreaterThan(350_000);
  expect(last.count - last.first).toBeLessThan(3 * 65_536);
  expect(last.heapUsed - settled.heapUsed).toBeLessThan(4e6);
  expect(last.arrayBuffers - settled.arrayBuffers).toBeLessThan(16e6);
  if (!has('fallocate')) return;
  await annotate(`disk: ${lines.map(({ disk }) => (disk / 1e6).toFixed(0)).join(', ')} MB`);
  // All packets together take more than 250 MB.
  expect(last.disk).toBeLessThan(130e6);
}, 120_000);
