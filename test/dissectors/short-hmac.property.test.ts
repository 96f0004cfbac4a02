import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ShortHmac } from '../../dissectors/channel/short-hmac.js';
import { toHex } from '../../dissectors/wire/view.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

test('any short input with any key has the MAC that the system computes', () => {
  fc.assert(
    // One key for several inputs of different sizes: nothing may stay from the one before.
    fc.property(bytes(150), fc.array(bytes(55), { minLength: 1, maxLength: 5 }), (key, inputs) => {
      const hmac = new ShortHmac(key);
      for (const input of inputs) {
        hmac.input.set(input);
        const expected = createHmac('sha256', key).update(input).digest();
        expect(toHex(hmac.mac(input.length, 32))).toBe(toHex(expected));
      }
    }),
  );
});

test.each([0, 55])('an input of %i bytes fits', (size) => {
  const hmac = new ShortHmac(new Uint8Array(64).fill(1));
  hmac.input.fill(0xff);
  const expected = createHmac('sha256', new Uint8Array(64).fill(1)).update(new Uint8Array(size).fill(0xff)).digest();
  expect(toHex(hmac.mac(size, 16))).toBe(toHex(expected.subarray(0, 16)));
});

test('a longer input is refused', () => {
  expect(() => new ShortHmac(new Uint8Array(32)).mac(56, 16)).toThrow(RangeError);
});
