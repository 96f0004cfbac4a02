import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import { type Command, KEYS } from '../../../analyzer/store/keys.js';
import { layoutFor } from '../../../analyzer/store/layout.js';
import { logRows } from '../../../analyzer/store/screens/log.js';
import { tabSpans } from '../../../analyzer/store/screens/screen.js';
import { hexRows, treeLines, windowOf } from '../../../analyzer/store/select.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { captureOf, play, stateOf } from './play.js';

/** At 80 by 24 the list has 7 rows, the tree 6 and the hex pane 4; the first row of the list is the fourth. */
const LIST_ROWS = 7;
const LIST_TOP = 3;
const TREE_ROWS = 6;

const place = ({ list }: AppState) => [list.selected, list.top];
const lines = (state: AppState) =>
  treeLines({ ...state, tree: { ...state.tree, top: 0 } }, 99).map(({ node, open, inside, current }) => {
    const mark = inside ? (open ? '-' : '+') : ' ';
    return `${current ? '*' : ' '}${'  '.repeat(node.depth)}${mark}${node.line.text.replace(/[,:].*/, '')}`;
  });
/** The bytes that stand out: from, to, and where the cursor is. */
const lit = (state: AppState) => {
  const size = state.shown?.detail.sources[state.bytes.source]?.view.byteLength ?? 0;
  const whole = { ...state, bytes: { ...state.bytes, top: 0 } };
  const bytes = hexRows(whole, size).flatMap((row) => row.bytes);
  return [state.bytes.source, bytes.findIndex((byte) => byte.lit), bytes.findLastIndex((byte) => byte.lit) + 1];
};
const clickAt = (x: number, y: number): Action => ({ type: 'mouse', kind: 'press', x, y });

describe('the packet list', () => {
  test.each<[string, readonly Command[], readonly [selected: number, top: number]]>([
    ['starts with the first', [], [1, 0]],
    ['goes down', ['down', 'down'], [3, 0]],
    ['stays at the top', ['up'], [1, 0]],
    ['scrolls when the selection leaves the window', Array(LIST_ROWS).fill('down'), [8, 1]],
    ['goes down a page, less a row', ['page-down'], [7, 0]],
    ['goes down pages', ['page-down', 'page-down'], [13, 6]],
    ['goes to the end', ['last'], [100, 93]],
    ['stays at the end', ['last', 'down', 'page-down'], [100, 93]],
    ['comes back', ['last', 'first'], [1, 0]],
    ['goes half pages', ['half-down', 'half-down', 'half-up'], [4, 0]],
    ['moves from any pane', ['next-pane', 'next-packet', 'next-packet', 'previous-packet'], [2, 0]],
  ])('%s', (_, commands, expected) => {
    expect(place(play(stateOf(100), ...commands))).toEqual(expected);
  });

  test('asks for the rows of the window only, in ten million packets', () => {
    expect(windowOf(play(stateOf(10_000_000), 'last'))).toEqual(
      Array.from({ length: LIST_ROWS }, (_, row) => 9_999_994 + row),
    );
  });

  test('selects the first packet when there is one, and stays with it as the capture grows', () => {
    const empty = stateOf(0, {}, { done: false });
    expect(place(empty)).toEqual([0, 0]);
    expect(place(play(empty, 'down', 'last', { type: 'grown', capture: captureOf(50) }))).toEqual([50, 43]);
    expect(place(play(empty, 'down', { type: 'grown', capture: captureOf(50) }))).toEqual([1, 0]);
  });

  test('keeps to the last packet while the file loads, until the user goes elsewhere', () => {
    const grow = (count: number): Action => ({ type: 'grown', capture: captureOf(count, { done: false }) });
    const followed = play(stateOf(10, {}, { done: false }), 'last', grow(500));
    expect(place(followed)).toEqual([500, 493]);
    expect(place(play(followed, 'up', grow(1000)))).toEqual([499, 493]);
    expect(place(play(stateOf(10, { follow: true }, { done: false }), grow(20)))).toEqual([20, 13]);
  });

  test.each<[string, string, number, string | undefined]>([
    ['a number', '77', 77, undefined],
    ['the last', '100', 100, undefined],
    ['what is pasted, without what is no digit', ' 4 2\n', 42, undefined],
    ['nothing', '', 1, undefined],
    ['too much', '101', 1, 'no packet 101: there are 1 to 100'],
    ['zero', '0', 1, 'no packet 0: there are 1 to 100'],
  ])('goes to a packet by %s', (_, text, selected, notice) => {
    const after = play(stateOf(100), 'go-to', { type: 'typed', text }, 'accept');
    expect([after.list.selected, after.notice?.text, after.prompt]).toEqual([selected, notice, undefined]);
  });

  test('lets the user correct the number, and leave', () => {
    const typed = play(stateOf(100), 'go-to', { type: 'typed', text: '123' }, 'erase');
    expect(typed.prompt?.text).toBe('12');
    expect(play(typed, 'clear').prompt?.text).toBe('');
    expect(play(typed, 'clear', 'erase').prompt).toBeUndefined();
    expect(play(typed, 'escape').prompt).toBeUndefined();
  });

  test('scrolls with the wheel without selecting, and selects with a click', () => {
    const wheel: Action = { type: 'mouse', kind: 'wheel-down', x: 5, y: LIST_TOP + 2 };
    const scrolled = play(stateOf(100), wheel, wheel);
    expect(place(scrolled)).toEqual([1, 6]);
    expect(place(play(scrolled, clickAt(5, LIST_TOP)))).toEqual([7, 6]);
    expect(place(play(scrolled, 'down'))).toEqual([2, 1]);
    expect(place(play(stateOf(3), wheel, clickAt(5, LIST_TOP + 6)))).toEqual([1, 0]);
  });

  test('does not scroll through what was typed before', () => {
    const wheel: Action = { type: 'mouse', kind: 'wheel-up', x: 5, y: LIST_TOP + 2 };
    const before = stateOf(100, { screen: 'log', history: { filter: ['udp'], search: [], command: [], target: [] } });
    expect(play(before, 'filter', wheel).prompt?.text).toBe('');
    expect(play(before, 'filter', 'up').prompt?.text).toBe('udp');
  });

  test('keeps the selection in sight whatever the size', () => {
    const resize = (columns: number, rows: number): Action => ({ type: 'resized', size: { columns, rows } });
    for (const rows of [1, 2, 3, 5, 9, 12, 24, 50, 200]) {
      const after = play(stateOf(100), 'last', resize(20, rows));
      expect([rows, windowOf(after).at(-1)]).toEqual([rows, 100]);
    }
  });
});

