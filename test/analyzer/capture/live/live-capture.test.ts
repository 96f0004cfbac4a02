import { expect, test, vi } from 'vitest';
import type { EngineCapture } from '../../../../analyzer/capture/engine.js';
import { type Autostop, LiveCapture } from '../../../../analyzer/capture/live-capture.js';
import { interfaceStatistics } from '../../../../dissectors/file/pcapng-writer.js';
import { FilledSource, HEAD, packetBlock, packets } from './blocks.js';

/** A capture whose engine is a test. */
function pretended(limits?: Autostop) {
  const source = new FilledSource();
  let why: (reason: string | undefined) => void = () => {};
  let stops = 0;
  const engine: EngineCapture = {
    engine: 'dumpcap',
    timeStamps: 'of a test',
    lag: 0,
    isTimed: false,
    bytes: source,
    counts: () => ({ dropped: 3 }),
    stop: () => {
      stops += 1;
      source.end();
      why(undefined);
    },
    ended: new Promise((resolve) => {
      why = resolve;
    }),
  };
  const live = new LiveCapture(engine, limits);
  return { live, source, break: (reason: string) => why(reason), stops: () => stops };
}

/** All that comes, as one piece. */
async function all(live: LiveCapture): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let blocks = await live.next(); blocks; blocks = await live.next()) pieces.push(blocks.bytes.slice());
  return Buffer.concat(pieces);
}

const STATISTICS = interfaceStatistics({ interfaceId: 0, seconds: 9, nanos: 0, received: 5, dropped: 3 });

test('all blocks come, counted, and what was torn off does not', async () => {
  const { live, source } = pretended();
  const bytes = Buffer.concat([HEAD.bytes, packets(1, 2, 3).bytes]);
  source.push(bytes);
  source.push(packetBlock(4).subarray(0, 30));
  source.end();
  expect(await all(live)).toEqual(bytes);
  expect(live.counts()).toEqual({ packets: 3, bytes: bytes.length, dropped: 3 });
});

test.each<[string, Autostop]>([
  ['packets', { packets: 2 }],
  ['bytes', { bytes: HEAD.bytes.length + packetBlock(1).length + 1 }],
])('with a limit of %s the packet that reaches it is the last, and counts still come', async (_, limits) => {
  const { live, source, stops } = pretended(limits);
  source.push(Buffer.concat([HEAD.bytes, packets(1, 2, 3).bytes, STATISTICS]));
  source.push(Buffer.concat([packets(4).bytes, STATISTICS]));
  expect(await all(live)).toEqual(Buffer.concat([HEAD.bytes, packets(1, 2).bytes, STATISTICS, STATISTICS]));
  expect(stops()).toBe(1);
  expect(live.counts().packets).toBe(2);
});

test.each([1.5, 2_147_483, 2_147_484, 40 * 86_400])('after its %d s a capture is asked to end', (duration) => {
  vi.useFakeTimers();
  try {
    const { live, stops } = pretended({ duration });
    void live.next();
    vi.advanceTimersByTime(duration * 1000 - 1);
    expect(stops()).toBe(0);
    vi.advanceTimersByTime(2);
    expect(stops()).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('why a capture broke off is told, though it is closed right after', async () => {
  const { live, source, break: breakOff } = pretended();
  source.push(HEAD.bytes);
  source.end();
  await all(live);
  setImmediate(() => breakOff('the interface went away'));
  await live.close();
  expect(await live.ended).toBe('the interface went away');
  expect(source.isClosed).toBe(true);
});

test('it is read as bytes, too, in pieces of any size', async () => {
  const { live, source } = pretended();
  const bytes = Buffer.concat([HEAD.bytes, packets(1, 2, 3).bytes]);
  source.push(bytes);
  source.end();
  const pieces: Buffer[] = [];
  const into = new Uint8Array(7);
  for (let count = await live.read(into); count > 0; count = await live.read(into)) {
    pieces.push(Buffer.from(into.subarray(0, count)));
  }
  expect(Buffer.concat(pieces)).toEqual(bytes);
});
