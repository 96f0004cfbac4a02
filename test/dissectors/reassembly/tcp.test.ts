import { expect, test } from 'vitest';
import { TcpStreams } from '../../../dissectors/reassembly/tcp.js';
import { join, Play, packet, type Sent } from './streams.js';

/** What each segment brings: the marks of its packets, then its remarks. */
type Brought = readonly (readonly [packets: readonly number[], ...remarks: readonly string[]])[];

const three = join(packet(1), packet(2), packet(3));
const cut = (start: number, end: number) => [start, three.subarray(start, end)] as const;

test.each<[string, readonly (readonly [number, Uint8Array, Sent?])[], Brought]>([
  ['a packet a segment', [cut(0, 60), cut(60, 120)], [[[1]], [[2]]]],
  ['all in one segment', [cut(0, 180)], [[[1, 2, 3]]]],
  ['a packet in three', [cut(0, 20), cut(20, 43), cut(43, 60)], [[[]], [[]], [[1]]]],
  ['packets across the border', [cut(0, 50), cut(50, 70), cut(70, 180)], [[[]], [[1]], [[2, 3]]]],
  ['an id cut in two', [cut(0, 62), cut(62, 63), cut(63, 120)], [[[1]], [[]], [[2]]]],
  ['out of order', [cut(0, 60), cut(120, 180), cut(60, 120)], [[[1]], [[]], [[2, 3], 'tcp-out-of-order']]],
  [
    'the other way round',
    [cut(0, 10), cut(120, 180), cut(60, 120), cut(10, 60)],
    [[[]], [[]], [[], 'tcp-out-of-order'], [[1, 2, 3], 'tcp-out-of-order']],
  ],
  ['sent again', [cut(0, 60), cut(0, 60), cut(60, 120)], [[[1]], [[], 'tcp-retransmission'], [[2]]]],
  ['sent again with more', [cut(0, 60), cut(0, 120)], [[[1]], [[2], 'tcp-retransmission']]],
  ['sent again from the middle', [cut(0, 70), cut(30, 120)], [[[1]], [[2], 'tcp-retransmission']]],
  [
    'sent again while it waits',
    [cut(0, 60), cut(120, 180), cut(120, 180), cut(60, 120)],
    [[[1]], [[]], [[], 'tcp-retransmission'], [[2, 3], 'tcp-out-of-order']],
  ],
  [
    'filled by two that overlap',
    [cut(0, 60), cut(120, 180), cut(60, 100), cut(80, 130)],
    [[[1]], [[]], [[], 'tcp-out-of-order'], [[2, 3], 'tcp-out-of-order']],
  ],
  [
    'lost before what the other side acknowledges',
    [cut(0, 60), [0, new Uint8Array(0), { from: 'server', acknowledgement: 180 }], cut(120, 180)],
    [[[1]], [[]], [[3], 'tcp-lost-segment 60']],
  ],
  [
    'lost and late',
    [cut(0, 60), [0, new Uint8Array(0), { from: 'server', acknowledgement: 180 }], cut(120, 180), cut(60, 120)],
    [[[1]], [[]], [[3], 'tcp-lost-segment 60'], [[2], 'tcp-out-of-order']],
  ],
  [
    'not acknowledged beyond the gap',
    [cut(0, 60), [0, new Uint8Array(0), { from: 'server', acknowledgement: 60 }], cut(120, 180), cut(60, 120)],
    [[[1]], [[]], [[]], [[2, 3], 'tcp-out-of-order']],
  ],
  [
    'sent again beside a gap that was given up',
    [
      cut(0, 60),
      [0, new Uint8Array(0), { from: 'server', acknowledgement: 180 }],
      cut(120, 180),
      cut(120, 180),
      cut(0, 60),
      cut(59, 61),
    ],
    [
      [[1]],
      [[]],
      [[3], 'tcp-lost-segment 60'],
      [[], 'tcp-retransmission'],
      [[], 'tcp-retransmission'],
      [[], 'tcp-out-of-order'],
    ],
  ],
  [
    'the first of the bytes is another',
    [cut(0, 40), [0, three.slice(0, 30).with(0, 9)], cut(40, 60)],
    [[[]], [[], 'tcp-retransmission', 'tcp-overlap-conflict'], [[1]]],
  ],
  ['from the middle of a packet', [cut(40, 60), cut(60, 180)], [[[]], [[2, 3]]]],
  ['from the middle, all in one', [cut(40, 180)], [[[2, 3]]]],
  [
    'the same bytes, another time with others',
    [cut(0, 40), [20, new Uint8Array(20).fill(9)], cut(40, 60)],
    [[[]], [[], 'tcp-retransmission', 'tcp-overlap-conflict'], [[1]]],
  ],
  [
    'other bytes for those that wait',
    [cut(0, 60), cut(120, 180), [100, new Uint8Array(40).fill(9)], cut(60, 120)],
    [[[1]], [[]], [[], 'tcp-out-of-order', 'tcp-overlap-conflict'], [[2], 'tcp-out-of-order', 'tcp-overlap-conflict']],
  ],
])('puts in order: %s', (_, segments, brought) => {
  // Numbers that wrap make no difference.
  for (const start of [1000, 0xffff_ffff - 30, 0xffff_ffff - 100, 0x7fff_ffff - 90]) {
    const play = new Play(new TcpStreams(), start);
    const found = segments.map(([offset, bytes, sent]) => play.send(offset, bytes, sent));
    expect(found.map(({ packets, remarks }) => [packets, ...remarks])).toEqual(brought);
  }
});

