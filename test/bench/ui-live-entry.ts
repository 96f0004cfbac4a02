/**
 * Shows live traffic that is made up, as fast as it can be taken in, and prints what that costs after every so many packets:
 * a line of JSON each. To be run with `--expose-gc` and five words: how many packets, how many of them are kept, how many
 * there are between two lines, and the two workers.
 */
import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createElement } from 'react';
import type { ByteSource } from '../../analyzer/capture/byte-source.js';
import { openCapture } from '../../analyzer/capture/capture.js';
import type { EngineCapture } from '../../analyzer/capture/engine.js';
import { LiveCapture } from '../../analyzer/capture/live-capture.js';
import { LiveSpool, SPOOL_INTERVAL_MS } from '../../analyzer/capture/live-spool.js';
import { LiveSession } from '../../analyzer/commands/live-session.js';
import { IndexedCapture } from '../../analyzer/session/indexed-capture.js';
import { Store } from '../../analyzer/store/store.js';
import { App } from '../../analyzer/ui/App.js';
import { CanvasContext } from '../../analyzer/ui/canvas.js';
import { FrameWriter } from '../../analyzer/ui/frame-writer.js';
import { render } from '../../analyzer/ui/ink.js';
import { themeOf } from '../../analyzer/ui/theme.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../dissectors/file/pcapng-writer.js';
import { makeCapture } from './make-capture.js';
import { MIXES } from './mixes.js';

const [packets = '', keep = '', step = '', scan = '', query = ''] = process.argv.slice(2);
const MOST = Number(packets);
const STEP = Number(step);
/** Packets that repeat, at times of their own: one each 200 µs. */
const DIFFERENT = 60_000;
const MICROS = 200;
/** Packets that are given out at once. */
const AT_ONCE = 500;
/** How many packets the screen may be behind. */
const LAG = 50_000;
const SIZE = { columns: 120, rows: 40 };

/** The blocks of the packets that repeat. */
async function blocksOf(): Promise<readonly Uint8Array[]> {
  const path = join(tmpdir(), `handshark-live-${process.pid}.pcap`);
  makeCapture(path, DIFFERENT, MIXES.handshakes);
  const capture = await openCapture(path);
  const blocks: Uint8Array[] = [];
  for await (const { view, records } of capture.batches()) {
    for (let row = 0; row < records.count; row++) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + (records.at[row] ?? 0), records.captured[row] ?? 0);
      blocks.push(enhancedPacket({ interfaceId: 0, seconds: 0, nanos: 0, bytes, wire: bytes.length }));
    }
  }
  await capture.close();
  rmSync(path);
  return blocks;
}

/** A stream that never waits for anybody but the screen. */
class MadeUp implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  sent = 0;
  isOver = false;
  readonly #blocks: readonly Uint8Array[];
  readonly #taken: () => number;
  #rest: Uint8Array = Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1, name: 'made up' })]);

  /** @param taken packets that the screen has */
  constructor(blocks: readonly Uint8Array[], taken: () => number) {
    this.#blocks = blocks;
    this.#taken = taken;
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      if (this.isOver || this.sent >= MOST) return 0;
      await new Promise((done) => setTimeout(done, this.sent - this.#taken() > LAG ? 10 : 0));
      if (this.sent - this.#taken() <= LAG) this.#rest = this.#next();
    }
    const taken = this.#rest.subarray(0, into.length);
    into.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  async close(): Promise<void> {
    this.isOver = true;
  }

  #next(): Uint8Array {
    const bytes = Buffer.concat(
      Array.from({ length: AT_ONCE }, (_, place) => this.#blocks[(this.sent + place) % DIFFERENT] ?? new Uint8Array(0)),
    );
    for (let at = 0, place = 0; place < AT_ONCE; place++, at += bytes.readUInt32LE(at + 4))
      stamp(bytes, at, this.sent + place);
    this.sent += AT_ONCE;
    return bytes;
  }
}

const START_MICROS = 1_767_323_045_000_000n;

/** Gives a block the time of its packet. An enhanced packet block has it, in nanoseconds, in its bytes 12 to 19. */
function stamp(bytes: Buffer, at: number, number: number): void {
  const nanos = (START_MICROS + BigInt(number) * BigInt(MICROS)) * 1000n;
  bytes.writeUInt32LE(Number(nanos >> 32n), at + 12);
  bytes.writeUInt32LE(Number(nanos & 0xffff_ffffn), at + 16);
}

const source = new MadeUp(await blocksOf(), () => session.capture.count);
const { promise: ended, resolve: end } = withResolvers<undefined>();
const engine: EngineCapture = {
  engine: 'dumpcap',
  timeStamps: 'made up',
  lag: 0,
  isTimed: false,
  bytes: source,
  counts: () => ({ dropped: 0 }),
  stop: () => {
    source.isOver = true;
    end(undefined);
  },
  ended,
};
const spool = await LiveSpool.open(new LiveCapture(engine));
const { path } = spool;
const scripts = { scan: pathToFileURL(resolve(scan)), query: pathToFileURL(resolve(query)) };
const session: LiveSession = new LiveSession(spool, {
  names: 'made up',
  file: undefined,
  begin: async () => spool,
  show: (_, live) =>
    new IndexedCapture(
      {
        path,
        secrets: [],
        track: true,
        seed: 1,
        follow: true,
        keep: Number(keep),
        interval: SPOOL_INTERVAL_MS,
        isPrivate: true,
      },
      scripts,
      live,
    ),
  close: () => undefined,
});
const store = new Store(session.capture, { size: SIZE, follow: true });
let written = 0;
const frames = new FrameWriter((text) => {
  written += text.length;
  return true;
});
frames.start();
const app = createElement(App, { frames: store, themes: () => themeOf(false, true) });
const ink = render(createElement(CanvasContext, { value: frames.canvas }, app), {
  stdout: frames as unknown as NodeJS.WriteStream,
  debug: true,
  exitOnCtrlC: false,
  patchConsole: false,
});

const began = performance.now();
const { promise: done, resolve: finish } = withResolvers<void>();
let next = STEP;
store.subscribe(() => {
  const { count, first } = session.capture;
  if (count < next) return;
  next = count - (count % STEP) + STEP;
  globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const disk = 512 * statSync(path).blocks;
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ count, first, seconds, rss, heapUsed, external, arrayBuffers, disk, written }));
  if (count >= MOST) finish();
});
await done;
ink.unmount();
store.close();
await session.close();

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
