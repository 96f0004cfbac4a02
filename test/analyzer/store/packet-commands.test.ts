import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { columnKey } from '../../../analyzer/store/list-columns.js';
import { STANDARD_COLUMNS } from '../../../analyzer/store/settings.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { play, stateOf } from './play.js';

const typed = (text: string): Action => ({ type: 'typed', text });
const given = (command: Command, argument: string): Action => ({ type: 'command', command, argument });
const newest = (state: AppState) => state.orders.at(-1);

describe('marks', () => {
  test('are set, gone through round the end, and taken away', () => {
    const marked = play(stateOf(20), 'down', 'mark', 'last', 'mark');
    expect([...marked.marks]).toEqual([2, 20]);
    expect(play(marked, 'next-mark').list.selected).toBe(2);
    expect(play(marked, 'next-mark', 'next-mark').list.selected).toBe(20);
    expect(play(marked, 'previous-mark', 'previous-mark').list.selected).toBe(20);
    expect([...play(marked, 'mark').marks]).toEqual([2]);
    expect(play(stateOf(3), 'next-mark').notice?.text).toBe('no packet is marked');
  });
});

test('nothing is asked for where no packet is marked', () => {
  const after = play(stateOf(9), 'save-marked');
  expect([after.prompt, after.notice?.text]).toEqual([undefined, 'no packet is marked']);
});

test('a packet without a channel has no ladder and no data', () => {
  const state = stateOf(9);
  const shown = state.shown && { ...state.shown, detail: { ...state.shown.detail, channels: [] } };
  for (const command of ['channel-ladder', 'channel-data', 'next-in-channel'] as const) {
    const after = play({ ...state, shown }, command);
    expect([after.screen, after.notice?.text]).toEqual(['packets', 'this packet belongs to no channel']);
  }
});

describe('a search', () => {
  test('asks for the next packet from the selected one on, and goes on both ways', () => {
    const asked = play(stateOf(100), 'down', 'find', typed('hello'), 'accept');
    expect(newest(asked)).toEqual({
      type: 'find',
      key: 'find',
      search: { in: 'list', as: 'text', what: 'hello' },
      from: 3,
      backwards: false,
      within: undefined,
    });
    expect(newest(play(asked, 'find-previous'))).toMatchObject({ from: 1, backwards: true });
    expect(asked.history.search).toEqual(['hello']);
  });

  test.each<[string, readonly (Command | Action)[], string]>([
    ['in the tree', ['search-in'], 'Find text in tree: '],
    ['in the bytes, as hex', ['search-in', 'search-in', 'search-as', 'search-as'], 'Find hex in bytes: '],
    ['by a filter', ['search-in', 'search-in', 'search-in'], 'Find by filter: '],
    ['in the list again, where nothing is in hex', Array(4).fill('search-in'), 'Find text in list: '],
    ['as a regular expression', ['search-as'], 'Find regex in list: '],
  ])('can be %s', (_, steps, label) => {
    expect(play(stateOf(9), 'find', ...steps).prompt?.label).toBe(label);
  });

  test.each([
    [['search-as'], '(', '(: not a regular expression'],
    [['search-in', 'search-in', 'search-as', 'search-as'], '0g', '0g: not bytes in hex, such as 0a 1b'],
    [[], '', 'there is nothing to search for: type it with f'],
  ] as const)('says what is wrong with %s %s', (steps, text, problem) => {
    const after = play(stateOf(9), 'find', ...steps, typed(text), 'accept');
    expect([after.notice?.text, after.orders.filter(({ type }) => type === 'find')]).toEqual([problem, []]);
  });

  test('goes to what it found, and says when there is nothing', () => {
    const found = (number: number): Action => ({
      type: 'found',
      news: { number, looked: 9, done: true, problem: undefined },
    });
    const asked = play(stateOf(100), { type: 'command', command: 'find', argument: 'words' });
    expect(play(asked, found(42)).list.selected).toBe(42);
    // Where there is none in this direction, the search goes on from the other end.
    expect(newest(play(asked, found(0)))).toMatchObject({ type: 'find', from: 1, backwards: false });
    expect(play(asked, found(0), found(0)).notice?.text).toBe('not found');
    const busy: Action = { type: 'found', news: { number: 0, looked: 5000, done: false, problem: undefined } };
    const searching = play(stateOf(100), busy);
    expect(searching.task?.key).toBe('find');
    expect(newest(play(searching, 'escape'))).toEqual({ type: 'cancel', key: 'find' });
  });
});

describe('filters of a field', () => {
  const onTtl = ['open', 'down', 'down', 'right', 'down', 'down', 'down'] as const;
  // The tree of the fake has no typed values but the flags.
  const onFlag = (...steps: readonly (Command | Action)[]) =>
    play(stateOf(9), 'open', 'down', 'down', 'right', 'down', ...steps);

  test('cannot be made of a line that says nothing', () => {
    expect(play(stateOf(9), ...onTtl).screen).toBe('packets');
  });

  test('are taken at once, and joined with the filter that is there', () => {
    expect(onFlag('filter-this').filter.text).toBe('ip.version');
    const after = play(onFlag('filter-this'), given('filter', 'udp'), 'filter-and');
    expect(after.filter.text).toBe('udp && ip.version');
    expect(play(after, given('filter', 'udp'), 'filter-not').filter.text).toBe('udp && !(ip.version)');
    expect(play(after, given('filter', 'udp'), 'filter-or').filter.text).toBe('udp || ip.version');
  });
});

