import { describe, expect, test } from 'vitest';
import type { Matches } from '../../../analyzer/index/matches.js';
import type { Action } from '../../../analyzer/store/action.js';
import type { LiveState } from '../../../analyzer/store/capture-view.js';
import { visibleOf } from '../../../analyzer/store/select.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { between } from '../../../analyzer/store/visible.js';
import { FakeCapture } from '../ui/fake-capture.js';
import { captureOf, play, stateOf } from './play.js';

const RUNNING: LiveState = {
  source: 'dumpcap on eth0',
  received: 0,
  dropped: undefined,
  running: true,
  ended: undefined,
  file: undefined,
};

/** Live traffic of so many packets, of which the oldest kept is `first`. */
const live = (count: number, more: Partial<LiveState> = {}, first = 1) =>
  captureOf(count, { first, done: false, progress: undefined, live: { ...RUNNING, received: count, ...more } });
const grown = (count: number, first = 1, more: Partial<LiveState> = {}): Action => ({
  type: 'grown',
  capture: live(count, more, first),
});
const watching = (count: number, more: Partial<LiveState> = {}): AppState =>
  stateOf(count, { follow: true }, live(count, more));

const saved: Action = { type: 'saved', path: 'x', news: { written: 1, done: true, problem: undefined } };
const failed: Action = { type: 'saved', path: 'x', news: { written: 0, done: true, problem: 'no space' } };
const save: Action = { type: 'command', command: 'save', argument: 'x' };

describe('held still', () => {
  test('the screens keep their packets while capturing goes on, and get all of them afterwards', () => {
    const held = play(watching(50), 'pause', grown(70), grown(90));
    expect(held.capture.count).toBe(50);
    expect(held.list.selected).toBe(50);
    expect(held.capture.live?.received).toBe(90);
    expect(held.live.held?.newest).toBe(90);
    const on = play(held, 'pause');
    expect(on.capture.count).toBe(90);
    expect(on.list.selected).toBe(90);
    expect(on.live.held).toBeUndefined();
    expect(play(on, grown(95)).capture.count).toBe(95);
  });

  test('lists of a filter stay as long as they are, though they grow by themselves', () => {
    const found = { count: 3, at: (place: number) => place + 1, placeOf: (number: number) => number - 1 };
    const growing = { ...found, count: 50, placeOf: (number: number) => Math.min(50, number - 1) };
    const matches: Matches = growing;
    const news = { matches, looked: 50, done: true, problem: undefined };
    const filtered = play(
      watching(50),
      { type: 'command', command: 'filter', argument: 'udp' },
      { type: 'matched', key: 'filter', news },
      'pause',
    );
    growing.count = 80;
    growing.placeOf = (number) => Math.min(80, number - 1);
    const later = play(filtered, { type: 'matched', key: 'filter', news: { ...news, looked: 80 } }, grown(80));
    expect(visibleOf(later).count).toBe(50);
    expect(visibleOf(play(later, 'pause')).count).toBe(80);
  });

  test('channels stay as they were', () => {
    const channels = new FakeCapture({ count: 10 }).channels();
    const held = play(watching(50), 'pause', { type: 'channels', snapshot: channels });
    expect(held.channels.snapshot).not.toBe(channels);
    expect(play(held, 'pause').channels.snapshot).toBe(channels);
  });

  test('packets that are forgotten meanwhile leave the list, and when none is left the screens go on', () => {
    const held = play(watching(50), 'up', 'pause', grown(70_000, 40));
    expect(held.capture.first).toBe(40);
    expect(visibleOf(held).count).toBe(11);
    const on = play(held, grown(140_000, 65_537));
    expect(on.live.held).toBeUndefined();
    expect(on.capture.count).toBe(140_000);
    expect(on.list.selected).toBe(65_537);
    expect(on.notice?.text).toBe('resumed: all that was shown is forgotten');
  });

  test('what has been read to its end cannot be held still', () => {
    const state = play(stateOf(50), 'pause');
    expect(state.live.held).toBeUndefined();
    expect(state.notice?.text).toBe('nothing to hold still: all packets have been read');
  });
});

test('packets that a filter found and that are forgotten leave the list', () => {
  const matches: Matches = {
    count: 10,
    at: (place) => 10 * (place + 1),
    placeOf: (number) => Math.max(0, Math.min(10, Math.ceil(number / 10) - 1)),
  };
  const some = between(matches, 35, 80);
  expect([some.count, some.at(0), some.at(some.count - 1)]).toEqual([5, 40, 80]);
  expect([some.placeOf(1), some.placeOf(50), some.placeOf(51), some.placeOf(99)]).toEqual([0, 1, 2, 5]);
});

