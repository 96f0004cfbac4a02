import { describe, expect, test } from 'vitest';
import { NOT_SCALED, SCALE_UNKNOWN, SEGMENT_FLAGS, type SegmentFlag } from '../../../analyzer/track/segment-facts.js';
import { ACK, ASKS_FOR_COOKIE, CARRIES_COOKIE, FIN, PUSH, RESET, SYN } from '../../../analyzer/track/segment-header.js';
import { StreamAnalysis } from '../../../analyzer/track/stream-analysis.js';

/** A segment: who sends it, when in milliseconds, its numbers and length; the rest as it mostly is. */
interface Given {
  readonly back?: boolean;
  readonly ms?: number;
  readonly seq: number;
  readonly ack?: number;
  readonly length?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly shift?: number;
  readonly selected?: number;
  readonly fastOpen?: number;
}

/** Plays segments, one a millisecond unless they say otherwise; what each turns out to be. */
function play(segments: readonly Given[]) {
  const analysis = new StreamAnalysis();
  return segments.map(({ back = false, ms, seq, ack = 0, length = 0, flags = ACK, window = 1000, ...rest }, place) => {
    const at = ms ?? place;
    const { shift, selected = 0, fastOpen = 0 } = rest;
    const now = { seconds: Math.floor(at / 1000), nanos: (at % 1000) * 1_000_000 };
    const header = { sequence: seq, acknowledgement: ack, flags, window, length, shift, selected, fastOpen };
    const facts = analysis.take(header, back, false, place + 1, now);
    const names = Object.keys(SEGMENT_FLAGS) as SegmentFlag[];
    return { ...facts, names: names.filter((name) => facts.flags & SEGMENT_FLAGS[name]) };
  });
}

const HANDSHAKE: readonly Given[] = [
  { seq: 100, flags: SYN },
  { back: true, seq: 500, ack: 101, flags: SYN | ACK },
  { seq: 101, ack: 501 },
];
const data = (seq: number, length: number, more: Partial<Given> = {}): Given => ({
  seq,
  ack: 501,
  length,
  flags: ACK | PUSH,
  ...more,
});
const answer = (ack: number, more: Partial<Given> = {}): Given => ({ back: true, seq: 501, ack, ...more });

/** What Wireshark 4.0 says of the last segment. */
describe('a segment after a handshake', () => {
  test.each<[string, readonly Given[], readonly SegmentFlag[]]>([
    ['new data', [data(101, 10)], []],
    ['the same data, late', [data(101, 10), data(101, 10, { ms: 500 })], ['retransmission']],
    ['the same data, soon', [data(101, 10), data(101, 10)], ['retransmission']],
    ['older data, soon', [data(101, 10), data(121, 10), data(111, 10)], ['out_of_order']],
    ['older data, late', [data(101, 10), data(121, 10), data(111, 10, { ms: 500 })], ['retransmission']],
    ['data that was acknowledged', [data(101, 10), answer(111), data(101, 10)], ['spurious_retransmission']],
    [
      'data that is asked for',
      [
        data(101, 10),
        answer(101, { window: 999 }),
        answer(101, { window: 999 }),
        answer(101, { window: 999 }),
        data(101, 10),
      ],
      ['fast_retransmission'],
    ],
    ['data behind a gap', [data(101, 10), data(121, 10)], ['lost_segment']],
    ['an acknowledgement of what nobody saw', [data(101, 10), answer(121)], ['ack_lost_segment']],
    ['the same acknowledgement', [data(101, 10), answer(111), answer(111)], ['duplicate_ack']],
    ['another window', [data(101, 10), answer(111), answer(111, { window: 2000 })], ['window_update']],
    ['no window', [data(101, 10), answer(111, { window: 0 })], ['zero_window']],
    ['a byte without a window', [answer(101, { window: 0 }), data(101, 1)], ['zero_window_probe']],
    [
      'its answer',
      [answer(101, { window: 0 }), data(101, 1), answer(101, { window: 0 })],
      ['zero_window', 'zero_window_probe_ack'],
    ],
    ['all of the window', [answer(101, { window: 10 }), data(101, 10)], ['window_full']],
    ['one number early', [data(101, 10), answer(111), data(110, 0, { flags: ACK })], ['keep_alive']],
    ['its answer', [data(101, 10), answer(111), data(110, 0, { flags: ACK }), answer(111)], ['keep_alive_ack']],
    ['the end', [data(101, 0, { flags: FIN | ACK })], []],
    ['the end again', [data(101, 0, { flags: FIN | ACK }), data(101, 0, { flags: FIN | ACK })], ['retransmission']],
    ['a reset behind a gap', [data(101, 10), data(200, 0, { flags: RESET })], []],
  ])('%s', (_, more, names) => {
    expect(play([...HANDSHAKE, ...more]).at(-1)?.names).toEqual(names);
  });
});

