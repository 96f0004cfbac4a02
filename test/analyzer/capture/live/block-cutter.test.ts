import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockCutter, isPacket } from '../../../../analyzer/capture/block-cutter.js';
import { HEAD, packetBlock, SECTION, section } from './blocks.js';

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** Everything that comes out when bytes come in pieces of these sizes. */
function cut(bytes: Uint8Array, sizes: readonly number[], room: number) {
  const cutter = new BlockCutter(room);
  const pieces: Uint8Array[] = [];
  const types: number[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const into = cutter.room();
    expect(into.length).toBeGreaterThan(0);
    const piece = bytes.subarray(at, at + Math.min(into.length, sizes[turn % sizes.length] ?? 1));
    into.set(piece);
    at += piece.length;
    const blocks = cutter.took(piece.length);
    expect(blocks.ends.at(-1) ?? 0).toBe(blocks.bytes.length);
    pieces.push(blocks.bytes.slice());
    types.push(...blocks.types);
  }
  return { bytes: Buffer.concat(pieces), types };
}

test('whole blocks come out, whatever pieces they come in; what is torn off does not', () => {
  const head = HEAD.ends.map((end, block) => HEAD.bytes.subarray(HEAD.ends[block - 1] ?? 0, end));
  const blocks = [...head, packetBlock(0, 10), packetBlock(1, 3000), packetBlock(2, 0)];
  const whole = Buffer.concat(blocks);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      fc.integer({ min: 16, max: 512 }),
      fc.nat(whole.length),
      (sizes, room, length) => {
        let kept = 0;
        let end = 0;
        while (kept < blocks.length && end + (blocks[kept]?.length ?? 0) <= length) end += blocks[kept++]?.length ?? 0;
        const found = cut(whole.subarray(0, length), sizes, room);
        expect(found.bytes).toEqual(whole.subarray(0, end));
        expect(found.types).toEqual([SECTION, 1, 6, 6, 6].slice(0, found.types.length));
      },
    ),
  );
});

test('the byte order is that of each section', () => {
  const big = bytesOf('0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c 00000005 0000000c 0000000c');
  const both = Buffer.concat([big, section(), packetBlock(0, 4)]);
  expect(cut(both, [1000], 4096)).toEqual({ bytes: both, types: [SECTION, 5, SECTION, 1, 6] });
});

test.each([
  ['too short', '06000000 08000000 00000000'],
  ['not of four bytes', '06000000 0d000000 00000000'],
  ['huge', '06000000 fcffffff 00000000'],
])('a block whose length is %s is refused', (_, block) => {
  expect(() => cut(Buffer.concat([section(), bytesOf(block)]), [1000], 4096)).toThrow(
    /a block of \d+ bytes makes no sense$/,
  );
});

test('three types of blocks hold packets', () => {
  expect([1, 2, 3, 4, 5, 6, 10, undefined].filter(isPacket)).toEqual([2, 3, 6]);
});
