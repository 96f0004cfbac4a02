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
  // All that may be listed, 1,024 channels and as many handshakes, is there long before the first line that counts.
  const words = [entry.path, '300000', '4096', '10000', worker('scan-worker'), worker('query-worker')];
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...words], { env, timeout: 170_000 });
  const lines: readonly Line[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const early = lines.filter(({ count }) => count >= 70_000 && count < 190_000);
  const late = lines.filter(({ count }) => count >= 220_000);
  expect(Math.min(early.length, late.length)).toBeGreaterThan(0);
  const last = lines.at(-1);
  expect(last && last.count - last.first).toBeLessThan(3 * 65_536);
  // Where a list of channels has just been replaced, the old one is still on the screen: the least of several lines counts.
  expect(least(late, 'heapUsed') - least(early, 'heapUsed')).toBeLessThan(1.5e6);
  expect(least(late, 'arrayBuffers') - least(early, 'arrayBuffers')).toBeLessThan(8e6);
  if (!has('fallocate')) return;
  await annotate(`disk: ${lines.map(({ disk }) => (disk / 1e6).toFixed(0)).join(', ')} MB`);
  // All packets together take more than 80 MB.
  expect(least(late, 'disk')).toBeLessThan(50e6);
}, 180_000);

const least = (lines: readonly Line[], key: 'heapUsed' | 'arrayBuffers' | 'disk'): number =>
  Math.min(...lines.map((line) => line[key]));
