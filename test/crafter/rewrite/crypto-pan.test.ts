import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anonymizer } from '../../../crafter/rewrite/anonymizer.js';
import { CryptoPan, keyFrom } from '../../../crafter/rewrite/crypto-pan.js';
import { parseIpv6 } from '../../../dissectors/ip-address.js';

/** The key and the answers that the authors of Crypto-PAn published with their program. */
const KEY = Uint8Array.of(
  ...[21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16],
  ...[216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2],
);
const bytes4 = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number));

test.each([
  ['128.11.68.132', '135.242.180.132'],
  ['129.118.74.4', '134.136.186.123'],
  ['130.132.252.244', '133.68.164.234'],
  ['141.223.7.43', '141.167.8.160'],
  ['141.233.145.108', '141.129.237.235'],
  ['152.163.225.39', '151.140.114.167'],
  ['156.29.3.236', '147.225.12.42'],
  ['165.247.96.84', '162.9.99.234'],
  ['166.107.77.190', '160.132.178.185'],
  ['192.102.249.13', '252.138.62.131'],
])('%s becomes %s, as in the reference implementation', (address, expected) => {
  const pan = new CryptoPan(KEY);
  expect(pan.replace(bytes4(address)).join('.')).toBe(expected);
  expect(pan.restore(bytes4(expected)).join('.')).toBe(address);
});

const shared = (one: Uint8Array, other: Uint8Array): number => {
  for (let bit = 0; bit < 8 * one.length; bit++) {
    const place = bit >>> 3;
    if ((((one[place] ?? 0) ^ (other[place] ?? 0)) & (0x80 >>> (bit & 7))) !== 0) return bit;
  }
  return 8 * one.length;
};

test.each([4, 6, 16])('two addresses of %i bytes share as many bits as before, and come back', (size) => {
  const hide = anonymizer(keyFrom('a key'), 'replace');
  const show = anonymizer(keyFrom('a key'), 'restore');
  const tail = fc.uint8Array({ minLength: size, maxLength: size });
  fc.assert(
    fc.property(tail, tail, fc.nat(8 * size), (one, other, bits) => {
      const near = other.map((byte, at) => {
        const mask = (0xff00 >>> Math.max(0, Math.min(8, bits - 8 * at))) & 0xff;
        return ((one[at] ?? 0) & mask) | (byte & ~mask & 0xff);
      });
      const [hidden, hiddenNear] = [hide.change(one), hide.change(near)];
      expect(show.change(hidden)).toEqual(one);
      // Group addresses of Ethernet, which stay what they are, share no tree with the others.
      if (size !== 6 || (((one[0] ?? 0) | (near[0] ?? 0)) & 1) === 0) {
        expect(shared(hidden, hiddenNear)).toBe(shared(one, near));
      }
    }),
    { numRuns: 30 },
  );
});

test.each(['0.0.0.0', '127.0.0.1', '224.0.0.251', '255.255.255.255', '::', '::1', 'ff02::1', 'ff02::fb'])(
  '%s means something by itself and stays',
  (text) => {
    const address = text.includes(':') ? (parseIpv6(text) ?? new Uint8Array(0)) : bytes4(text);
    expect(anonymizer(KEY, 'replace').change(address)).toEqual(address);
  },
);

test('no address becomes one that means something by itself', () => {
  const hide = anonymizer(KEY, 'replace');
  for (let first = 1; first < 224; first++) {
    if (first === 127) continue;
    const [replaced = 0] = hide.change(Uint8Array.of(first, 1, 2, 3));
    expect(replaced > 0 && replaced < 224 && replaced !== 127).toBe(true);
  }
});

test('what is made from a unicast address does not tell its last bytes', () => {
  const hide = anonymizer(KEY, 'replace');
  const solicited = parseIpv6('ff02::1:ff12:3456') ?? new Uint8Array(0);
  const replaced = hide.change(solicited);
  expect(replaced.slice(0, 13)).toEqual(solicited.slice(0, 13));
  expect(replaced.slice(13)).not.toEqual(solicited.slice(13));
  const mac = hide.change(Uint8Array.of(0x33, 0x33, 0xff, 0x12, 0x34, 0x56));
  expect([...mac.slice(0, 3)]).toEqual([0x33, 0x33, 0xff]);
  expect([...mac.slice(3)]).not.toEqual([0x12, 0x34, 0x56]);
});