describe('the tree', () => {
  const inDetail = (...commands: readonly (Command | Action)[]) => play(stateOf(100), 'next-pane', ...commands);

  test('opens, closes and moves', () => {
    expect(lines(inDetail())).toEqual(['*+Frame 1', ' +Ethernet', ' +IPv4', ' +UDP', ' +Channel packet']);
    const open = inDetail('down', 'right');
    const opened = [
      ' +Frame 1',
      '*-Ethernet',
      '    Destination',
      '    Source',
      '    Type',
      ' +IPv4',
      ' +UDP',
      ' +Channel packet',
    ];
    expect(lines(open)).toEqual(opened);
    expect(lines(play(open, 'right'))[2]).toBe('*   Destination');
    expect(lines(play(open, 'right', 'down', 'left'))).toEqual(opened);
    expect(lines(play(open, 'right', 'left', 'left'))).toEqual(lines(inDetail('down')));
    expect(lines(play(open, 'toggle'))).toEqual(lines(play(open, 'collapse')));
    expect(lines(play(open, 'collapse', 'expand'))).toEqual(opened);
    expect(lines(inDetail('expand-all'))).toHaveLength(19);
    expect(lines(inDetail('expand-all', 'last', 'collapse-all')).at(-1)).toBe('*+Channel packet');
  });

  test('keeps the cursor in the window', () => {
    const { tree } = inDetail('expand-all', 'last');
    expect(tree.top).toBe(19 - TREE_ROWS);
  });

  test('keeps open what was open, and the cursor on the same line, from packet to packet', () => {
    const chosen = inDetail('down', 'down', 'right', 'last');
    expect(lines(chosen).at(-1)).toBe('*+Channel packet');
    const onSource = play(chosen, 'up', 'up', 'up', 'next-packet');
    expect(lines(onSource)).toEqual([
      ' +Frame 2',
      ' +Ethernet',
      ' -IPv4',
      '    Version',
      '   +Flags',
      '    Time to live',
      '*   Source',
      '    Destination',
      ' +UDP',
      ' +Channel packet',
    ]);
    expect(onSource.list.selected).toBe(2);
    expect(lit(onSource)).toEqual([0, 26, 30]);
  });

  test('finds the line again after a packet that lacks it', () => {
    const onVersion = inDetail('down', 'down', 'right', 'right');
    const { shown } = onVersion;
    if (shown === undefined) throw new Error('no packet is shown');
    const without = shown.detail.lines.map((line) => (line.path === 'ip' ? { ...line, children: [] } : line));
    const lacking = play(onVersion, { type: 'shown', detail: { ...shown.detail, lines: without } });
    expect(lines(lacking)[2]).toBe('* IPv4');
    expect(lines(play(lacking, { type: 'shown', detail: shown.detail }))[3]).toBe('*   Version');
  });

  test.each<[string, readonly Command[], readonly number[]]>([
    ['a heading', ['down'], [0, 0, 14]],
    ['a field', ['down', 'right', 'down', 'down'], [0, 6, 12]],
    ['a line without bytes', ['right', 'right'], [0, -1, 0]],
    ['a line of another source', ['next-packet', 'next-packet', 'last'], [1, 0, 20]],
  ])('lights the bytes of %s', (_, commands, expected) => {
    expect(lit(inDetail(...commands))).toEqual(expected);
  });

  test('opens and closes with the mouse: the mark at once, the line with a second click', () => {
    const top = 11; // The tabs, the filter, the list and two headings lie above.
    expect(lines(play(stateOf(9), clickAt(0, top + 1)))[1]).toBe('*-Ethernet');
    const once = play(stateOf(9), clickAt(20, top + 1));
    expect([lines(once)[1], once.focus]).toEqual(['*+Ethernet', 'detail']);
    expect(lines(play(once, clickAt(20, top + 1)))[1]).toBe('*-Ethernet');
  });
});

