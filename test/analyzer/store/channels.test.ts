import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { WorldOrder } from '../../../analyzer/store/orders.js';
import { type Given, Opened } from '../ui/opened.js';

const typed = (text: string): Action => ({ type: 'typed', text });
const command = (name: 'sort' | 'find-channels' | 'save-ladder', argument: string): Action => ({
  type: 'command',
  command: name,
  argument,
});

/** A program on its screen of channels, and what the world is told to do. */
function channels(given: Given = {}) {
  const told: WorldOrder[] = [];
  const world = {
    take: (order: WorldOrder) => {
      told.push(order);
      return undefined;
    },
  };
  return { opened: new Opened({ ...given, world }).play('show-channels'), told };
}

/** The numbers of the channels in the list, in its order. */
const listed = ({ state: { channels: list } }: Opened) =>
  [...list.order].map((place) => list.snapshot?.at(place).number);

describe('the list of channels', () => {
  test('is sorted by a column, its neighbours, and the other way round', () => {
    const { opened } = channels();
    expect(listed(opened)).toEqual([1, 2, 3, 4, 5]);
    expect(listed(opened.play('reverse'))).toEqual([5, 4, 3, 2, 1]);
    expect(listed(opened.play(command('sort', 'findings')))).toEqual([1, 3, 5, 2, 4]);
    expect(opened.state.notice?.text).toBe('sorted by findings');
    opened.play('next-column');
    expect(opened.state.channels.key).toBe('number');
    opened.play('previous-column', 'previous-column');
    expect(opened.state.channels.key).toBe('resent');
    opened.play(command('sort', 'weight'));
    expect(opened.state.notice?.text).toBe(
      'sort: one of number, begun, initiator, responder, id, dialect, state, mode, cookie1, cookie2, rtt, packets, bytes, lost, resent, findings',
    );
  });

  test('is sorted by a click on a heading, and the other way round by another', () => {
    const { opened } = channels();
    const click = (x: number, y: number): Action => ({ type: 'mouse', kind: 'press', x, y });
    const at = opened.rows()[2]?.indexOf('Find') ?? 0;
    expect(listed(opened.play(click(at, 2)))).toEqual([1, 3, 5, 2, 4]);
    expect(listed(opened.play(click(at, 2)))).toEqual([4, 2, 5, 3, 1]);
    expect(opened.play(click(5, 4)).state.channels.selected).toBe(2);
  });

  test('keeps its cursor on the channel, however it is sorted', () => {
    const { opened } = channels();
    opened.play('down', 'reverse');
    expect([opened.state.channels.selected, opened.state.channels.cursor.at]).toEqual([2, 3]);
  });

  test('narrows while words are typed, and is as before when they are given up', () => {
    const { opened } = channels();
    opened.play('find-channels', typed('clos'));
    expect(listed(opened)).toEqual([3]);
    opened.play('escape');
    expect(listed(opened)).toEqual([1, 2, 3, 4, 5]);
    opened.play('find-channels', typed('refused'), 'accept');
    expect([listed(opened), opened.state.channels.words]).toEqual([[4], 'refused']);
    opened.play('find-channels', 'clear', 'accept');
    expect(listed(opened)).toEqual([1, 2, 3, 4, 5]);
  });

  test('finds channels by the names of peers', () => {
    const { opened, told } = channels();
    opened.play('alias', typed('Alice'), 'accept', command('find-channels', 'ali'));
    expect(listed(opened)).toEqual([1, 2, 3, 4, 5]);
    expect(listed(opened.play(command('find-channels', 'mallory')))).toEqual([]);
    expect(told).toEqual([{ type: 'alias', aliases: { ['a1'.repeat(16)]: 'Alice' } }]);
    opened.play(command('find-channels', ''), 'alias', 'clear', 'accept');
    expect(told.at(-1)).toEqual({ type: 'alias', aliases: {} });
  });

  test('shows channels with packets that pass the display filter, but all of them when the filter was made here', () => {
    const { opened } = channels({ count: 9 });
    // Of the fake every third packet passes: 3, 6 and 9.
    opened.play('down', { type: 'command', command: 'filter', argument: 'frame.number > 0' });
    expect(listed(opened)).toEqual([1, 3, 4]);
    // The cursor was on channel 2.
    expect([opened.state.channels.selected, opened.state.channels.story.channel]).toEqual([1, 1]);
    expect(listed(opened.play(command('sort', 'number')))).toEqual([4, 3, 1]);
    expect(listed(opened.play('toggle-filter'))).toEqual([5, 4, 3, 2, 1]);
    expect(listed(opened.play('toggle-filter').grow(20))).toEqual([5, 4, 3, 2, 1]);
    opened.play('toggle-filter', 'packets', 'show-channels');
    expect([opened.state.filter.text, listed(opened)]).toEqual(['channel.number == 1', [5, 4, 3, 2, 1]]);
  });

  test('copies a row', () => {
    const { opened, told } = channels();
    opened.play('copy');
    expect(told).toEqual([
      { type: 'copy', text: `1 1a2b0001 hmac ${'a1'.repeat(16)} ${'b0'.repeat(16)} established tcp` },
    ]);
  });

  test('leads to packets and data of a channel, and to those of all that are chosen', () => {
    const { opened } = channels();
    opened.play('down', 'packets');
    expect([opened.state.screen, opened.state.filter.text]).toEqual(['packets', 'channel.number == 2']);
    opened.play('show-channels', 'choose', 'choose', 'packets');
    expect(opened.state.filter.text).toBe('channel.number == 2 || channel.number == 3');
    opened.play('show-channels', 'channel-data');
    expect([opened.state.screen, opened.state.data.channel]).toEqual(['data', 4]);
  });

  test('asks for the packets of the channel under the cursor, and for no others', () => {
    const { opened } = channels({ count: 5000 });
    opened.capture.asked.steps = 0;
    opened.play('down');
    const { story } = opened.state.channels;
    expect([story.channel, story.news?.matches.count, [...story.steps.keys()].slice(0, 3)]).toEqual([
      2,
      1000,
      [2, 7, 12],
    ]);
    expect(opened.capture.asked.steps).toBe(36);
    opened.play('show-packets', 'show-channels');
    expect(opened.capture.asked.steps).toBe(36);
  });

  test('asks for the packets of the channel at which the cursor stops, once the list has been drawn', () => {
    const { opened } = channels({ count: 5000, frames: 1 });
    opened.capture.asked.steps = 0;
    expect(opened.state.channels.story.channel).toBe(0);
    opened.play('redraw');
    expect([opened.capture.asked.steps, opened.state.channels.story.channel]).toEqual([36, 1]);
    opened.capture.asked.steps = 0;
    opened.play('down', 'down', 'down');
    expect([opened.capture.asked.steps, opened.state.channels.story.channel]).toEqual([0, 1]);
    opened.play('redraw');
    expect([opened.capture.asked.steps, opened.state.channels.story.channel]).toEqual([36, 4]);
  });

  test('has nothing to choose in an empty capture', () => {
    const { opened } = channels({ count: 0, channels: [] });
    for (const command of ['choose', 'packets', 'channel-data', 'alias', 'alias-responder', 'copy'] as const) {
      opened.play('escape', 'show-channels', command);
      expect([opened.state.screen, opened.state.notice?.text]).toEqual(['channels', 'there is no channel here']);
    }
    opened.play('open');
    expect([opened.state.screen, opened.state.notice?.text]).toEqual(['channels', 'no channel is selected']);
    expect(opened.rows()[3]).toBe('  The capture has no channels.');
  });
});

