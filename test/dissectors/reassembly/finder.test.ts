import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Finder } from '../../../dissectors/reassembly/finder.js';
import { ID_SIZE, IDS, nextPlace } from '../../../dissectors/reassembly/protocol-ids.js';

test('most bytes of a stream without channel packets are not looked at', () => {
  const size = 100_000;
  const view = new DataView(new ArrayBuffer(size));
  for (let at = 0; at < size; at++) view.setUint8(at, (Math.imul(at + 1, 0x9e3779b1) >>> 24) & 0xff);
  const reads = vi.spyOn(view, 'getUint8');
  expect(new Finder().search(view, 0, size)).toEqual({ at: size, need: 44 });
  expect(reads.mock.calls.length).toBeLessThan(size / 2);
});

/** Bytes with many that are in protocol ids, and with whole ids. */
const pieces = fc.oneof(
  fc.constantFrom(...IDS).map((id) => [id >>> 24, (id >>> 16) & 0xff, (id >>> 8) & 0xff, id & 0xff]),
  fc.constantFrom(...IDS).chain((id) => fc.nat(3).map((place) => [(id >>> (8 * place)) & 0xff])),
  fc.array(fc.nat(255), { maxLength: 6 }),
);

test('no id is passed over, wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), fc.nat(10), (parts, at) => {
      const bytes = Uint8Array.from(parts.flat());
      const view = new DataView(bytes.buffer);
      const end = bytes.length;
      const start = Math.min(at, end);
      let expected = start;
      while (end - expected >= ID_SIZE && !IDS.includes(view.getUint32(expected))) expected++;
      const isId = (place: number) => end - place >= ID_SIZE && IDS.includes(view.getUint32(place));
      let found = nextPlace(view, start, end);
      while (end - found >= ID_SIZE && !isId(found)) found = nextPlace(view, found + 1, end);
      expect(found).toBe(expected);
    }),
  );
});
