import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelPacket, message } from '../../../crafter/channel-part.js';
import { layerFrom, wrapped } from '../../../crafter/commands/craft-layers.js';
import { cutFrom, piecesOf } from '../../../crafter/commands/craft-pieces.js';
import { build, raw } from '../../../crafter/part.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';

const V4 = ['eth', 'ip:src=192.0.2.1,dst=192.0.2.2'];
const V6 = ['eth', 'ipv6:src=2001:db8::1,dst=2001:db8::2', 'hopopts:options=ra'];

/** A cut of `length` bytes in units of `unit`: in any order, with overlaps, so that all bytes are somewhere. */
const anyCut = (length: number, unit: number): fc.Arbitrary<string> => {
  const units = Math.ceil(length / unit);
  return fc
    .record({
      borders: fc.uniqueArray(fc.integer({ min: 1, max: units - 1 }), { maxLength: 6 }),
      overlap: fc.nat(3),
      order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    })
    .map(({ borders, overlap, order }) => {
      const edges = [0, ...[...borders].sort((one, other) => one - other), units];
      const ranges = edges.slice(0, -1).map((from, place) => {
        const to = Math.min(units, (edges[place + 1] ?? units) + overlap);
        return to >= units ? `${from * unit}-` : `${from * unit}-${to * unit}`;
      });
      return ranges
        .map((range, place) => ({ range, key: order[place] ?? 0 }))
        .sort((one, other) => one.key - other.key)
        .map(({ range }) => range)
        .join(',');
    });
};

/** What the frames hold, put together: the channel packets that are complete, and the findings. */
function read(frames: readonly Uint8Array[]) {
  const reassembly = liveReassembly();
  const found = frames.map((bytes, place) => {
    const limit = { captured: bytes.length, wire: bytes.length };
    return dissect(viewOf(bytes), 0, limit, 1, place + 1, reassembly);
  });
  return {
    packets: found
      .flatMap(({ channels }) => channels)
      .map(({ view, at, size = 0 }) => toHex(new Uint8Array(view.buffer, view.byteOffset + at, size))),
    bad: found
      .flatMap(({ findings }) => findings.map(({ code }) => code))
      .filter((code) => /checksum|malformed/.test(code)),
  };
}

const whole = channelPacket(dialectNamed('hmac'), { sender: new Uint8Array(16).fill(1) }, [
  message(dialectNamed('hmac'), 'CHANNEL_NEW', { c1: 0x1a2b }),
]);

test.each([
  ['IPv4', [...V4, 'udp:dstport=4242']],
  ['IPv6 behind another header', [...V6, 'udp:dstport=4242']],
])('fragments of %s are put together again, whatever their order and overlap', (_, texts) => {
  const layers = texts.map(layerFrom);
  fc.assert(
    fc.property(anyCut(whole.size + 8, 8), (cut) => {
      const pieces = piecesOf(layers, whole, { fragments: cutFrom(cut) });
      const { packets, bad } = read(pieces.map((piece) => build(wrapped(piece.layers, piece.inside))));
      expect([cut, packets, bad]).toEqual([cut, [toHex(build(whole))], []]);
    }),
    { numRuns: 60 },
  );
});

test('segments are a stream again, whatever their cut, order and overlap', () => {
  const layers = [...V4, 'tcp:srcport=1024,dstport=4242,seq_raw=4294967290'].map(layerFrom);
  fc.assert(
    fc.property(anyCut(whole.size, 3), (cut) => {
      const pieces = piecesOf(layers, whole, { segments: cutFrom(cut), session: true });
      const { packets, bad } = read(pieces.map((piece) => build(wrapped(piece.layers, piece.inside))));
      expect([cut, packets, bad]).toEqual([cut, [toHex(build(whole))], []]);
    }),
    { numRuns: 60 },
  );
});

test('a segment can be sent in fragments', () => {
  const layers = [...V4, 'tcp:srcport=1024,dstport=4242'].map(layerFrom);
  const pieces = piecesOf(layers, whole, { segments: { size: 40 }, session: true, fragments: { size: 16 } });
  const { packets, bad } = read(pieces.map((piece) => build(wrapped(piece.layers, piece.inside))));
  expect([packets, bad]).toEqual([[toHex(build(whole))], []]);
});

test('other bytes can stand in a piece, and what cannot be cut is told', () => {
  const layers = [...V4, 'udp:dstport=9'].map(layerFrom);
  const pieces = piecesOf(layers, raw(new Uint8Array(24)), { fragments: cutFrom('0-16,8-16=ffffffffffffffff,16-') });
  expect(toHex(build(wrapped(pieces[1]?.layers ?? [], pieces[1]?.inside ?? raw(new Uint8Array(0)))).slice(-8))).toBe(
    'ff'.repeat(8),
  );
  expect(() => piecesOf([], whole, { fragments: { size: 8 } })).toThrow('--fragment: there is no layer ip or ipv6');
  expect(() => piecesOf(layers, whole, { segments: { size: 8 } })).toThrow('--segment: there is no layer tcp');
  expect(() => piecesOf(layers, whole, { fragments: cutFrom('3-9') })).toThrow(
    'fragments begin at multiples of 8 bytes',
  );
  expect(() => cutFrom('9-3')).toThrow('"9-3" holds nothing');
  expect(() => cutFrom('0')).toThrow('pieces have at least one byte');
});
