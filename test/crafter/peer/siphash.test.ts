import { expect, test } from 'vitest';
import { SipHash } from '../../../crafter/peer/siphash.js';

// Source: the vectors of the reference implementation for the key 00 01 … 0f; the lower four bytes of each.
test.each([
  [0, 'dd0e0e31'],
  [1, '93dc67fd'],
  [8, '9a932462'],
  [15, '49be45e5'],
])('the hash of the bytes 0 to %i is right', (length, expected) => {
  const hash = new SipHash(Uint8Array.from({ length: 16 }, (_, place) => place));
  hash.begin();
  for (let byte = 0; byte < length; byte++) hash.byte(byte);
  expect(hash.end().toString(16).padStart(8, '0')).toBe(expected);
});
