import { expect, test } from 'vitest';
import { STREAM_BOUNDS, TcpStreams } from '../../../dissectors/reassembly/tcp.js';
import { processorTime } from '../../processor-time.js';
import { join, Play, packet } from './streams.js';

test('forgets the conversation that was quiet longest where there are too many', () => {
  const streams = new TcpStreams(undefined, { ...STREAM_BOUNDS, conversations: 2 });
  const play = new Play(streams);
  const whole = packet(1);
  play.send(0, whole.subarray(0, 30), { port: 1 });
  play.send(0, whole.subarray(0, 30), { port: 2 });
  play.send(30, whole.subarray(30, 40), { port: 1 });
  play.send(0, whole.subarray(0, 30), { port: 3 });
  expect(streams.forgotten).toBe(1);
  expect(play.send(40, whole.subarray(40), { port: 1 })).toMatchObject({ stream: 0, packets: [1] });
  // The second one is another conversation now.
  expect(play.send(30, whole.subarray(30), { port: 2 })).toMatchObject({ stream: 3, packets: [] });
});

test('forgets conversations where too many bytes wait', () => {
  const streams = new TcpStreams(undefined, { ...STREAM_BOUNDS, bytes: 1000 });
  const play = new Play(streams);
  const start = packet(1, 2000).subarray(0, 400);
  for (const port of [1, 2]) play.send(0, start, { port });
  play.send(0, start.subarray(0, 200), { port: 3 });
  // As much as may wait.
  expect(streams.forgotten).toBe(0);
  play.send(200, start.subarray(200, 201), { port: 3 });
  expect(streams.forgotten).toBe(1);
  // What is held behind a gap counts as well.
  play.send(5000, new Uint8Array(900), { port: 3 });
  expect(streams.forgotten).toBe(2);
});

test('gives a gap up where too much waits behind it', () => {
  const play = new Play();
  play.send(0, packet(1));
  const brought: string[] = [];
  for (let turn = 1; turn <= 300; turn++) brought.push(...play.send(60 + 60 * turn, packet(turn & 0xff)).remarks);
  expect(brought).toEqual(['tcp-lost-segment 60']);
  // The last one that may wait is the 256th.
  const other = new Play();
  other.send(0, packet(1));
  for (let turn = 1; turn <= 256; turn++) expect(other.send(60 + 60 * turn, packet(1)).remarks).toEqual([]);
  expect(other.send(60 + 60 * 257, packet(1)).remarks).toEqual(['tcp-lost-segment 60']);
});

test('a flood of connections stays within bounds', () => {
  const streams = new TcpStreams();
  const play = new Play(streams);
  const before = processorTime();
  const start = packet(1, 2000).subarray(0, 100);
  for (let port = 0; port < 60_000; port++) {
    play.send(-1, undefined, { port, flags: 'S' });
    play.send(0, start, { port });
    play.frames.length = 0;
  }
  expect(streams.forgotten).toBe(60_000 - STREAM_BOUNDS.conversations);
  expect(processorTime() - before).toBeLessThan(10_000);
});

test.each<[string, (turn: number) => readonly [offset: number, bytes: Uint8Array]]>([
  ['one byte a segment, in order', (turn) => [turn, Uint8Array.of(0x99)]],
  ['one byte a segment, every other one', (turn) => [2 * turn, Uint8Array.of(0x99)]],
  ['one byte a segment, backwards', (turn) => [100_000 - turn, Uint8Array.of(0x99)]],
  ['the same bytes behind a gap', (turn) => [turn === 0 ? 0 : 5000, new Uint8Array(1400).fill(turn)]],
  [
    'overlapping segments behind a gap',
    (turn) => [turn === 0 ? 0 : 5000 + (turn % 1000), new Uint8Array(1400).fill(turn)],
  ],
])('a hostile stream costs no more than its segments: %s', (_, segmentOf) => {
  const streams = new TcpStreams();
  // Each gap seems to be filled later: nothing is given up before it has to be.
  streams.lookahead = () => true;
  const play = new Play(streams);
  const before = processorTime();
  for (let turn = 0; turn < 40_000; turn++) {
    play.send(...segmentOf(turn));
    play.frames.length = 0;
  }
  expect(processorTime() - before).toBeLessThan(10_000);
});

test('a packet in one-byte segments of a long stream is found', () => {
  const play = new Play();
  const stream = join(packet(1, 3000), packet(2));
  const marks: number[] = [];
  for (let at = 0; at < stream.length; at++) marks.push(...play.send(at, stream.subarray(at, at + 1)).packets);
  expect(marks).toEqual([1, 2]);
});

test('what is kept in case bytes come late is bounded, for one direction and for all', () => {
  const noise = new Uint8Array(1400).fill(0x99);
  const streams = new TcpStreams(undefined, { ...STREAM_BOUNDS, late: 10_000 });
  const play = new Play(streams);
  // Streams without their start: should it come late, it may hold the start of a packet.
  for (let port = 0; port < 100; port++) play.send(5000, noise, { port });
  expect(streams.lateBytes).toBeLessThanOrEqual(10_000);
  expect(streams.forgotten).toBe(0);
  // Only the one that kept some last still does: the others take what comes late for sent again.
  expect(play.send(3600, noise, { port: 99 }).remarks).toEqual(['tcp-out-of-order']);
  expect(play.send(3600, noise, { port: 0 }).remarks).toEqual(['tcp-retransmission']);
});

test('what is far behind is not kept', () => {
  const streams = new TcpStreams();
  const play = new Play(streams);
  play.send(5000, new Uint8Array(1400).fill(0x99));
  expect(streams.lateBytes).toBe(1400);
  for (let turn = 1; turn < 800; turn++) play.send(5000 + 1400 * turn, new Uint8Array(1400).fill(0x99));
  expect(streams.lateBytes).toBe(0);
});
