import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressColumn } from '../../../analyzer/print/address-column.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import type { Network } from '../../../dissectors/layer.js';
import { ipv4Text, ipv6Text } from '../../../dissectors/wire/field.js';

/** Where the first address stands in a header, and how long each is. */
const PLACES = { 4: { at: 12, size: 4 }, 6: { at: 8, size: 16 } } as const;

/** A packet of which only the addresses matter; few of their bytes differ, so that pairs come again. */
function packetOf(version: 4 | 6, source: Uint8Array, destination: Uint8Array, shift: number): Packet {
  const { at, size } = PLACES[version];
  const bytes = new Uint8Array(shift + 40);
  bytes.set(source.subarray(0, size), shift + at);
  bytes.set(destination.subarray(0, size), shift + at + size);
  const view = new DataView(bytes.buffer);
  const network: Network = {
    ...{ version, source: 0, at: shift, view, destination: shift + at + size, addressSum: 0, protocol: 17 },
  };
  return { dissection: { network } } as Packet;
}

const address = fc.array(fc.constantFrom(0, 1, 0xff), { minLength: 16, maxLength: 16 }).map((list) => {
  // The first and the last bytes are those that tell most apart.
  const bytes = Uint8Array.from(list);
  return bytes.fill(0, 2, 3).fill(7, 5, 14);
});

test('addresses are written as they print, whoever was written before', () => {
  const column = new AddressColumn();
  const into = new Utf8Text();
  const packet = fc.record({
    version: fc.constantFrom(4 as const, 6 as const),
    ...{ source: address, destination: address, shift: fc.nat(3) },
  });
  fc.assert(
    fc.property(packet, ({ version, source, destination, shift }) => {
      const textOf = (bytes: Uint8Array): string =>
        version === 4 ? ipv4Text(new DataView(bytes.buffer).getUint32(0)) : ipv6Text(new DataView(bytes.buffer), 0);
      into.clear();
      column.write(packetOf(version, source, destination, shift), into);
      expect(into.toString()).toBe(`${textOf(source).padStart(12)} → ${textOf(destination).padEnd(12)}`);
    }),
    { numRuns: 3000, seed: 11 },
  );
});
