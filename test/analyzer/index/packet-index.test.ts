import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROW_BYTES, SEGMENT_ROWS } from '../../../analyzer/index/columns.js';
import { IndexWriter } from '../../../analyzer/index/index-writer.js';
import { IntReader, Ints } from '../../../analyzer/index/ints.js';
import { PacketIndex, rowOf } from '../../../analyzer/index/packet-index.js';
import { CHUNK_BYTES } from '../../../analyzer/index/segment.js';

const NO_TERMS = { shapes: [], addresses: [] };

/** Writes packets whose length on the wire is their number. */
function write(writer: IndexWriter, count: number): void {
  for (let left = count; left > 0; left--) {
    const row = writer.next();
    writer.columns.wire[row] = writer.index.length;
  }
}

/** The lengths on the wire of some packets, in the order in which they are found. */
const wires = (index: PacketIndex, from: number, to: number): readonly number[] =>
  [...index.runs(from, to)].flatMap(({ columns, from: start, to: end }) => [...columns.wire.subarray(start, end)]);

test('a packet takes at most 64 bytes of columns', () => {
  expect(ROW_BYTES).toBeLessThanOrEqual(64);
});

test('who is told of news sees the rows of the one who writes, without a copy', () => {
  const writer = new IndexWriter();
  const index = new PacketIndex();
  write(writer, 3);
  index.apply(writer.news(NO_TERMS));
  expect(wires(index, 1, 9)).toEqual([1, 2, 3]);
  write(writer, SEGMENT_ROWS);
  // Told only of what is new: a segment, and how many there are now.
  const news = writer.news(NO_TERMS);
  expect(news.segments.map(({ place }) => place)).toEqual([1]);
  index.apply(news);
  expect(index.length).toBe(SEGMENT_ROWS + 3);
  expect(wires(index, SEGMENT_ROWS - 1, SEGMENT_ROWS + 2)).toEqual([-1, 0, 1, 2].map((more) => SEGMENT_ROWS + more));
  const first = index.segmentOf(1);
  expect(first?.buffer).toBe(writer.index.segmentOf(1)?.buffer);
});

test('who comes late is told everything', () => {
  const writer = new IndexWriter();
  const facts = new Ints();
  for (const value of [3, -1, 70_000]) facts.push(value);
  write(writer, 2);
  writer.addFacts(1, facts);
  const index = new PacketIndex();
  index.apply(writer.news({ shapes: [], addresses: [17] }));
  const late = new PacketIndex();
  late.apply(index.everything());
  expect([late.length, late.first, late.addresses]).toEqual([2, 1, [17]]);
  const reader = late.segmentOf(2)?.factsOf(rowOf(2));
  expect([reader?.next(), reader?.next(), reader?.next()]).toEqual([3, -1, 70_000]);
  expect(late.segmentOf(1)?.factsOf(rowOf(1))).toBeUndefined();
});

test('whole segments are forgotten once as many packets as are to be kept came after them', () => {
  const writer = new IndexWriter(SEGMENT_ROWS);
  const index = new PacketIndex();
  write(writer, 2 * SEGMENT_ROWS - 1);
  index.apply(writer.news(NO_TERMS));
  expect(index.first).toBe(1);
  write(writer, 1);
  index.apply(writer.news(NO_TERMS));
  expect(index.first).toBe(SEGMENT_ROWS + 1);
  expect(index.segmentOf(SEGMENT_ROWS)).toBeUndefined();
  expect(index.columnsOf(1).wire[0]).toBeUndefined();
  expect(wires(index, 1, SEGMENT_ROWS + 2)).toEqual([SEGMENT_ROWS + 1, SEGMENT_ROWS + 2]);
});

test('memory of forgotten packets is written again once it is given back, and starts from zero', () => {
  const writer = new IndexWriter(1);
  const facts = new Ints();
  facts.push(5);
  const buffers = new Set<SharedArrayBuffer>();
  for (let round = 0; round < 6; round++) {
    write(writer, SEGMENT_ROWS);
    writer.addFacts(7, facts);
    for (const { buffer } of writer.news(NO_TERMS).segments) buffers.add(buffer);
    writer.reuse(1);
  }
  expect(buffers.size).toBeLessThanOrEqual(3);
  write(writer, 1);
  expect(Object.values(writer.columns).map((column) => column[0])).toEqual(
    Object.keys(writer.columns).map((name) => (name === 'wire' ? 6 * SEGMENT_ROWS + 1 : 0)),
  );
});

test('facts of one packet never straddle two chunks, however long they are', () => {
  const writer = new IndexWriter();
  const lengths = [10, CHUNK_BYTES - 11, 2, 1, 3 * CHUNK_BYTES, 4, CHUNK_BYTES, 1];
  const facts = new Ints();
  for (const [row, length] of lengths.entries()) {
    write(writer, 1);
    facts.clear();
    facts.push(row);
    while (facts.length < length) facts.push(1);
    writer.addFacts(row, facts);
  }
  const { segmentOf } = writer.index;
  const segment = segmentOf.call(writer.index, 1);
  for (const [row, length] of lengths.entries()) {
    const reader = segment?.factsOf(row);
    expect(Array.from({ length }, () => reader?.next())).toEqual([row, ...new Array(length - 1).fill(1)]);
  }
});

test('integers are read back as they were pushed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), (values) => {
      const ints = new Ints(8);
      for (const value of values) ints.push(value);
      const reader = new IntReader(ints.bytes, 0);
      expect(values.map(() => reader.next())).toEqual(values);
    }),
  );
});