describe('the ladder', () => {
  test('draws the channel under the cursor, or all that are chosen', () => {
    const { opened } = channels();
    opened.play('down', 'open');
    expect([opened.state.screen, opened.state.ladder.channels]).toEqual(['ladder', [2]]);
    opened.play('back', 'choose', 'choose', 'open');
    expect(opened.state.ladder.channels).toEqual([2, 3]);
  });

  test('asks for the steps around its window only, wherever that is', () => {
    const { opened } = channels({ count: 500_000 });
    opened.play('open');
    opened.capture.asked.steps = 0;
    opened.play('last');
    expect(opened.state.list.selected).toBe(499_996);
    for (let page = 0; page < 10; page++) opened.play('page-up');
    expect(opened.capture.asked.steps).toBeLessThan(400);
  });

  test('asks for a bounded number of packets in a frame, however much is collapsed', () => {
    const { opened } = channels({ count: 500_000, rows: 60, frames: 1 });
    const [step] = opened.capture.steps(1);
    const data = step?.type === 'arrow' ? { ...step, messages: ['DATA'] } : undefined;
    let asked = 0;
    opened.capture.steps = (packet) => {
      asked++;
      return data === undefined ? [] : [{ ...data, packet }];
    };
    const frames: number[] = [];
    for (const command of ['open', 'collapse-data', ...Array.from({ length: 20 }, () => 'redraw' as const)] as const) {
      asked = 0;
      opened.play(command);
      frames.push(asked);
    }
    expect(Math.max(...frames)).toBeLessThanOrEqual(1024);
    expect([frames.at(-1), opened.state.ladder.steps.size > 5000]).toEqual([0, true]);
    expect(opened.rows()[6]).toContain('64 packets of data, up to packet 636');
  });

  test('puts the channels in order when they are looked at, not before', () => {
    const opened = new Opened();
    expect(opened.state.channels.ordered).toBe(undefined);
    expect(opened.play('show-channels').state.channels.ordered).toBe(opened.capture.channels());
  });

  test('takes the packet list along, and goes where that is', () => {
    const { opened } = channels();
    opened.play('open', 'down', 'down', 'open');
    expect([opened.state.screen, opened.state.list.selected]).toEqual(['packets', 11]);
    opened.play({ type: 'command', command: 'go-to', argument: '21' }, 'show-ladder');
    expect(opened.state.ladder.at.place).toBe(4);
    opened.play({ type: 'command', command: 'go-to', argument: '22' }, 'show-ladder');
    expect([opened.state.ladder.at.place, opened.state.list.selected]).toEqual([4, 21]);
  });

  test('shows what passes the display filter only', () => {
    const { opened } = channels();
    opened.play('open');
    const all = opened.state.ladder.news?.matches.count;
    opened.play({ type: 'command', command: 'filter', argument: 'frame.number > 3' });
    expect([all, opened.state.ladder.asked]).toEqual([
      40,
      '{"type":"filter","text":"(channel.number == 1) && (frame.number > 3)"}',
    ]);
    opened.play('toggle-filter');
    expect(opened.state.ladder.news?.matches.count).toBe(40);
  });

  test('keeps to the end of a channel that grows, until the user goes back', () => {
    const { opened } = channels({ count: 50, final: 1000 });
    opened.play('open', 'last').grow(60);
    expect(opened.state.list.selected).toBe(56);
    opened.play('up').grow(100);
    expect(opened.state.list.selected).toBe(51);
  });

  test('opens from a packet, at the packet', () => {
    const opened = new Opened().play('down', 'down', 'down', 'down', 'down', 'down', 'channel-ladder');
    expect([opened.state.ladder.channels, opened.state.ladder.at.place]).toEqual([[2], 1]);
  });

  test.each([
    ['ladder.txt', /^ {20}a1a1a1a1…/],
    ['Ladder.SVG', /^<svg /],
    ['ladder.mmd', /^sequenceDiagram\n {2}participant p1 as a1a1a1a1…/],
  ])('is drawn into %s', (path, expected) => {
    const { opened, told } = channels();
    opened.play('open', 'save-ladder', typed(path), 'accept');
    const [order] = told;
    expect(order).toMatchObject({ type: 'save-bytes', path });
    expect(order?.type === 'save-bytes' && new TextDecoder().decode(order.bytes)).toMatch(expected);
  });

  test('is not drawn into a file of another kind', () => {
    const { opened, told } = channels();
    opened.play('open', command('save-ladder', 'ladder.png'));
    expect([told, opened.state.notice?.text]).toEqual([[], 'ladder.png: the name must end in .txt, .svg or .mmd']);
  });
});

