import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c, fastBytes, fold16, sum16 } from '../../dissectors/wire/checksum.js';
import { checksumsOf } from '../../dissectors/wire/checksum-memory.js';
import { viewOf } from '../../dissectors/wire/view.js';

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
