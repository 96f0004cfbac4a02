import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equivalentSecret } from '../../crafter/forge.js';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';

const channeler = dialectNamed('channeler');
const peer = fc.uint8Array({ minLength: 16, maxLength: 16 });
const half = fc.nat(0xffff);
const input = fc.record(
  { initiator: peer, responder: peer, c1: half, c2: half },
  { requiredKeys: ['initiator', 'responder', 'c1'] },
);

test('one CRC cookie yields all others of its peer, of either length, without the secret', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), input, input, (secret, seen, wanted) => {
      const key = cookieKey(channeler, secret);
      const found = equivalentSecret(channeler, key(seen), seen);
      expect(found.length).toBe(4);
      expect(cookieKey(channeler, found)(wanted)).toEqual(key(wanted));
    }),
  );
});

test.each([
  ['hmac', 16, 'hmac cookies are HMACs: one cookie says nothing about another without the secret'],
  ['hmac-newcaps', 16, 'hmac-newcaps cookies are HMACs: one cookie says nothing about another without the secret'],
  ['seqno', 0, 'seqno has no cookies: whoever sees or guesses the sequence numbers can answer'],
  ['channeler', 16, 'a cookie of channeler has 4 bytes, this one 16'],
] as const)('%s cookies of %i bytes cannot be forged', (name, size, why) => {
  const seen = { initiator: new Uint8Array(16), responder: new Uint8Array(16), c1: 1 };
  expect(() => equivalentSecret(dialectNamed(name), new Uint8Array(size), seen)).toThrow(new RangeError(why));
});
