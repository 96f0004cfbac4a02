import { expect, test } from 'vitest';
import type { Mode } from '../../../dissectors/channel/capabilities.js';
import { type Answer, answered, fieldOf } from './lone.js';

const RESENDING: readonly Mode[] = ['z', 'sctp', 'streaming-2', 'tcp'];

/** What reports say: the next number, as an offset, the bits and the window. */
const reports = (answers: readonly Answer[], start: number) =>
  answers
    .filter(({ names }) => names === 'DATA_PROGRESS DATA_WINDOW')
    .map((answer) => [
      (Number(fieldOf(answer, 'DATA_PROGRESS', 'next')) - start) & 0xffff,
      fieldOf(answer, 'DATA_PROGRESS', 'received'),
      fieldOf(answer, 'DATA_WINDOW', 'window'),
    ]);

test.each(RESENDING)('in %s every second packet is reported at once, one alone within 20 ms', (mode) => {
  const { lone, puppet, say, theirs } = answered(mode);
  expect(say(0, [puppet.data('a')], 10)).toEqual([]);
  expect(reports(lone.until(40), theirs)).toEqual([[1, 0, 255]]);
  expect(lone.now).toBe(40);
  expect(say(1, [puppet.data('b')], 50)).toEqual([]);
  expect(reports(say(2, [puppet.data('c')], 60), theirs)).toEqual([[3, 0, 253]]);
  expect(say(3, [puppet.data('d')], 70)).toEqual([]);
  expect(lone.until(200).map(({ at }) => at)).toEqual([90]);
});

test.each(RESENDING)('in %s a gap and a duplicate are reported at once', (mode) => {
  const { lone, puppet, say, theirs } = answered(mode);
  const told = [1, 4, 4, 0, 0].map((offset) => reports(say(offset, [puppet.data('x')]), theirs));
  expect(told.map((one) => one.map(([next, bits]) => [next, bits]))).toEqual([
    [[0, 0b1]],
    [[0, 0b1001]],
    [[0, 0b1001]],
    [[2, 0b10]],
    [[2, 0b10]],
  ]);
  expect(lone.news).toContain('readable');
});

test.each(RESENDING)('in %s the report of a gap goes out once more when nothing follows', (mode) => {
  const { lone, puppet, say, theirs } = answered(mode);
  const gap = reports(say(1, [puppet.data('b')], 10), theirs);
  expect(gap).toHaveLength(1);
  // What follows is reported by itself, and puts the repeat off.
  expect(reports(say(3, [puppet.data('d')], 25), theirs)).toHaveLength(1);
  const repeated = lone.until(5000);
  expect(repeated.map(({ at }) => at)).toEqual([45]);
  expect(reports(repeated, theirs).map(([next, bits]) => [next, bits])).toEqual([[0, 0b101]]);
});

test('a report tells of 32 numbers beyond the next', () => {
  const { puppet, say, theirs } = answered('tcp', { window: 64 });
  for (let offset = 0; offset < 8; offset++) say(offset, [puppet.data('x')]);
  const [first] = reports(say(8 + 32, [puppet.data('far')]), theirs);
  expect(first?.slice(0, 2)).toEqual([8, 0x80000000]);
  const [second] = reports(say(8 + 33, [puppet.data('farther')]), theirs);
  expect(second?.slice(0, 2)).toEqual([8, 0x80000000]);
});

test.each<[Mode, readonly string[]]>([
  ['tcp', ['a', 'b', 'c']],
  ['streaming-2', ['a', 'b', 'c']],
  ['sctp', ['c', 'b', 'a']],
  ['z', ['c', 'b', 'a']],
])('%s delivers %j', (mode, expected) => {
  const { lone, puppet, say, channel } = answered(mode);
  say(2, [puppet.data('c')]);
  say(1, [puppet.data('b')]);
  say(1, [puppet.data('b')]);
  say(0, [puppet.data('a')]);
  say(2, [puppet.data('c')]);
  lone.readAll(channel);
  expect(lone.read).toEqual(expected);
  expect(channel.receiver.counts).toMatchObject({ packets: 5, duplicates: 2 });
});

test('a DATA of length 0 delivers nothing and settles its number', () => {
  const { lone, puppet, say, channel, theirs } = answered('streaming-2');
  say(1, [puppet.data('after')]);
  expect(reports(say(0, [puppet.data('')]), theirs)).toEqual([[2, 0, 255]]);
  lone.readAll(channel);
  expect(lone.read).toEqual(['after']);
});

test('several DATA of a packet are delivered in order', () => {
  const { lone, puppet, say, channel } = answered('sctp');
  say(0, [puppet.data('a'), puppet.data('b'), puppet.data('c')]);
  lone.readAll(channel);
  expect(lone.read).toEqual(['a', 'b', 'c']);
});

test('numbers wrap', () => {
  const { lone, puppet, say, channel } = answered('tcp', { idle: 1e9 });
  for (let offset = 0; offset < 70_000; offset += 1) {
    say(offset, [puppet.data(offset % 10_000 === 0 ? `${offset} ` : '')]);
  }
  lone.readAll(channel);
  expect(lone.read.join('')).toBe('0 10000 20000 30000 40000 50000 60000 ');
});

test('a reader that does not read shuts the window, without taking back what was allowed', () => {
  const { lone, puppet, say, channel, theirs } = answered('tcp', { window: 20 });
  const windows: (string | number | undefined)[] = [];
  for (let offset = 0; offset < 20; offset++) {
    for (const [next, , window] of reports(say(offset, [puppet.data('x')]), theirs)) windows.push(next, window);
  }
  expect(windows).toEqual([2, 18, 4, 16, 6, 14, 8, 12, 10, 10, 12, 8, 14, 6, 16, 4, 18, 2, 20, 0]);
  // Beyond what was allowed: dropped, and answered at once.
  expect(reports(say(20, [puppet.data('too much')]), theirs)).toEqual([[20, 0, 0]]);
  expect(channel.inbox.length).toBe(20);
  // Reading opens it again, and says so when it is worth it.
  const opened = Array.from({ length: 20 }, () => {
    lone.peer.read(channel, 100);
    return reports(lone.take(), theirs)[0]?.[2];
  });
  expect(opened).toEqual(Array.from({ length: 20 }, (_, read) => ((read + 1) % 5 === 0 ? read + 1 : undefined)));
});

test('a packet within the window is accepted however slow the reader is', () => {
  const { puppet, say, channel, theirs } = answered('z', { window: 16 });
  for (let offset = 1; offset < 16; offset++) say(offset, [puppet.data('x')]);
  expect(reports(say(0, [puppet.data('x')]), theirs)).toEqual([[16, 0, 0]]);
  expect(channel.inbox.length).toBe(16);
});

test('what is held behind a gap is bounded by the window', () => {
  const { puppet, say, theirs, channel } = answered('tcp', { window: 16 });
  for (let offset = 1; offset < 40; offset++) say(offset, [puppet.data('x')]);
  expect(channel.receiver.counts).toMatchObject({ packets: 39, dropped: 24 });
  expect(reports(say(0, [puppet.data('x')]), theirs)).toEqual([[16, 0, 0]]);
});

test('there is no gap timeout where the sender gives up', () => {
  const { lone, puppet, say, channel } = answered('tcp');
  say(1, [puppet.data('b')]);
  lone.until(50_000);
  say(0, [puppet.data('a')], 50_000);
  lone.readAll(channel);
  expect(lone.read).toEqual(['a', 'b']);
});
