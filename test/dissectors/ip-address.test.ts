import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressBytes, ipv4From, ipv6From } from '../../crafter/ip-address.js';
import { parseIpv4, parseIpv6 } from '../../dissectors/ip-address.js';

const NONE = [
  ...['', '.', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.', '.1.2.3', '1..2.3', ' 1.2.3.4', '0x1.2.3.4', '1.2.3.4 '],
  ...['010.0.0.1', '00.0.0.1', '1.2.3.04'],
  ...['1.2.3.4::', '1.2.3.4:5::', '::1.2.3.4:5', '::1.2.3', '::1.2.3.04', '1:2:3:4:5:6:7:1.2.3.4', ':::', '1::2::3'],
  ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2:3:4:5:6:7:8', ':1', '1:', '12345::', 'g::', 'fe80::1%lo', '[::1]'],
];

test.each(NONE)('%j is no address, for whoever reads it', (text) => {
  expect([parseIpv4(text), parseIpv6(text)]).toEqual([undefined, undefined]);
  for (const read of [ipv4From, ipv6From, addressBytes]) expect(() => read(text)).toThrow(RangeError);
});

test.each([
  ['::', ''],
  ['::1', '1'],
  ['1::', '0001'.padEnd(32, '0')],
  ['::ffff:192.0.2.1', 'ffffc0000201'],
  ['1:2:3:4:5:6:7::', '0001000200030004000500060007'.padEnd(32, '0')],
  ['64:ff9b::10.0.0.1', '0064ff9b00000000000000000a000001'],
  ['1:2:3:4:5:6:255.255.255.255', '000100020003000400050006ffffffff'],
])('%s has its bytes', (text, hex) => {
  expect(Buffer.from(ipv6From(text)).toString('hex')).toBe(hex.padStart(32, '0'));
});

test('what is an address is one for the system, too, and the other way round', () => {
  const part = fc.constantFrom('', '0', '1', '9', '01', '255', '256', 'ffff', 'fffff', 'A', 'g', '1.2.3.4', '1.2.3.04');
  const text = fc.array(fc.tuple(part, fc.constantFrom(':', '::', '.', ''))).map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6()), (address) => {
      expect(parseIpv4(address) !== undefined).toBe(isIPv4(address));
      expect(parseIpv6(address) !== undefined).toBe(isIPv6(address));
    }),
    { numRuns: 3000 },
  );
});
