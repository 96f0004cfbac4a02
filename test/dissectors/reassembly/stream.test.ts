import { expect, test } from 'vitest';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import { Finder } from '../../../dissectors/reassembly/finder.js';
import { Cutter } from '../../../dissectors/reassembly/stream.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { processorTime } from '../../processor-time.js';
import { falseStart, ID, join, packet } from './streams.js';

const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, at) => (at * 37 + 11) & 0x7f);

/** The marks of the packets that a cutter finds in parts of a stream, and the garbage it tells of. */
function found(parts: readonly Uint8Array[], cutter = new Cutter(new Finder())): readonly (readonly number[])[] {
  return parts.map((bytes, place) => {
    const limit = { captured: bytes.length, wire: bytes.length };
    const pieces = [{ packet: place + 1, at: 0, length: bytes.length }];
    const { packets, garbage } = cutter.feed(pieces, viewOf(bytes), 0, limit);
    const marks = packets.map(({ source, at }) => (source?.view ?? viewOf(bytes)).getUint16(at + 44));
    return [...marks, ...garbage.map((passed) => -passed)];
  });
}

/** A stream cut in two at every place gives the same as a whole. */
const CASES: readonly (readonly [string, readonly Uint8Array[], readonly number[]])[] = [
  ['packets only', [packet(1), packet(2, 300), packet(3)], [1, 2, 3]],
  ['the smallest and a large one', [packet(1, 52), packet(2, 9000), packet(3, 52)], [1, 2, 3]],
  ['noise between', [packet(1), noise(33), packet(2)], [1, 2, -33]],
  ['noise at the start, which may be the end of a packet', [noise(50), packet(1)], [1]],
  ['a header that claims less than a packet has', [packet(1), falseStart(40), packet(2)], [1, 2, -48]],
  ['a header that claims the next packet', [packet(1), falseStart(100), packet(2)], [1, 2, -48]],
  ['a header that claims more than there is', [packet(1), falseStart(60_000), packet(2)], [1, 2, -48]],
  ['two of them', [packet(1), falseStart(60_000), falseStart(50_000), packet(2)], [1, 2, -96]],
  ['a broken packet in its place', [packet(1), packet(2).with(55, 0), packet(3)], [1, 2, 3]],
  ['a packet of an unknown id', [packet(1), packet(2).with(0, 0), packet(3)], [1, 3, -60]],
  ['a size of 0', [packet(1), packet(2).with(42, 0).with(43, 0), packet(3)], [1, 3, -60]],
  ['a lone id', [packet(1), packet(9).subarray(0, 4), packet(2)], [1, 2, -4]],
];

test.each(CASES)('finds the packets: %s', (_, parts, expected) => {
  const stream = join(...parts);
  const ordered = (marks: readonly number[]) => [
    ...marks.filter((mark) => mark > 0),
    ...marks.filter((mark) => mark < 0),
  ];
  expect(ordered(found([stream]).flat())).toEqual(expected);
  for (let at = 1; at < stream.length; at += at < 400 ? 1 : 97) {
    expect(ordered(found([stream.subarray(0, at), stream.subarray(at)]).flat())).toEqual(expected);
  }
  const bytes = Array.from(stream, (_byte, at) => stream.subarray(at, at + 1));
  if (stream.length < 1000) expect(ordered(found(bytes).flat())).toEqual(expected);
});

test('a packet that looks like one is waited for, whatever lies in it', () => {
  // A DATA that holds a whole packet: tunnelled, not sent here.
  const inner = packet(7);
  const outer = packet(5, 52 + 2 + 100);
  outer.set(inner, 55);
  const [first, second] = [outer.subarray(0, 130), outer.subarray(130)];
  expect(found([first, second])[0]).toEqual([]);
});

test('what hid behind a start that never came is found when the stream ends', () => {
  const cutter = new Cutter(new Finder());
  // It looks like a packet: a DATA of 40000 bytes.
  const start = packet(5, 40_000).subarray(0, 100);
  expect(found([packet(1), start, packet(2), packet(3)], cutter)).toEqual([[1], [], [], []]);
  const { packets, garbage } = cutter.finish();
  expect(packets.map(({ source, at }) => source?.view.getUint16(at + 44))).toEqual([2, 3]);
  expect(garbage).toEqual([100]);
  expect(cutter.finish()).toEqual({ packets: [], garbage: [] });
});

test('a forced dialect cuts packets of an id that nobody knows, where they prove themselves', () => {
  const other = (mark: number, size = 60) => {
    const bytes = packet(mark, size);
    const view = viewOf(bytes);
    view.setUint32(0, 0x01020304);
    view.setUint32(size - 4, crc32c(view, 0, size - 4));
    return bytes;
  };
  const stream = join(other(1), noise(20), other(2, 400), other(3), other(4).with(50, 9), other(5));
  expect(found([stream]).flat()).toEqual([]);
  const [dialect] = DIALECTS;
  // Once its id is known, a broken packet in its place is one.
  expect(found([stream], new Cutter(new Finder(dialect))).flat()).toEqual([1, 2, 3, 4, 5, -20]);
  for (let at = 1; at < stream.length; at++) {
    const parts = found([stream.subarray(0, at), stream.subarray(at)], new Cutter(new Finder(dialect))).flat();
    expect(parts.toSorted((one, other) => other - one)).toEqual([5, 4, 3, 2, 1, -20]);
  }
});

test.each<[string, (total: number) => Uint8Array]>([
  [
    'ids and nothing else',
    (total) => Uint8Array.from({ length: total }, (_, at) => (ID >>> (24 - 8 * (at % 4))) & 0xff),
  ],
  [
    'starts that claim as much as they can',
    (total) => join(...Array.from({ length: total / 48 }, () => falseStart(65_535, 48, 20))),
  ],
  [
    'starts that look like packets',
    (total) => join(...Array.from({ length: total / 50 }, () => packet(1, 30_000).subarray(0, 50))),
  ],
  ['zeros', (total) => new Uint8Array(total)],
])('hostile bytes cost no more than their number: %s', (_, make) => {
  const total = 600_000;
  const bytes = make(total);
  for (const size of [1, 48, 1460]) {
    const cutter = new Cutter(new Finder());
    const part = size === 1 ? bytes.subarray(0, 150_000) : bytes;
    const before = processorTime();
    let most = 0;
    for (let at = 0; at < part.length; at += size) {
      const piece = part.subarray(at, at + size);
      const limit = { captured: piece.length, wire: piece.length };
      cutter.feed([{ packet: 1, at: 0, length: piece.length }], viewOf(piece), 0, limit);
      most = Math.max(most, cutter.waiting);
    }
    // An honest stream of as many bytes takes some milliseconds, and its square would take minutes.
    expect(processorTime() - before).toBeLessThan(5000);
    expect(most).toBeLessThan(2 * 65_536);
  }
});
