import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { toHex } from '../../dissectors/wire/view.js';

const peer = fc.uint8Array({ minLength: 16, maxLength: 16 });
const half = fc.nat(0xffff);
const input = fc.record(
  { initiator: peer, responder: peer, c1: half, c2: half },
  { requiredKeys: ['initiator', 'responder', 'c1'] },
);

test('any cookies of any secret are the start of the MAC that the system computes', () => {
  fc.assert(
    // One key for several cookies of both sizes: nothing may stay from the one before.
    fc.property(
      fc.uint8Array({ maxLength: 150 }),
      fc.array(input, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 32 }),
      (secret, inputs, cookieSize) => {
        const cookieOf = cookieKey({ mac: 'hmac-sha-256', responderFirst: false, cookieSize }, secret);
        const cookies = inputs.map((given) => cookieOf(given));
        const expected = inputs.map(({ initiator, responder, c1, c2 }) => {
          const halves = c2 === undefined ? [c1] : [c1, c2];
          const bytes = halves.flatMap((one) => [one >> 8, one & 0xff]);
          const mac = createHmac('sha256', secret).update(initiator).update(responder).update(Uint8Array.from(bytes));
          return toHex(mac.digest().subarray(0, cookieSize));
        });
        expect(cookies.map(toHex)).toEqual(expected);
      },
    ),
  );
});
