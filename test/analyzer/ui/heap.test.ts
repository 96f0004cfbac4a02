import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildEntry } from './pty.js';

let entry: Awaited<ReturnType<typeof buildEntry>>;
beforeAll(async () => {
  entry = await buildEntry('heap-entry.ts');
});
afterAll(() => entry.remove());

test('the heap stays flat while rows change thousands of times', async () => {
  const { CI: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', entry.path], { env });
  const { growth, written } = JSON.parse(stdout);
  expect(written).toBeGreaterThan(1_500 * 1_000);
  // Ink's caches of measured text would keep about 14 KB of every frame.
  expect(growth).toBeLessThan(1_500);
}, 120_000);
