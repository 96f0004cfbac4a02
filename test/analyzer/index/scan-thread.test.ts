import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { expectScan, scanThread } from '../../../analyzer/index/scan-thread.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that echoes what it is told, after its name. */
function script(name: string, text: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return pathToFileURL(path);
}

const ECHO = `import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', (text) => parentPort.postMessage([threadId, text]));`;

test('the thread that was expected scans, once, and hears what it was told before it was ready', async () => {
  const echo = script('echo', ECHO);
  expectScan(echo);
  const [first, second] = [scanThread(echo), scanThread(echo)];
  first.postMessage('one');
  second.postMessage('two');
  const [[[firstId, one]], [[secondId, two]]] = await Promise.all([once(first, 'message'), once(second, 'message')]);
  expect([one, two]).toEqual(['one', 'two']);
  expect(secondId).toBeGreaterThan(firstId);
  await Promise.all([first.terminate(), second.terminate()]);
});

test('a thread that failed before it was wanted is not taken: who wants it hears why', async () => {
  const broken = script('broken', 'throw new Error("broken");');
  expectScan(broken);
  await new Promise((done) => setTimeout(done, 500));
  const [error] = await once(scanThread(broken), 'error');
  expect(error.message).toBe('broken');
});

test('a thread that runs another script is not taken', async () => {
  expectScan(script('idle', 'setInterval(() => {}, 1000);'));
  const worker = scanThread(script('other', ECHO));
  worker.postMessage('heard');
  const [[, text]] = await once(worker, 'message');
  expect(text).toBe('heard');
  await worker.terminate();
});
