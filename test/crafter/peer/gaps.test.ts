import { expect, test } from 'vitest';
import type { Mode } from '../../../dissectors/channel/capabilities.js';
import { type Answered, answered } from './lone.js';

/** Gives packets, as offset and time, each with its offset as content; reads after each. */
function give(
  { say, puppet, lone, channel }: Answered,
  packets: readonly (readonly [offset: number, at: number])[],
): void {
  for (const [offset, at] of packets) {
    lone.until(at);
    lone.readAll(channel);
    say(offset, [puppet.data(`${offset}`)], at);
    lone.readAll(channel);
  }
}

const until = ({ lone, channel }: Answered, at: number) => {
  lone.until(at);
  lone.readAll(channel);
  return lone.read.join(' ');
};

test('udp delivers on arrival, without any check; duplicates pass', () => {
  const run = answered('udp');
  give(run, [
    [2, 0],
    [0, 1],
    [0, 2],
    [5000, 3],
    [1, 4],
    [-10_000, 5],
  ]);
  expect(until(run, 5000)).toBe('2 0 0 5000 1 -10000');
  expect(run.lone.news).not.toContain('closed 1 by us');
});

test('x delivers on arrival and once', () => {
  const run = answered('x');
  give(run, [
    [2, 0],
    [1, 10],
    [2, 20],
    [0, 199],
    [1, 300],
    [3, 310],
  ]);
  expect(until(run, 1000)).toBe('2 1 0 3');
  expect(run.channel.receiver.counts).toMatchObject({ packets: 6, duplicates: 1, late: 1 });
});

test.each<Mode>(['x', 'y'])('%s closes with reason 1 when a gap stays open', (mode) => {
  const run = answered(mode);
  give(run, [
    [0, 0],
    [2, 50],
  ]);
  expect(run.lone.until(300).map(({ at, names }) => `${at} ${names}`)).toEqual(['250 CLOSE']);
  expect(run.lone.news.at(-1)).toBe('closed 1 by us');
  expect(run.lone.read.join(' ')).toBe(mode === 'x' ? '0 2' : '0');
  expect(run.channel.inbox.length).toBe(0);
});

test('y delivers in order and once', () => {
  const run = answered('y');
  give(run, [
    [1, 0],
    [2, 10],
    [0, 199],
    [2, 200],
    [3, 210],
  ]);
  expect(until(run, 1000)).toBe('0 1 2 3');
});

test('streaming-1 skips a gap that stays open, delivers up to the next gap, and goes on', () => {
  const run = answered('streaming-1');
  give(run, [
    [0, 0],
    [2, 10],
    [3, 20],
    [5, 100],
  ]);
  expect(until(run, 209)).toBe('0');
  expect(until(run, 210)).toBe('0 2 3');
  expect(until(run, 299)).toBe('0 2 3');
  expect(until(run, 300)).toBe('0 2 3 5');
  expect(run.channel.receiver.counts).toMatchObject({ lost: 2, late: 0 });
  give(run, [
    [1, 310],
    [6, 320],
  ]);
  expect(until(run, 400)).toBe('0 2 3 5 6');
  expect(run.channel.receiver.counts).toMatchObject({ lost: 2, late: 1 });
});

test('a missing packet that comes in time is delivered with what follows', () => {
  const run = answered('streaming-1');
  give(run, [
    [1, 0],
    [2, 10],
    [0, 199],
  ]);
  expect(until(run, 199)).toBe('0 1 2');
});

test('each gap has its own opening: with the first packet beyond it', () => {
  const run = answered('streaming-1');
  give(run, [
    [0, 0],
    [6, 10],
    [3, 150],
    [9, 160],
  ]);
  // 1, 2, 4 and 5 were missing since 10; 7 and 8 since 160.
  expect(until(run, 210)).toBe('0 3 6');
  expect(until(run, 359)).toBe('0 3 6');
  expect(until(run, 360)).toBe('0 3 6 9');
});

test('a CLOSE opens a gap, so a lost tail is one', () => {
  const lost = answered('streaming-1', { halfOpen: true });
  lost.say(3, [lost.puppet.closing(0)], 100);
  expect(lost.lone.news).toEqual(['established']);
  lost.lone.until(300);
  expect(lost.lone.news).toEqual(['established', 'ended']);
  expect(lost.channel.receiver.counts.lost).toBe(3);

  const closed = answered('y');
  closed.say(3, [closed.puppet.closing(0)], 100);
  closed.lone.until(300);
  expect(closed.lone.news.at(-1)).toBe('closed 1 by us');
});

test('a number 1024 or more ahead ends the gap at once', () => {
  const closed = answered('x');
  give(closed, [[1024, 0]]);
  expect(closed.lone.news.at(-1)).toBe('closed 1 by us');

  const open = answered('x');
  give(open, [[1023, 0]]);
  expect(open.lone.news).toEqual(['established', 'readable']);

  const skipped = answered('streaming-1');
  give(skipped, [
    [1, 0],
    [1024, 10],
  ]);
  // 0 was skipped and 1 delivered; now 2 to 1023 are missing, but no more than 1022 of them.
  expect(skipped.lone.read.join(' ')).toBe('1');
  expect(until(skipped, 300)).toBe('1 1024');
  expect(skipped.channel.receiver.counts.lost).toBe(1 + 1022);

  const far = answered('streaming-1');
  give(far, [
    [0, 0],
    [5000, 10],
  ]);
  expect(far.lone.read.join(' ')).toBe('0 5000');
  expect(far.channel.receiver.counts.lost).toBe(4999);
});

test('a reader that is too slow makes losses, and what the mode says of losses follows', () => {
  const { lone, say, puppet, channel } = answered('y', { window: 4 });
  for (let offset = 0; offset < 6; offset++) say(offset, [puppet.data('x')], offset);
  expect(channel.receiver.counts.dropped).toBe(2);
  expect(channel.inbox.length).toBe(4);
  lone.readAll(channel);
  say(6, [puppet.data('x')], 10);
  lone.until(210);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
});

test('in udp what comes after the end is dropped', () => {
  const { lone, say, puppet, channel } = answered('udp', { halfOpen: true });
  say(0, [puppet.closing(0)], 0);
  lone.until(200);
  say(1, [puppet.data('too late')], 201);
  expect(channel.inbox.length).toBe(0);
  expect(lone.news).toEqual(['established', 'ended']);
});
