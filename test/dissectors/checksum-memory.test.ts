import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { crc32c, fastBytes, fold16, sum16 } from '../../dissectors/wire/checksum.js';
import { checksumsOf } from '../../dissectors/wire/checksum-memory.js';
import { CHECKSUM_MODULE } from '../../dissectors/wire/checksum-module.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';

test('bytes in the memory have the checksum that they have elsewhere', () => {
  const room = fastBytes(4096);
  expect(checksumsOf(room.buffer)?.crc).toBeTypeOf('function');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(64), (bytes, at) => {
      room.set(bytes, at);
      expect(crc32c(viewOf(room), at, at + bytes.length)).toBe(crc32c(viewOf(bytes), 0, bytes.length));
      expect(fold16(sum16(viewOf(room), at, at + bytes.length))).toBe(fold16(sum16(viewOf(bytes), 0, bytes.length)));
    }),
  );
});

test('sums of the largest datagrams do not run over', () => {
  const room = fastBytes(0x4_0000).fill(0xff);
  const view = viewOf(room);
  for (const length of [0xffff, 0x1_ffff, 0x2_0000, 0x2_0001, 0x4_0000]) {
    const words = Math.floor(length / 2);
    expect(fold16(sum16(view, 0, length))).toBe(length % 2 === 0 ? 0xffff : 0xff00);
    expect(sum16(view, 0, length)).toBeGreaterThanOrEqual(words * 0xffff);
  }
});

test('the check value of CRC-32C', () => {
  const room = fastBytes(16);
  room.set(new TextEncoder().encode('123456789'));
  expect(crc32c(viewOf(room), 0, 9)).toBe(0xe3069283);
});

test('packets that are copied into the memory have the checksum that they had before there was one', () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) ^ (at >> 8));
  const pieces = [511, 512, 513, 1200, 65_536, 65_537];
  const sums = (before: number) => pieces.map((size) => crc32c(viewOf(bytes), 3, 3 + size, before));
  const first = sums(0);
  // By then more than a million bytes have been seen.
  for (let round = 0; round < 20; round++) expect(sums(0)).toEqual(first);
  const byBytes = pieces.map((size) => {
    let crc = 0;
    for (let at = 3; at < 3 + size; at++) crc = crc32c(viewOf(bytes), at, at + 1, crc);
    return crc;
  });
  expect(first).toEqual(byBytes);
});

test('the module is what its text assembles to', async () => {
  const path = 'dissectors/wire/checksum.wat';
  const { parseWat } = await wabt();
  const parsed = parseWat(path, readFileSync(path, 'utf8'), { simd: true });
  expect(toHex(parsed.toBinary({}).buffer)).toBe(CHECKSUM_MODULE.replaceAll(/\s/g, ''));
  parsed.destroy();
});
