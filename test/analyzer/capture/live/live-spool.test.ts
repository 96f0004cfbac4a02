import { closeSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCapture } from '../../../../analyzer/capture/capture.js';
import type { EngineCapture } from '../../../../analyzer/capture/engine.js';
import { LiveCapture } from '../../../../analyzer/capture/live-capture.js';
import { LiveSpool } from '../../../../analyzer/capture/live-spool.js';
import { readCapture, rowsOf } from '../files.js';
import { FilledSource, HEAD, packetBlock, packets } from './blocks.js';

/** A spool whose captures are played: the sources of those that were started, and how to break one off. */
async function spooled() {
  const sources: FilledSource[] = [];
  const breaks: ((why: string | undefined) => void)[] = [];
  const begin = (): LiveCapture => {
    const source = new FilledSource();
    sources.push(source);
    const ended = new Promise<string | undefined>((resolve) => void breaks.push(resolve));
    const stop = () => {
      source.end();
      breaks.at(-1)?.(undefined);
    };
    const engine: EngineCapture = {
      engine: 'tcpdump',
      timeStamps: 'of a test',
      lag: 0,
      isTimed: false,
      bytes: source,
      counts: () => ({ dropped: sources.length }),
      stop,
      ended,
    };
    return new LiveCapture(engine);
  };
  const copied: number[] = [];
  const spool = await LiveSpool.open(begin(), { write: async ({ bytes }) => void copied.push(bytes.length) });
  return { spool, sources, breaks, copied };
}

/** Waits until the file has so many bytes. */
async function grown(spool: LiveSpool, size: number): Promise<Buffer> {
  for (;;) {
    const bytes = readFileSync(spool.path);
    if (bytes.length >= size) return bytes;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('it is copied, also where the room of its oldest packets was given back', async () => {
  const { spool, sources } = await spooled();
  const large = (number: number): Uint8Array => packetBlock(number, 200_000);
  const blocks = Array.from({ length: 12 }, (_, place) => large(place + 1));
  const size = HEAD.bytes.length + 12 * large(1).length;
  sources[0]?.push(HEAD.bytes);
  for (const block of blocks) sources[0]?.push(block);
  await grown(spool, size);
  const folder = mkdtempSync(join(tmpdir(), 'handshark-spool-'));
  try {
    const path = join(folder, 'copy.pcapng');
    expect(await spool.copy(path)).toBe(true);
    expect(readFileSync(path).equals(readFileSync(spool.path))).toBe(true);

    // As `FileRoom` does, up to the bytes of packet 3.
    const gone = HEAD.bytes.length + 2 * large(1).length + 28;
    const fd = openSync(spool.path, 'r+');
    writeSync(fd, new Uint8Array(gone), 0, gone, 0);
    closeSync(fd);
    expect(await spool.copy(path)).toBe(false);
    const { rows } = await readCapture(path);
    const first = rows[0]?.[4] ?? 0;
    // Packets that begin less than a mark's distance after that may be left out.
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(10);
    expect(rows.map(([, , , , seconds]) => seconds)).toEqual(Array.from({ length: 13 - first }, (_, at) => first + at));
  } finally {
    rmSync(folder, { recursive: true });
    await spool.close();
  }
});

test('the file grows by whole blocks while the capture runs', async () => {
  const { spool, sources, copied } = await spooled();
  const [source] = sources;
  source?.push(Buffer.concat([HEAD.bytes, packets(1).bytes, packetBlock(2).subarray(0, 9)]));
  const whole = Buffer.concat([HEAD.bytes, packets(1).bytes]);
  expect(await grown(spool, whole.length)).toEqual(whole);
  source?.push(packetBlock(2).subarray(9));
  expect(await grown(spool, whole.length + packetBlock(2).length)).toEqual(Buffer.concat([whole, packetBlock(2)]));
  expect(spool.counts()).toEqual({ packets: 2, bytes: whole.length + packetBlock(2).length, dropped: 1 });
  spool.stop();
  expect(await spool.ended).toBeUndefined();
  expect(copied.reduce((sum, length) => sum + length, 0)).toBe(whole.length + packetBlock(2).length);
  await spool.close();
});

test('who has the file open reads on after it is closed; it has no name', async () => {
  const { spool, sources } = await spooled();
  sources[0]?.push(Buffer.concat([HEAD.bytes, packets(1, 2).bytes]));
  await grown(spool, HEAD.bytes.length);
  expect(readlinkSync(spool.path.replace('/dev/fd', '/proc/self/fd'))).toMatch(/ \(deleted\)$/);
  const capture = await openCapture(spool.path);
  await spool.close();
  expect(await rowsOf(capture)).toHaveLength(2);
  await capture.close();
});

test('a capture that broke off says why', async () => {
  const { spool, sources, breaks } = await spooled();
  sources[0]?.push(Buffer.concat([HEAD.bytes, packets(1, 2).bytes]));
  await grown(spool, HEAD.bytes.length);
  sources[0]?.end();
  breaks[0]?.('the interface went down');
  expect(await spool.ended).toBe('the interface went down');
  await spool.close();
});
