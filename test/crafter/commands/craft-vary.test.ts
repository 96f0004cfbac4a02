import { expect, test } from 'vitest';
import { variation, varyFrom } from '../../../crafter/commands/craft-vary.js';
import { Fuzz } from '../../../crafter/fuzz.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, text } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { toHex } from '../../../dissectors/wire/view.js';

const UINT = { kind: 'uint', size: 2, mask: 0 } as const;
const ID = { kind: 'id', size: 2, mask: 0 } as const;
const MAC = { kind: 'ether', size: 6, mask: 0 } as const;
const IPV4 = { kind: 'ipv4', size: 4, mask: 0 } as const;

const first = (spec: string, field: Parameters<typeof variation>[1], count = 4): readonly string[] => {
  const next = variation(varyFrom(`x=${spec}`), field, 1);
  return Array.from({ length: count }, (_, place) => next(place));
};

test.each([
  ['counter', UINT, ['0', '1', '2', '3']],
  ['counter:65534', UINT, ['65534', '65535', '0', '1']],
  ['counter:9:-1', ID, ['9', '8', '7', '6']],
  ['counter:254', ID, ['fe', 'ff', '100', '101']],
  ['counter:255', MAC, ['00:00:00:00:00:ff', '00:00:00:00:01:00', '00:00:00:00:01:01', '00:00:00:00:01:02']],
  ['counter:4294967295', IPV4, ['255.255.255.255', '0.0.0.0', '0.0.0.1', '0.0.0.2']],
  ['10.0.0.254/24', IPV4, ['10.0.0.254', '10.0.0.255', '10.0.0.0', '10.0.0.1']],
  ['02:00:00:00:00:fe/40', MAC, ['02:00:00:00:00:fe', '02:00:00:00:00:ff', '02:00:00:00:00:00', '02:00:00:00:00:01']],
  [
    '2001:db8::/127',
    undefined,
    ['2001:db8:0:0:0:0:0:0', '2001:db8:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:0', '2001:db8:0:0:0:0:0:1'],
  ],
  ['7-9', UINT, ['7', '8', '9', '7']],
  ['a|b', undefined, ['a', 'b', 'a', 'b']],
  ['packet {n} of {n:03}', undefined, ['packet 0 of 000', 'packet 1 of 001', 'packet 2 of 002', 'packet 3 of 003']],
])('%s', (spec, field, expected) => {
  expect(first(spec, field)).toEqual(expected);
});

test('chance follows from the seed and the name, and stays within what it picks from', () => {
  expect(first('random', UINT)).toEqual(first('random', UINT));
  const next = variation(varyFrom('x=random'), UINT, 2);
  expect([0, 1, 2, 3].map(next)).not.toEqual(first('random', UINT));
  expect(first('random:10.1.0.0/16', IPV4, 50).every((address) => address.startsWith('10.1.'))).toBe(true);
  expect(first('random:7-9', UINT, 50).every((value) => ['7', '8', '9'].includes(value))).toBe(true);
});

test('what is no spec is refused', () => {
  expect(() => first('osi', UINT)).toThrow('--vary x: "osi" is neither counter, random, a network');
  expect(() => first('counter:a', UINT)).toThrow('--vary x: "counter:a" is no counter');
  expect(() => varyFrom('counter')).toThrow('"counter" is not FIELD=SPEC');
});

test('damaged copies follow from the seed, and never change what they are made of', () => {
  const frame = build(ethernet({}, ipv4({ src: 1, dst: 2 }, udp({ dstport: 9 }, text('hello')))));
  const before = toHex(frame);
  const copies = (seed: number) =>
    Array.from({ length: 200 }, (_, place) => toHex(new Fuzz(frame, 1, seed).frame(place)));
  expect(copies(7)).toEqual(copies(7));
  expect(copies(7)).not.toEqual(copies(8));
  expect(new Set(copies(7)).size).toBeGreaterThan(150);
  expect(toHex(frame)).toBe(before);
  // Places are independent of each other: one alone is what it is among others.
  expect(toHex(new Fuzz(frame, 1, 7).frame(150))).toBe(copies(7)[150]);
});

test('any bytes can be damaged, none of them too', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(40).fill(0x45)]) {
    const fuzz = new Fuzz(bytes, 101, 3);
    for (let place = 0; place < 300; place++) expect(fuzz.frame(place).length).toBeLessThanOrEqual(bytes.length + 16);
  }
});
