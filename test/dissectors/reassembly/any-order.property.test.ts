import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lookahead } from '../../../dissectors/reassembly/direction.js';
import { TcpStreams } from '../../../dissectors/reassembly/tcp.js';
import { join, Play, packet, type Seen } from './streams.js';

/** A part of a stream as it is sent: offsets count from the first byte after SYN, whose own is −1. */
interface Sent {
  readonly from: number;
  readonly to: number;
  readonly flags: string;
  /** Bytes that the capture kept; all, if left out. */
  readonly kept?: number;
}

const SYN: Sent = { from: -1, to: -1, flags: 'S' };

/** The segments of a stream that is cut at some places; the last one has FIN. */
const segmentsOf = (length: number, cuts: readonly number[]): readonly Sent[] => {
  const places = [0, ...new Set(cuts.filter((cut) => cut > 0 && cut < length).toSorted((a, b) => a - b)), length];
  return places.slice(1).map((to, place) => ({ from: places[place] ?? 0, to, flags: to === length ? 'FA' : 'A' }));
};

/** What is known of the packets to come: all of it, nothing, or that none comes. */
type Knowledge = 'all' | 'nothing' | 'none';

interface Played {
  readonly seen: readonly Seen[];
  readonly marks: readonly number[];
}

function play(stream: Uint8Array, order: readonly Sent[], start: number, knowledge: Knowledge): Played {
  const streams = new TcpStreams();
  const play = new Play(streams, start);
  let place = 0;
  const brings: Lookahead = (_, sequence) => {
    const offset = (sequence - start - 1) | 0;
    return order.slice(place + 1).some(({ from, to }) => from <= offset && offset < to);
  };
  if (knowledge !== 'nothing') streams.lookahead = knowledge === 'all' ? brings : () => false;
  const seen: Seen[] = [];
  for (; place < order.length; place++) {
    const { from, to, flags, kept = to - from } = order[place] as Sent;
    // A SYN takes the number before the first byte: `send` counts from the first one after it.
    seen.push(
      play.send(flags === 'S' ? 0 : from, stream.subarray(Math.max(0, from), Math.max(0, to)), { flags, kept }),
    );
  }
  return { seen, marks: seen.flatMap(({ packets }) => packets).toSorted((a, b) => a - b) };
}

/** The findings that the order of the segments calls for, where all that is missing comes. */
function remarksFor(order: readonly Sent[]): readonly (readonly string[])[] {
  const came = new Set<number>();
  return order.map(({ from, to }) => {
    const own = Array.from({ length: Math.max(0, to - Math.max(0, from)) }, (_, at) => from + at);
    const isNew = own.some((at) => !came.has(at));
    const isBefore = [...came].some((at) => at >= to);
    const isAgain = own.some((at) => came.has(at));
    for (const at of own) came.add(at);
    if (isNew && isBefore) return ['tcp-out-of-order'];
    return isAgain ? ['tcp-retransmission'] : [];
  });
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length <= 1) yield items;
  for (const [place, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, other) => other !== place))) yield [item, ...rest];
  }
}

const STREAM = join(packet(1, 60), packet(2, 300), packet(3, 52), packet(4, 90));
const ALL = [1, 2, 3, 4];
const KNOWLEDGE: readonly Knowledge[] = ['all', 'nothing', 'none'];
/** Cuts between packets, in their headers, in their middles, and all over one. */
const CUTS: readonly (readonly number[])[] = [
  [60, 360, 412],
  [60, 120, 412],
  [30, 200, 380],
  [62, 103, 361],
  [1, 2, 3],
  [100, 200, 300],
  [499, 500, 501],
];

test.each(KNOWLEDGE)('every order of the first segments and their SYN brings each packet once, knowing %s', (known) => {
  for (const cuts of CUTS) {
    const segments = segmentsOf(STREAM.length, cuts);
    for (const start of [1000, 0xffff_ffff - 200, 0x7fff_ffff - 100]) {
      for (const order of permutations([SYN, ...segments])) {
        const { seen, marks } = play(STREAM, order, start, known);
        expect(marks, JSON.stringify(order)).toEqual(ALL);
        expect(new Set(seen.map(({ stream }) => stream)), JSON.stringify(order)).toEqual(new Set([0]));
      }
    }
  }
});