describe('the hex pane', () => {
  const inBytes = (...commands: readonly (Command | Action)[]) =>
    play(stateOf(100), 'next-pane', 'next-pane', ...commands);
  const current = (state: AppState) => {
    const line = state.shown?.nodes[state.tree.cursor]?.line;
    return line?.path || line?.text;
  };

  test.each<[string, readonly Command[], number, string]>([
    ['starts at the first byte', [], 0, 'frame'],
    ['right', ['right'], 1, 'eth.dst'],
    ['down a row', ['down'], 16, 'ip'],
    ['down and left', ['down', 'left', 'left'], 14, 'ip.version'],
    ['to the flags, not to one of them', ['down', 'right', 'right', 'right', 'right'], 20, 'ip.flags'],
    ['to the end of the row', ['row-end'], 15, 'ip'],
    ['to the start of the row', ['down', 'row-end', 'row-start'], 16, 'ip'],
    ['to the last byte', ['last'], 61, 'Message: CHANNEL_NEW'],
    ['not beyond it', ['last', 'right', 'down'], 61, 'Message: CHANNEL_NEW'],
    ['in its column at the end', ['row-end', 'page-down', 'page-down'], 47, 'chan.sender'],
    ['back to the first', ['last', 'first', 'left', 'up'], 0, 'eth.dst'],
  ])('%s, and the tree follows', (_, commands, cursor, path) => {
    const after = inBytes(...commands);
    expect([after.bytes.cursor, current(after)]).toEqual([cursor, path]);
  });

  test('opens the parents of the line that it finds', () => {
    const after = inBytes('last');
    expect(lines(after).slice(-3)).toEqual([' -Channel packet', '    Sender', '*  +Message']);
  });

  test('shows another source, and the lines of its bytes', () => {
    const third = play(inBytes(), 'next-packet', 'next-packet', 'next-source');
    expect([third.bytes.source, current(third)]).toEqual([1, 'chan.sender']);
    expect(play(third, 'next-source').bytes.source).toBe(0);
    expect(play(third, 'previous-source').bytes.source).toBe(0);
    expect(play(third, 'next-packet').bytes.source).toBe(0);
  });

  test('says so where there is no other source, and stays at its byte', () => {
    const alone = play(inBytes('right', 'right'), 'next-source');
    expect([alone.bytes.cursor, alone.notice?.text]).toEqual([2, 'the packet has no other bytes']);
    expect(play(alone, 'previous-source').bytes.cursor).toBe(2);
  });

  test('finds the byte under the mouse, in hex and in text', () => {
    const top = 18;
    // Offset, two blanks, then three cells a byte.
    expect(play(stateOf(9), clickAt(6 + 3 * 6, top)).bytes.cursor).toBe(6);
    expect(play(stateOf(9), clickAt(6 + 3 * 15 + 1, top + 1)).bytes.cursor).toBe(31);
    // Sixteen bytes, the gap in their middle and a blank lie before the text.
    expect(play(stateOf(9), clickAt(6 + 48 + 2 + 3, top)).bytes.cursor).toBe(3);
    expect(play(stateOf(9), clickAt(2, top)).bytes.cursor).toBe(0);
  });
});