test('shows what the capture cut as far as it goes, and finds the next packet behind it', () => {
  const play = new Play();
  // The capture kept 50 bytes of a segment with three packets.
  expect(play.send(0, three, { kept: 50 })).toMatchObject({ packets: [1], sizes: [[50, 60]], remarks: [] });
  expect(play.send(180, packet(4))).toMatchObject({ packets: [4] });
  // It kept the second packet's start only.
  expect(play.send(240, three, { kept: 110 })).toMatchObject({
    packets: [1, 2],
    sizes: [
      [60, 60],
      [50, 60],
    ],
  });
  expect(play.send(420, packet(5))).toMatchObject({ packets: [5] });
  // A packet that ends in the next segment, of which the capture kept less.
  expect(play.send(480, packet(6, 200), { kept: 100 })).toMatchObject({ packets: [6], sizes: [[100, 200]] });
  expect(play.send(680, packet(7))).toMatchObject({ packets: [7], remarks: [] });
});

test('cut segments that are sent again are missing once', () => {
  const play = new Play();
  play.send(0, three.subarray(0, 120), { kept: 50 });
  // The first 120 bytes again and 60 more, of which the capture kept 50 again.
  expect(play.send(0, three, { kept: 50 })).toMatchObject({ packets: [], remarks: ['tcp-retransmission'] });
  expect(play.send(180, packet(4))).toMatchObject({ packets: [4], remarks: [] });
});

test('keeps the two directions apart', () => {
  const play = new Play();
  play.send(0, three.subarray(0, 30));
  play.send(0, three.subarray(0, 50), { from: 'server' });
  expect(play.send(30, three.subarray(30, 60))).toMatchObject({ packets: [1] });
  expect(play.send(50, three.subarray(50), { from: 'server' })).toMatchObject({ packets: [1, 2, 3] });
});

test('a gap stays open while a later packet at hand fills it, and no longer', () => {
  const streams = new TcpStreams();
  const play = new Play(streams);
  const asked: number[] = [];
  let fills = true;
  streams.lookahead = (_, sequence) => {
    asked.push(sequence);
    return fills;
  };
  play.send(0, three.subarray(0, 60));
  expect(play.send(120, three.subarray(120))).toMatchObject({ packets: [], remarks: [] });
  expect(play.send(60, three.subarray(60, 120))).toMatchObject({ packets: [2, 3] });
  fills = false;
  expect(play.send(240, packet(4))).toMatchObject({ packets: [4], remarks: ['tcp-lost-segment 60'] });
  expect(asked).toEqual([1061, 1181]);
});

test('a SYN with another number opens another conversation; the same one again changes nothing', () => {
  const play = new Play();
  expect(play.send(-1, undefined, { flags: 'S' })).toMatchObject({ stream: 0, sequence: 0 });
  const opened = new Play(play.streams, 1000);
  expect(opened.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 1, sequence: 0 });
  opened.send(0, three.subarray(0, 50));
  expect(opened.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 1, sequence: 0 });
  expect(opened.send(50, three.subarray(50, 60))).toMatchObject({ stream: 1, packets: [1] });
  opened.send(60, undefined, { flags: 'RA' });
  // The same number after the end: the same conversation, from its start.
  expect(opened.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 1, sequence: 0 });
  expect(opened.send(0, packet(9))).toMatchObject({ stream: 1, packets: [9], remarks: [] });
});

test('an acknowledgement counts only with its flag, and never goes back', () => {
  const play = new Play();
  play.send(0, three.subarray(0, 60));
  play.send(0, undefined, { from: 'server', flags: 'R', acknowledgement: 500 });
  expect(play.send(120, three.subarray(120))).toMatchObject({ packets: [], remarks: [] });
  play.send(0, undefined, { from: 'server', acknowledgement: 180 });
  play.send(0, undefined, { from: 'server', acknowledgement: 60 });
  expect(play.send(180, packet(4))).toMatchObject({ packets: [3, 4], remarks: ['tcp-lost-segment 60'] });
});

test('numbers are relative to the first ones of each side', () => {
  const play = new Play();
  const { streams } = play;
  expect(play.send(0, undefined, { flags: 'S' })).toMatchObject({ sequence: 0, acknowledgement: 1001 });
  // Without its flag an acknowledgement says nothing about the other side, and is relative to nothing.
  expect(play.send(0, undefined, { flags: '', acknowledgement: 77 })).toMatchObject({
    sequence: 1,
    acknowledgement: 1078,
  });
  const server = new Play(streams, 500_000);
  expect(server.send(0, undefined, { from: 'server', flags: 'SA', acknowledgement: -499_000 })).toMatchObject({
    sequence: 0,
    acknowledgement: 1,
  });
});