describe('two packets', () => {
  test('are compared when one is marked and the cursor is on another, or both are marked', () => {
    const { opened } = channels();
    opened.play('open', 'compare');
    expect([opened.state.screen, opened.state.notice?.text]).toEqual([
      'ladder',
      'mark a packet first, then compare it with another',
    ]);
    opened.play('mark', 'compare');
    expect(opened.state.notice?.text).toBe('go to another packet to compare it with the marked one');
    opened.play('down', 'compare');
    expect([opened.state.screen, opened.state.difference.pair]).toEqual(['difference', [1, 6]]);
    opened.play('back', 'mark', 'down', 'compare');
    expect(opened.state.difference.pair).toEqual([1, 6]);
    opened.play('back', 'mark', 'compare');
    expect(opened.state.notice?.text).toBe('3 packets are marked: two can be compared');
  });

  test('are compared from the packet list, too', () => {
    const opened = new Opened().play('mark', 'down', 'compare');
    expect(opened.state.difference.pair).toEqual([1, 2]);
    expect(opened.state.difference.lines.filter(({ isSame }) => !isSame).length).toBe(4);
  });

  test('can be read from difference to difference, turned round, and without what is the same', () => {
    const opened = new Opened().play('mark', 'down', 'compare');
    const at = () => opened.state.difference.lines[opened.state.difference.cursor.at]?.left;
    opened.play('next-difference');
    expect(at()).toBe('[Number: 1]');
    opened.play('next-difference', 'previous-difference', 'swap-sides');
    expect([at(), opened.state.difference.pair]).toEqual(['[Number: 2]', [2, 1]]);
    opened.play('only-differences', 'last');
    expect(opened.state.difference.cursor.at).toBe(3);
    opened.play('next-difference');
    expect(opened.state.notice?.text).toBe('no other difference there');
    // Long lines are not moved out of sight.
    opened.play(...new Array<'shift-right'>(99).fill('shift-right'));
    const { cursor, lines } = opened.state.difference;
    expect(cursor.shift).toBeLessThan(Math.max(...lines.map(({ depth, left = '' }) => 2 * depth + left.length)));
  });
});
