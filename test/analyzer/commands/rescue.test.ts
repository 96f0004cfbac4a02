import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineCapture } from '../../../analyzer/capture/engine.js';
import { LiveCapture } from '../../../analyzer/capture/live-capture.js';
import { type BlockWriter, LiveSpool } from '../../../analyzer/capture/live-spool.js';
import { LiveSession } from '../../../analyzer/commands/live-session.js';
import { rescue } from '../../../analyzer/commands/rescue.js';
import { IndexedCapture } from '../../../analyzer/session/indexed-capture.js';
import { readCapture } from '../capture/files.js';
import { FilledSource, HEAD, packets } from '../capture/live/blocks.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-rescue-'));
const script = (name: string): URL => pathToFileURL(join(folder, `${name}.mjs`));

beforeAll(async () => {
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
  const failing = "throw new RangeError('Maximum call stack size exceeded');";
  writeFileSync(join(folder, 'broken.mjs'), failing);
  // Fails once it has told of packets.
  const tells = `parentPort.postMessage = (message, ...rest) => {
    Object.getPrototypeOf(parentPort).postMessage.call(parentPort, message, ...rest);
    if (message.type === 'grown') setTimeout(() => { ${failing} });
  };`;
  writeFileSync(
    join(folder, 'late.mjs'),
    `import { parentPort } from 'node:worker_threads';\n${tells}\nawait import('./scan.mjs');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Live traffic whose packets were played in: with workers that work, or that fail. */
async function session(scan: string, query: string, file?: string, copy?: BlockWriter): Promise<LiveSession> {
  const source = new FilledSource();
  let over: (why: undefined) => void = () => {};
  const engine: EngineCapture = {
    engine: 'tcpdump',
    timeStamps: 'of a test',
    lag: 0,
    isTimed: false,
    bytes: source,
    counts: () => ({}),
    stop: () => {
      source.end();
      over(undefined);
    },
    ended: new Promise((resolve) => {
      over = resolve;
    }),
  };
  source.push(Buffer.concat([HEAD.bytes, packets(1, 2, 3, 4, 5).bytes]));
  const spool = await LiveSpool.open(new LiveCapture(engine), copy);
  const task = { title: 'lo', interval: 10, secrets: [], track: true, seed: 7, follow: true, rests: false };
  return new LiveSession(spool, {
    names: 'lo',
    file,
    begin: () => Promise.reject(new Error('not here')),
    show: ({ path }, live) =>
      new IndexedCapture({ ...task, path, isPrivate: true }, { scan: script(scan), query: script(query) }, live),
    close: () => undefined,
  });
}

/** Waits until all packets have been read, or nothing more will be. */
const read = ({ capture }: LiveSession, isThrough?: (capture: IndexedCapture) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => (isThrough ? isThrough(capture) : capture.count === 5 || capture.done) && resolve();
    capture.subscribe(look);
    look();
  });

test.each([
  ['nothing has failed', 'scan', 'query'],
  ['what searches and saves has failed', 'scan', 'broken'],
  ['what reads has failed', 'broken', 'query'],
  ['both have failed', 'broken', 'broken'],
])('all packets are kept when %s', async (name, scan, query) => {
  const live = await session(scan, query);
  await read(live);
  const kept = join(folder, name.replaceAll(' ', '-'), 'deep');
  const said = await rescue(live, () => 0, kept);
  const [file = '', ...others] = readdirSync(kept);
  expect(others).toEqual([]);
  expect(said).toBe(`5 packets that were in no file: kept in ${join(kept, file)}`);
  const { rows } = await readCapture(join(kept, file));
  expect(rows).toHaveLength(5);
  await live.close();
});

test('all packets are kept when what reads fails after it has read them, and saving them tells so', async () => {
  const live = await session('late', 'query');
  await read(live, ({ hasFailed }) => hasFailed);
  expect([live.capture.count, live.isBroken]).toEqual([5, true]);
  const path = join(folder, 'never.pcapng');
  const problem = await new Promise((resolve) =>
    live.capture.save({ path, withHandshakes: false }, (news) => resolve(news.problem)),
  );
  expect(problem).toBe('packets can no longer be read: they are kept in a file when you quit');
  const kept = join(folder, 'late');
  expect(await rescue(live, () => 0, kept)).toMatch(/^5 packets that were in no file: kept in /);
  const { rows } = await readCapture(join(kept, readdirSync(kept)[0] ?? ''));
  expect(rows).toHaveLength(5);
  await live.close();
});

test('what the screens know is not needed', async () => {
  const live = await session('scan', 'query');
  await read(live);
  const broken = (): number => {
    throw new Error('no screen is left');
  };
  expect(await rescue(live, broken, join(folder, 'blind'))).toMatch(/^5 packets that were in no file: kept in /);
  await live.close();
});

test.each([
  ['the user has saved all', undefined, 5],
  ['all goes to a file of the user', '/tmp/own.pcapng', 0],
])('nothing is kept when %s', async (_, file, saved) => {
  const live = await session('scan', 'query', file);
  await read(live);
  expect(await rescue(live, () => saved, join(folder, 'never'))).toBeUndefined();
  await live.close();
});

test("packets are kept that the user's own file had no room for", async () => {
  const full = { write: () => Promise.reject(new Error('no space left on the device')) };
  const live = await session('scan', 'query', '/tmp/own.pcapng', full);
  await read(live);
  expect(await live.ended).toBe('packets cannot be kept: no space left on the device');
  expect(await rescue(live, () => 0, join(folder, 'full'))).toMatch(/^5 packets that were in no file: kept in /);
  await live.close();
});

test('who cannot be read is known to be broken', async () => {
  const live = await session('broken', 'query');
  await read(live);
  expect([live.isBroken, live.packets]).toEqual([true, 5]);
  await live.close();
});

test('where nothing can be written that is told', async () => {
  const live = await session('scan', 'query');
  await read(live);
  expect(await rescue(live, () => 0, '/proc/nowhere')).toMatch(/^packets are lost: cannot write: /);
  await live.close();
});