test('the end of a stream brings to light what waited, where nothing is missing before it', () => {
  const begun = packet(5, 40_000).subarray(0, 100);
  for (const flags of ['FA', 'RA']) {
    const play = new Play();
    play.send(0, join(packet(1), begun, packet(2)));
    // An end that is not next in order ends nothing yet.
    expect(play.send(500, undefined, { flags })).toMatchObject({ packets: [] });
    expect(play.send(220, undefined, { flags })).toMatchObject({ packets: [2], remarks: ['stream-garbage 100'] });
  }
});

test('a keep-alive repeats one byte, which may be any: it says nothing and changes nothing', () => {
  const play = new Play();
  play.send(0, undefined, { flags: 'S' });
  // Before the first byte, within a packet, and after it.
  for (const offset of [-1, 39, 59]) {
    if (offset > 0) play.send(offset === 39 ? 0 : 40, three.subarray(offset === 39 ? 0 : 40, offset + 1));
    expect(play.send(offset, Uint8Array.of(0xee))).toMatchObject({ packets: [], remarks: [] });
    expect(play.send(offset)).toMatchObject({ packets: [], remarks: [] });
  }
  expect(play.send(60, three.subarray(60))).toMatchObject({ packets: [2, 3], remarks: [] });
  // In the middle of a stream it may come first.
  const middle = new Play();
  middle.send(59, Uint8Array.of(0xee));
  expect(middle.send(60, three.subarray(60))).toMatchObject({ packets: [2, 3], remarks: [] });
});

test('a SYN that has data, and again without: they count from the number after it', () => {
  const play = new Play();
  expect(play.send(0, three.subarray(0, 60), { flags: 'S' })).toMatchObject({ packets: [1], sequence: 0 });
  expect(play.send(0, undefined, { flags: 'S' })).toMatchObject({ packets: [], remarks: [], sequence: 0 });
  expect(play.send(0, three.subarray(0, 60))).toMatchObject({ packets: [], remarks: ['tcp-retransmission'] });
  expect(play.send(60, three.subarray(60))).toMatchObject({ packets: [2, 3], remarks: [] });
});

test('data that ignore the number of SYN are shown all the same', () => {
  const play = new Play();
  play.send(0, undefined, { flags: 'S' });
  expect(play.send(-1, three)).toMatchObject({ packets: [1, 2, 3], remarks: [] });
});

test('what is acknowledged stays missing only where no packet at hand brings it', () => {
  for (const comes of [true, false]) {
    const streams = new TcpStreams();
    streams.lookahead = () => comes;
    const play = new Play(streams);
    play.send(0, undefined, { flags: 'S' });
    play.send(0, undefined, { from: 'server', acknowledgement: 180 });
    const late = comes ? [] : ['tcp-lost-segment 60'];
    expect(play.send(60, three.subarray(60))).toMatchObject({ packets: comes ? [] : [2, 3], remarks: late });
    expect(play.send(0, three.subarray(0, 60))).toMatchObject({ packets: comes ? [1, 2, 3] : [1] });
  }
});

test('a conversation whose two sides have ended starts anew with the same numbers, both ways', () => {
  const play = new Play();
  for (let turn = 0; turn < 3; turn++) {
    play.send(0, undefined, { flags: 'S' });
    play.send(0, undefined, { from: 'server', flags: 'SA' });
    expect(play.send(0, packet(1), { flags: 'FA' })).toMatchObject({ stream: 0, packets: [1], remarks: [] });
    // Only one side has ended: a SYN that comes again is late.
    play.send(0, undefined, { flags: 'S' });
    expect(play.send(0, packet(1))).toMatchObject({ packets: [], remarks: ['tcp-retransmission'] });
    expect(play.send(0, packet(2), { from: 'server', flags: 'FA' })).toMatchObject({ packets: [2], remarks: [] });
  }
});

test('a SYN that comes after the first bytes has their conversation; one far from them opens another', () => {
  const play = new Play();
  play.send(60, three.subarray(60));
  expect(play.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 0, sequence: 0 });
  expect(play.send(0, three.subarray(0, 60))).toMatchObject({ stream: 0, packets: [1], sequence: 1 });
  const other = new Play(play.streams, 90_000_000);
  expect(other.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 1, sequence: 0 });
  // Where no byte of its direction was seen, only what the other side expected of an earlier one, nothing came late.
  const silent = new Play();
  silent.send(0, undefined, { from: 'server', acknowledgement: 700 });
  expect(silent.send(0, undefined, { flags: 'S' })).toMatchObject({ stream: 1, sequence: 0 });
});

test('bytes farther behind than any window are of another stream, whose SYN is not in the capture', () => {
  const play = new Play();
  play.send(0, undefined, { flags: 'S' });
  play.send(0, three.subarray(0, 60));
  const other = new Play(play.streams, 1000 - (1 << 30) - 200);
  expect(other.send(0, three.subarray(0, 100))).toMatchObject({ packets: [1], remarks: [] });
  expect(other.send(100, three.subarray(100))).toMatchObject({ packets: [2, 3], remarks: [] });
});