describe('columns', () => {
  const keys = (state: AppState) => state.settings.columns.map(columnKey).join(' ');

  test('come and go', () => {
    const added = play(stateOf(9), given('add-column', 'ip.ttl'));
    expect(keys(added)).toBe('number time source destination protocol length ip.ttl info');
    expect(keys(play(added, given('remove-column', 'time')))).toBe(
      'number source destination protocol length ip.ttl info',
    );
    expect(keys(play(added, 'remove-column'))).toBe('number time source destination protocol length info');
  });

  test('the last one stays', () => {
    const alone = { ...stateOf(9), settings: { ...stateOf(9).settings, columns: STANDARD_COLUMNS.slice(-1) } };
    expect(play(alone, 'remove-column').notice?.text).toBe('the last column stays');
    expect(play(alone, given('remove-column', 'info')).notice?.text).toBe('the last column stays');
  });

  test.each([
    ['add-column', 'ip.tll', 'ip.tll: no such field'],
    ['add-column', 'time', 'column time is shown already'],
    ['remove-column', 'nothing', 'nothing: there is no such column'],
  ] as const)('%s %s is answered', (command, argument, text) => {
    expect(play(stateOf(9), given(command, argument)).notice?.text).toContain(text);
  });
});

describe('the filter', () => {
  test('is asked for, kept while it is off, and comes back', () => {
    const on = play(stateOf(30), 'filter', typed('udp'), 'accept');
    expect([on.filter.on, newest(on)]).toEqual(
      [true, { type: 'remember', what: 'filter', lines: ['udp'] }].slice(0, 1).concat([newest(on) as never]),
    );
    const off = play(on, 'toggle-filter');
    expect([off.filter.on, off.filter.text]).toEqual([false, 'udp']);
    expect(play(off, 'toggle-filter').filter).toMatchObject({ on: true, text: 'udp' });
    expect(play(on, given('filter', '')).filter.text).toBe('');
  });

  test('that is wrong stays to be mended', () => {
    const wrong = play(stateOf(30), 'filter', typed('udp.port =='), 'accept');
    expect([wrong.prompt?.text, wrong.notice?.severity, wrong.filter.on]).toEqual(['udp.port ==', 'error', false]);
  });

  test('moves the selection to the next packet that passes', () => {
    const on = play(stateOf(30), 'down', 'down', 'down', given('filter', 'udp'));
    const numbers = [3, 6, 9, 12];
    const matches = {
      count: 4,
      at: (place: number) => numbers[place] ?? 0,
      placeOf: (number: number) => numbers.filter((one) => one < number).length,
    };
    const told: Action = {
      type: 'matched',
      key: 'filter',
      news: { matches, looked: 30, done: true, problem: undefined },
    };
    const filtered = play(on, told);
    expect(filtered.list).toMatchObject({ selected: 6, top: 0 });
    expect(play(filtered, 'down').list.selected).toBe(9);
    expect(play(filtered, 'last').list.selected).toBe(12);
    expect(play(filtered, given('go-to', '7')).notice?.text).toBe('packet 7 does not pass the filter');
    expect(play(filtered, 'toggle-filter').list.selected).toBe(6);
  });

  test('brings the selected packet into the window when it is switched off', () => {
    const far = { count: 1, at: () => 25, placeOf: (number: number) => (number > 25 ? 1 : 0) };
    const news = { matches: far, looked: 30, done: true, problem: undefined };
    const on = play(stateOf(30), given('filter', 'udp'), { type: 'matched', key: 'filter', news });
    expect(on.list).toMatchObject({ selected: 25, top: 0 });
    const { list } = play(on, 'toggle-filter');
    expect(list.selected).toBe(25);
    expect([list.top < 25, list.top > 10]).toEqual([true, true]);
  });
});

describe('the palette', () => {
  test.each<[string, (state: AppState) => unknown, unknown]>([
    ['42', ({ list }) => list.selected, 42],
    ['zoom', ({ zoomed }) => zoomed, true],
    ['filter  ip.ttl == 3', ({ filter }) => filter.text, 'ip.ttl == 3'],
    ['theme light', ({ settings }) => settings.theme, 'light'],
    ['nothing', ({ notice }) => notice?.text, 'nothing: no such command'],
    ['toggle', ({ notice }) => notice?.text, 'toggle: there is no such command on this screen'],
    ['zoom in', ({ notice }) => notice?.text, 'zoom: takes no argument'],
    ['time ad', ({ settings }) => settings.time, 'ad'],
  ])('runs %s', (line, look, expected) => {
    expect(look(play(stateOf(100), 'palette', typed(line), 'accept'))).toBe(expected);
  });

  test('completes commands and their arguments', () => {
    expect(play(stateOf(9), 'palette', typed('them'), 'complete').prompt?.text).toBe('theme');
    expect(play(stateOf(9), 'palette', typed('theme da'), 'complete').prompt?.text).toBe('theme dark');
    expect(play(stateOf(9), 'palette', typed('add-column ip.tt'), 'complete').prompt?.text).toBe('add-column ip.ttl');
    expect(play(stateOf(9), 'palette', typed('filter ip.tt'), 'complete').prompt?.text).toBe('filter ip.ttl');
  });
});

describe('completion', () => {
  test('goes round what could be meant, and back to what was typed', () => {
    const offered = play(stateOf(9), 'filter', typed('ip.d'));
    const items = offered.prompt?.completion?.items.map(({ text }) => text) ?? [];
    expect(items.slice(0, 2)).toEqual(['ip.dsfield', 'ip.dsfield.dscp']);
    expect(play(offered, 'complete').prompt?.text).toBe('ip.dsfield');
    expect(play(offered, 'complete', 'complete').prompt?.text).toBe('ip.dsfield.dscp');
    expect(play(offered, 'complete-back').prompt?.text).toBe(items.at(-1));
    expect(play(offered, 'complete', 'complete-back').prompt?.text).toBe('ip.d');
  });
});