describe('stop', () => {
  test('ends capturing, or reading', () => {
    const state = play(watching(5), 'stop');
    expect(state.orders.at(-1)).toEqual({ type: 'live', what: 'stop' });
    expect(state.notice?.text).toBe('capturing ends');
    const read = play(stateOf(5, {}, { done: false }), 'stop');
    expect([read.orders.at(-1), read.notice?.text]).toEqual([{ type: 'live', what: 'stop' }, 'no more is read']);
  });

  test('says why it does nothing', () => {
    expect(play(stateOf(5), 'stop').notice?.text).toBe('nothing to stop: all packets have been read');
    expect(play(watching(5, { running: false }), 'stop').notice?.text).toBe('capturing has ended already');
    expect(play(stateOf(5), 'stop').orders).toEqual([]);
  });
});

describe('restart', () => {
  const typed = (state: AppState) => play(state, 'palette', { type: 'typed', text: 'restart' }, 'accept');
  const isOrdered = ({ orders }: AppState) => orders.some((order) => order.type === 'live' && order.what === 'restart');

  test('asks first if packets would be lost', () => {
    const once = typed(watching(5));
    expect(once.notice?.text).toBe('5 packets are not saved: :restart again to drop them');
    expect(isOrdered(once)).toBe(false);
    expect(isOrdered(typed(once))).toBe(true);
    // Anything else in between, and it asks again.
    expect(isOrdered(typed(play(once, 'up')))).toBe(false);
  });

  test('does not ask when nothing would be lost', () => {
    expect(isOrdered(typed(watching(0)))).toBe(true);
    expect(isOrdered(typed(play(watching(5), save, saved)))).toBe(true);
  });

  test('is for live traffic whose file it would not write over', () => {
    expect(typed(stateOf(5)).notice?.text).toBe('nothing to restart: packets come from a file or a pipe');
    const kept = typed(typed(watching(5, { file: 'a.pcapng' })));
    expect(kept.notice?.text).toBe('cannot restart: a.pcapng would be written over; quit and start again');
    expect(isOrdered(kept)).toBe(false);
  });

  test('leaves what the user has chosen and drops what belongs to packets', () => {
    const before = play(watching(50), 'mark', 'pause', { type: 'command', command: 'filter', argument: 'udp' });
    const after = play(before, { type: 'restarted', view: new FakeCapture({ count: 3 }) });
    expect(after.capture.count).toBe(3);
    expect([after.marks.size, after.live.held]).toEqual([0, undefined]);
    expect(after.filter.text).toBe('udp');
    expect(after.orders).toContainEqual({ type: 'match', key: 'filter', wanted: { type: 'filter', text: 'udp' } });
    expect(after.settings).toBe(before.settings);
  });
});

describe('quit', () => {
  const isOrdered = ({ orders }: AppState) => orders.some((order) => order.type === 'program');

  test('tells of packets that are not saved, and quits the second time', () => {
    const once = play(watching(1), 'quit');
    expect(isOrdered(once)).toBe(false);
    expect(once.notice?.text).toBe('1 packet is not saved: q again to quit, w to save');
    expect(play(watching(1), 'show-craft', 'quit').notice?.text).toMatch(/: q again to quit, 2 and w to save$/);
    expect(isOrdered(play(once, grown(9), 'quit'))).toBe(true);
    expect(isOrdered(play(once, 'up', 'quit'))).toBe(false);
  });

  test('counts what is kept and was not saved, on the screen or not', () => {
    const some = play(watching(100), save, saved, grown(130));
    expect(play(some, 'quit').notice?.text).toBe('30 packets are not saved: q again to quit, w to save');
    expect(isOrdered(play(watching(100), save, failed, 'quit'))).toBe(false);
    const marked = play(watching(100), 'mark', { type: 'command', command: 'save-marked', argument: 'x' }, saved);
    expect(play(marked, 'quit').notice?.text).toMatch(/^100 packets/);
    const held = play(watching(100), 'pause', grown(140, 41));
    expect(play(held, 'quit').notice?.text).toMatch(/^100 packets/);
  });

  test('does not ask where packets are in a file', () => {
    expect(isOrdered(play(stateOf(5), 'quit'))).toBe(true);
    expect(isOrdered(play(stateOf(5, {}, { done: false }), 'quit'))).toBe(true);
    expect(isOrdered(play(watching(5, { file: 'a.pcapng' }), 'quit'))).toBe(true);
  });
});