test('without a SYN, or with two of them, the same', () => {
  for (const cuts of CUTS) {
    const segments = segmentsOf(STREAM.length, cuts);
    for (const known of KNOWLEDGE) {
      for (const order of permutations(segments)) {
        expect(play(STREAM, order, 5000, known).marks, JSON.stringify(order)).toEqual(ALL);
      }
      for (const order of permutations([SYN, ...segments.slice(0, 3), SYN])) {
        const whole = [...order, ...segments.slice(3)];
        expect(play(STREAM, whole, 5000, known).marks, JSON.stringify(whole)).toEqual(ALL);
      }
    }
  }
});

test('what is late is out of order, and what came before is sent again', () => {
  for (const cuts of CUTS) {
    for (const order of permutations(segmentsOf(STREAM.length, cuts))) {
      const whole = [SYN, ...order, ...order.slice(1, 3)];
      const { seen } = play(STREAM, whole, 1000, 'all');
      expect(
        seen.map(({ remarks }) => remarks),
        JSON.stringify(whole),
      ).toEqual(remarksFor(whole));
    }
  }
});

test('segments that overlap, are sent again with more, in any order, with sizes from one byte on', () => {
  const part = fc.tuple(fc.nat(STREAM.length - 1), fc.integer({ min: 1, max: 300 }));
  const arbitrary = fc.record({
    cuts: fc.uniqueArray(fc.nat(STREAM.length), { minLength: 1, maxLength: 6 }),
    again: fc.array(part, { maxLength: 4 }),
    seed: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    syn: fc.constantFrom(0, 1, 2),
    start: fc.constantFrom(1000, 0xffff_ffff, 0xffff_ffff - 100, 0x7fff_ffff - 77),
    known: fc.constantFrom(...KNOWLEDGE),
  });
  fc.assert(
    fc.property(arbitrary, ({ cuts, again, seed, syn, start, known }) => {
      const more = again.map(([from, size]) => ({ from, to: Math.min(STREAM.length, from + size), flags: 'A' }));
      const sent = [...segmentsOf(STREAM.length, cuts), ...more, ...Array.from({ length: syn }, () => SYN)];
      const order = sent
        .map((one, place) => ({ one, by: seed[place % seed.length] ?? 0 }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ one }) => one);
      expect(play(STREAM, order, start, known).marks).toEqual(ALL);
    }),
    { numRuns: 3000 },
  );
});

test('segments of which the capture kept a part show no packet twice, and none that was not sent', () => {
  const arbitrary = fc.record({
    cuts: fc.uniqueArray(fc.nat(STREAM.length), { minLength: 1, maxLength: 6 }),
    kept: fc.array(fc.nat(120), { minLength: 3, maxLength: 3 }),
    seed: fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
    known: fc.constantFrom(...KNOWLEDGE),
  });
  fc.assert(
    fc.property(arbitrary, ({ cuts, kept, seed, known }) => {
      const sent = [SYN, ...segmentsOf(STREAM.length, cuts)].map((one, place) => {
        const own = kept[place] ?? STREAM.length;
        return { ...one, kept: Math.min(own, one.to - one.from) };
      });
      const order = sent
        .map((one, place) => ({ one, by: seed[place] ?? 0 }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ one }) => one);
      const { seen, marks: all } = play(STREAM, order, 0xffff_ff80, known);
      const marks = all.filter((mark) => mark > 0);
      expect(ALL).toEqual(expect.arrayContaining([...marks]));
      expect(new Set(marks).size).toBe(marks.length);
      // A packet is shown no longer than it was sent.
      for (const [captured, wire] of seen.flatMap(({ sizes }) => sizes)) expect(captured).toBeLessThanOrEqual(wire);
    }),
    { numRuns: 2000 },
  );
});
