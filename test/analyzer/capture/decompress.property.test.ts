import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, readFully } from '../../../analyzer/capture/byte-source.js';
import { decompress } from '../../../analyzer/capture/decompress.js';
import { zstdFrame } from './files.js';

/** Bytes in pieces of a size; as from a file, unless `rewind` is taken away. */
class PieceSource implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  readonly #bytes: Uint8Array;
  readonly #size: number;
  #at = 0;

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.#size = size;
  }

  async read(into: Uint8Array): Promise<number> {
    const piece = this.#bytes.subarray(this.#at, this.#at + Math.min(this.#size, into.length));
    into.set(piece);
    this.#at += piece.length;
    return piece.length;
  }

  rewind(): void {
    this.#at = 0;
  }

  async close(): Promise<void> {}
}

async function expand(kind: 'gzip' | 'zstd', bytes: Uint8Array, size: number) {
  const source = decompress(kind, new PieceSource(bytes, size));
  const into = new Uint8Array(1 << 20);
  const count = await readFully(source, into);
  await source.close();
  return { bytes: into.subarray(0, count), problem: source.problem };
}

const kind = fc.constantFrom('gzip' as const, 'zstd' as const);
const content = fc.uint8Array({ maxLength: 5000 });
const size = fc.integer({ min: 1, max: 2000 });
const pack = { gzip: (bytes: Uint8Array) => gzipSync(bytes), zstd: (bytes: Uint8Array) => zstdFrame(bytes) };

test('what was compressed comes out again, in whatever pieces it goes in', async () => {
  await fc.assert(
    fc.asyncProperty(kind, fc.array(content, { minLength: 1, maxLength: 3 }), size, async (which, parts, pieces) => {
      const packed = Buffer.concat(parts.map((part) => pack[which](part)));
      const found = await expand(which, packed, pieces);
      expect(found).toEqual({ bytes: Uint8Array.from(Buffer.concat(parts)), problem: undefined });
    }),
  );
});

test('of data that is cut, what comes out is the beginning, and the cut is told', async () => {
  await fc.assert(
    fc.asyncProperty(kind, content, fc.nat(), size, async (which, bytes, cut, pieces) => {
      const packed = pack[which](bytes);
      const found = await expand(which, packed.subarray(0, 2 + (cut % (packed.length - 2))), pieces);
      expect(found.problem).toBe(`the ${which} data is cut short`);
      expect(found.bytes).toEqual(bytes.slice(0, found.bytes.length));
    }),
  );
});

test('nothing throws, or waits for ever, whatever the data', async () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(kind, content, flips, size, async (which, bytes, places, pieces) => {
      const packed = Uint8Array.from(pack[which](bytes));
      for (const [place, mask] of places) packed[place % packed.length] = (packed[place % packed.length] ?? 0) ^ mask;
      await expand(which, packed, pieces);
    }),
    { numRuns: 300 },
  );
});

test('damage costs next to nothing of what came before it in the same step', async () => {
  // Bytes that do not compress, and a wrong digest at their end.
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff);
  const packed = gzipSync(bytes);
  packed.writeUInt8(packed.readUInt8(packed.length - 5) ^ 1, packed.length - 5);
  const found = await expand('gzip', packed, 100_000);
  expect(found.problem).toBe('the gzip data is damaged (incorrect data check)');
  expect(found.bytes).toEqual(bytes);
});