describe('the screen', () => {
  test.each<[string, readonly Command[], Partial<AppState>]>([
    ['goes round the panes', ['next-pane', 'next-pane', 'next-pane'], { focus: 'list' }],
    ['goes round them backwards', ['previous-pane'], { focus: 'bytes' }],
    ['zooms', ['zoom'], { zoomed: true }],
    ['zooms out', ['zoom', 'zoom'], { zoomed: false }],
    ['zooms out with Esc', ['zoom', 'escape'], { zoomed: false }],
    ['opens the help', ['help'], { help: 0 }],
    ['scrolls the help', ['help', 'down'], { help: 1 }],
    ['closes the help', ['help', 'down', 'escape'], { help: undefined }],
    ['lets go of the mouse', ['mouse'], { mouse: false }],
    ['takes the mouse back', ['mouse', 'mouse'], { mouse: true }],
    ['goes from the list to the details', ['open'], { focus: 'detail' }],
  ])('%s', (_, commands, expected) => {
    expect(play(stateOf(9), ...commands)).toMatchObject(expected);
  });

  test('leaves the panes where they were when the zoom comes and goes', () => {
    const before = play(stateOf(100), 'page-down', 'page-down', 'next-pane');
    expect(play(before, 'zoom', 'zoom').list).toEqual(before.list);
  });

  test('does nothing that hurts without packets', () => {
    const commands: readonly Command[] = [
      'down',
      'last',
      'next-pane',
      'down',
      'right',
      'toggle',
      'expand-all',
      'left',
      'shift-right',
      'next-pane',
      'down',
      'last',
      'next-source',
      'row-end',
      'next-packet',
    ];
    const after = play(stateOf(0), ...commands);
    expect([after.list.selected, after.tree.cursor, after.bytes]).toEqual([0, 0, { source: 0, cursor: 0, top: 0 }]);
  });
});

describe('the panes', () => {
  const drag = (y: number): Action => ({ type: 'mouse', kind: 'drag', x: 5, y });
  const heights = (state: AppState) => Object.values(layoutFor(state).panes).map(({ height }) => height);

  test.each<[string, readonly Action[], readonly number[]]>([
    ['as they are at first', [], [7, 6, 4]],
    ['with the details higher', [clickAt(5, 10), drag(7)], [4, 9, 4]],
    ['with the bytes lower', [clickAt(5, 17), drag(19)], [7, 8, 2]],
    ['as far as the list and the bytes can give way', [clickAt(5, 10), drag(3), clickAt(5, 17), drag(23)], [2, 13, 2]],
    ['as they are, where something else is dragged', [clickAt(5, 12), drag(15)], [7, 6, 4]],
    [
      'as they were left, when something else is clicked',
      [clickAt(5, 10), drag(8), clickAt(5, 4), drag(12)],
      [5, 8, 4],
    ],
  ])('share the screen %s', (_, actions, expected) => {
    expect(heights(play(stateOf(100), ...actions))).toEqual(expected);
  });
});

describe('the log', () => {
  test('goes on in the next row where a line does not fit', () => {
    const line = { time: 1, severity: 'note', text: 'word '.repeat(40).trim() } as const;
    const shown = play(stateOf(3), { type: 'log', line }, 'show-log', 'last');
    expect(logRows(shown).map(({ text }) => text)).toEqual([
      'word '.repeat(13).trim(),
      'word '.repeat(13).trim(),
      'word '.repeat(13).trim(),
      'word',
    ]);
    expect(shown.logScreen.cursor.at).toBe(3);
  });
});

describe('a click on a tab', () => {
  test.each(tabSpans())('does what its key does: $name', ({ name, from }) => {
    const start = name === 'packets' ? play(stateOf(9), 'show-log') : stateOf(9);
    const command = KEYS.find(({ command }) => command === `show-${name}`)?.command;
    expect(play(start, clickAt(from, 0))).toEqual(play(start, command ?? 'help'));
    expect(play(start, clickAt(from, 0)).screen).toBe(name);
  });
});
