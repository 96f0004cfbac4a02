import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c, fastBytes } from '../../dissectors/wire/checksum.js';
import { feedFor } from '../../dissectors/wire/crc-memory.js';
import { viewOf } from '../../dissectors/wire/view.js';

test('bytes in the memory have the checksum that they have elsewhere', () => {
  const room = fastBytes(4096);
  expect(feedFor(room.buffer)).toBeTypeOf('function');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(64), (bytes, at) => {
      room.set(bytes, at);
      expect(crc32c(viewOf(room), at, at + bytes.length)).toBe(crc32c(viewOf(bytes), 0, bytes.length));
    }),
  );
});

test('the check value of CRC-32C', () => {
  const room = fastBytes(16);
  room.set(new TextEncoder().encode('123456789'));
  expect(crc32c(viewOf(room), 0, 9)).toBe(0xe3069283);
});
