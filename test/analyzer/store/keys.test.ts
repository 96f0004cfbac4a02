import { describe, expect, test } from 'vitest';
import {
  type Command,
  commandFor,
  type Focus,
  helpLines,
  KEYS,
  keyLabel,
  keymapKey,
  keysOf,
  NO_KEYMAP,
} from '../../../analyzer/store/keys.js';
import { runLadder } from '../../../analyzer/store/screens/ladder.js';
import { runLog } from '../../../analyzer/store/screens/log.js';
import { play, stateOf } from './play.js';

describe('keys', () => {
  test.each<[Focus, string, Command | undefined]>([
    ['list', 'j', 'down'],
    ['list', 'down', 'down'],
    ['list', 'G', 'last'],
    ['list', 'ctrl-g', 'go-to'],
    ['list', ':', 'palette'],
    ['list', 'right', 'shift-right'],
    ['detail', 'right', 'right'],
    ['bytes', 'right', 'right'],
    ['detail', 'space', 'toggle'],
    ['list', 'space', 'mark-and-down'],
    ['bytes', '+', undefined],
    ['list', 'q', 'close'],
    ['help', 'q', 'escape'],
    ['help', 'ctrl-c', 'quit'],
    ['prompt', 'q', undefined],
    ['prompt', 'escape', 'escape'],
    ['prompt', '5', undefined],
  ])('in %s, %s means %s', (focus, key, command) => {
    expect(commandFor(focus, key)).toBe(command);
  });

  test('no key means two things in one place', () => {
    const all = KEYS.flatMap(({ where, keys }) => where.flatMap((focus) => keys.map((key) => `${focus} ${key}`)));
    expect(all.filter((key, place) => all.indexOf(key) !== place)).toEqual([]);
  });

  test.each([
    ['a', 'a'],
    ['-', '-'],
    ['ctrl-g', 'Ctrl-G'],
    ['shift-tab', 'Shift-Tab'],
    ['ctrl-down', 'Ctrl-Down'],
    ['page-up', 'PgUp'],
    ['escape', 'Esc'],
    ['f1', 'F1'],
  ])('%s is written %s', (key, label) => {
    expect(keyLabel(key)).toBe(label);
  });

  test('the help has a line for every key, those of the place first', () => {
    const lines = helpLines('detail', NO_KEYMAP);
    expect(lines.filter(({ kind }) => kind === 'key')).toHaveLength(KEYS.length);
    expect(lines.slice(0, 3)).toEqual([
      { kind: 'title', left: 'Packets', right: '' },
      { kind: 'key', left: 'Tab', right: 'next pane' },
      { kind: 'key', left: 'Shift-Tab', right: 'pane before' },
    ]);
    expect(lines.filter(({ kind }) => kind === 'title')[1]?.left).toBe('Details');
  });

  test('the user can give keys another meaning', () => {
    const keymap = new Map([
      [keymapKey('list', 'j'), undefined],
      [keymapKey('list', 'n'), 'down'],
    ] as const);
    expect(commandFor('list', 'j', keymap)).toBeUndefined();
    expect(commandFor('list', 'n', keymap)).toBe('down');
    expect(commandFor('detail', 'j', keymap)).toBe('down');
    const binding = KEYS.find(({ command, where }) => command === 'down' && where.includes('list'));
    expect(binding && keysOf(binding, 'list', keymap)).toEqual(['down', 'n']);
  });
});

test('a command that a screen has no key for is no command of its function, and does nothing there', () => {
  const state = stateOf(3);
  // The compiler finds it; and where a screen has a key, it finds that nobody carries its command out.
  // @ts-expect-error: only the packet tree has lines that open
  expect(() => runLog(state, 'toggle')).not.toThrow();
  // @ts-expect-error: only the list of channels has any to choose
  expect(() => runLadder(state, 'choose')).not.toThrow();
  expect(play({ ...state, screen: 'log' }, 'toggle', 'choose').logScreen).toBe(state.logScreen);
});