test('an acknowledgement tells of the segment that it acknowledges, of times, and of what is in flight', () => {
  const facts = play([...HANDSHAKE, data(101, 10, { ms: 10 }), data(111, 20, { ms: 11 }), answer(131, { ms: 31 })]);
  expect(facts.map(({ acksFrame }) => acksFrame)).toEqual([0, 1, 2, 0, 0, 5]);
  expect(facts.map(({ ackTime }) => ackTime.nanos)).toEqual([0, 1_000_000, 1_000_000, 0, 0, 20_000_000]);
  expect(facts.map(({ inFlight }) => inFlight)).toEqual([0, 0, 0, 10, 30, 0]);
  expect(facts.map(({ sinceBefore }) => sinceBefore.nanos / 1_000_000)).toEqual([0, 1, 1, 8, 1, 20]);
  expect(facts.map(({ initialTime }) => initialTime?.nanos)).toEqual([
    undefined,
    undefined,
    ...Array(4).fill(2_000_000),
  ]);
  // What came before each: SYN, SYN-ACK, ACK, data.
  expect(facts.map(({ completeness }) => completeness)).toEqual([0, 1, 3, 7, 15, 15]);
});

test.each<[string, number | undefined, number | undefined, readonly [number, number]]>([
  ['both scale', 2, 3, [2, 3]],
  ['one does not', 2, undefined, [NOT_SCALED, NOT_SCALED]],
  ['the other does not', undefined, 3, [NOT_SCALED, NOT_SCALED]],
])('windows are scaled where both SYNs say so: %s', (_, there, back, scales) => {
  const [syn, synAck, ack] = HANDSHAKE as [Given, Given, Given];
  const segments = [
    there === undefined ? syn : { ...syn, shift: there },
    back === undefined ? synAck : { ...synAck, shift: back },
    ack,
    answer(101),
  ];
  expect(
    play(segments)
      .slice(2)
      .map(({ scale }) => scale),
  ).toEqual(scales);
});

test('without its SYNs nothing is known of how a connection scales', () => {
  expect(play([data(101, 10)])[0]?.scale).toBe(SCALE_UNKNOWN);
});

test('numbers may wrap', () => {
  const facts = play([data(0xffff_fffb, 10), answer(5), data(5, 10), data(0xffff_fffb, 10)]);
  expect(facts.map(({ names }) => names)).toEqual([[], [], [], ['spurious_retransmission']]);
  expect(facts[1]?.acksFrame).toBe(1);
});

test('a sender that is never answered costs no more than its segments', () => {
  const facts = play(Array.from({ length: 20_000 }, (_, place) => data(101 + 10 * place, 10)));
  expect(facts.at(-1)?.names).toEqual([]);
});

/** What Wireshark 4.0 says of a SYN and of its answer. */
describe('fast open', () => {
  const syn = (length: number, fastOpen: number): Given => ({ seq: 100, flags: SYN, length, fastOpen });
  const synAck = (ack: number): Given => ({ back: true, seq: 500, ack, flags: SYN | ACK });
  test.each<[string, readonly Given[], readonly (readonly SegmentFlag[])[]]>([
    ['a cookie without data', [syn(0, CARRIES_COOKIE), synAck(101)], [['tfo_syn'], []]],
    ['data that is accepted', [syn(5, CARRIES_COOKIE), synAck(106)], [['tfo_syn'], ['tfo_ack']]],
    ['data that is ignored', [syn(5, CARRIES_COOKIE), synAck(101)], [['tfo_syn'], ['tfo_ignored']]],
    ['a part of the data', [syn(5, CARRIES_COOKIE), synAck(104)], [['tfo_syn'], ['tfo_ack']]],
    ['a request with data', [syn(5, ASKS_FOR_COOKIE), synAck(106)], [[], ['tfo_ack']]],
    ['neither', [syn(5, 0), synAck(101)], [[], []]],
  ])('%s', (_, segments, names) => {
    expect(play(segments).map((facts) => facts.names)).toEqual(names);
  });
});
