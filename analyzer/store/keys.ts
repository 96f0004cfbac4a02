import { PANES, type Pane } from './layout.js';

/** What the keys act on: a pane, or what lies over the panes. */
export type Focus = Pane | 'help' | 'prompt';

/** Everything a key can mean. */
export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'half-up'
  | 'half-down'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'row-start'
  | 'row-end'
  | 'shift-left'
  | 'shift-right'
  | 'open'
  | 'toggle'
  | 'expand'
  | 'collapse'
  | 'expand-all'
  | 'collapse-all'
  | 'next-source'
  | 'previous-source'
  | 'next-packet'
  | 'previous-packet'
  | 'next-pane'
  | 'previous-pane'
  | 'follow'
  | 'zoom'
  | 'go-to'
  | 'mouse'
  | 'redraw'
  | 'suspend'
  | 'help'
  | 'escape'
  | 'quit'
  | 'accept'
  | 'erase'
  | 'clear';

interface Binding {
  readonly command: Command;
  /** Names of keys as the input module gives them. */
  readonly keys: readonly string[];
  readonly where: readonly Focus[];
  /** What the help screen says. */
  readonly help: string;
}

const bind = (where: readonly Focus[], command: Command, keys: readonly string[], help: string): Binding => ({
  command,
  keys,
  where,
  help,
});

const LIST: readonly Focus[] = ['list'];
const DETAIL: readonly Focus[] = ['detail'];
const BYTES: readonly Focus[] = ['bytes'];
const HELP: readonly Focus[] = ['help'];
const PROMPT: readonly Focus[] = ['prompt'];

/** Every key there is. The help screen and the hints of the status line are printed from it. */
export const KEYS: readonly Binding[] = [
  bind(PANES, 'help', ['?', 'f1'], 'this help'),
  bind(PANES, 'next-pane', ['tab'], 'next pane'),
  bind(PANES, 'previous-pane', ['shift-tab'], 'pane before'),
  bind(PANES, 'zoom', ['z'], 'give this pane the whole screen, or take it back'),
  bind(PANES, 'go-to', [':', 'ctrl-g'], 'go to a packet by its number'),
  bind(PANES, 'next-packet', ['ctrl-down', 'J', 'f8'], 'next packet, from any pane'),
  bind(PANES, 'previous-packet', ['ctrl-up', 'K', 'f7'], 'packet before, from any pane'),
  bind(PANES, 'follow', ['F'], 'follow the newest packet while the capture grows'),
  bind(PANES, 'mouse', ['m'], 'let go of the mouse, to select text with it, or take it back'),
  bind(PANES, 'redraw', ['ctrl-l'], 'draw the screen afresh'),
  bind(PANES, 'suspend', ['ctrl-z'], 'back to the shell for now'),
  bind(PANES, 'escape', ['escape'], 'leave the zoom'),
  bind(PANES, 'quit', ['q', 'ctrl-c'], 'quit'),

  bind(LIST, 'up', ['up', 'k'], 'packet before'),
  bind(LIST, 'down', ['down', 'j'], 'next packet'),
  bind(LIST, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(LIST, 'page-down', ['page-down', 'ctrl-f', 'space'], 'a page down'),
  bind(LIST, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(LIST, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(LIST, 'first', ['home', 'g'], 'first packet'),
  bind(LIST, 'last', ['end', 'G'], 'last packet; while the file loads, keep to the last'),
  bind(LIST, 'shift-left', ['left', 'h', '<'], 'read the start of long information'),
  bind(LIST, 'shift-right', ['right', 'l', '>'], 'read on in long information'),
  bind(LIST, 'open', ['enter'], 'to the details of the packet'),

  bind(DETAIL, 'up', ['up', 'k'], 'line above'),
  bind(DETAIL, 'down', ['down', 'j'], 'line below'),
  bind(DETAIL, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(DETAIL, 'page-down', ['page-down', 'ctrl-f'], 'a page down'),
  bind(DETAIL, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(DETAIL, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(DETAIL, 'first', ['home', 'g'], 'first line'),
  bind(DETAIL, 'last', ['end', 'G'], 'last line'),
  bind(DETAIL, 'right', ['right', 'l'], 'open the line, or go to the first one inside'),
  bind(DETAIL, 'left', ['left', 'h'], 'close the line, or go to the one around it'),
  bind(DETAIL, 'toggle', ['enter', 'space'], 'open or close the line'),
  bind(DETAIL, 'expand', ['+', '='], 'open the line'),
  bind(DETAIL, 'collapse', ['-'], 'close the line'),
  bind(DETAIL, 'expand-all', ['E', '*'], 'open all lines'),
  bind(DETAIL, 'collapse-all', ['C'], 'close all lines'),
  bind(DETAIL, 'shift-left', ['<'], 'read the start of long lines'),
  bind(DETAIL, 'shift-right', ['>'], 'read on in long lines'),

  bind(BYTES, 'left', ['left', 'h'], 'byte before'),
  bind(BYTES, 'right', ['right', 'l'], 'next byte'),
  bind(BYTES, 'up', ['up', 'k'], 'row above'),
  bind(BYTES, 'down', ['down', 'j'], 'row below'),
  bind(BYTES, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(BYTES, 'page-down', ['page-down', 'ctrl-f', 'space'], 'a page down'),
  bind(BYTES, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(BYTES, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(BYTES, 'row-start', ['home', '0'], 'start of the row'),
  bind(BYTES, 'row-end', ['end', '$'], 'end of the row'),
  bind(BYTES, 'first', ['g', 'ctrl-home'], 'first byte'),
  bind(BYTES, 'last', ['G', 'ctrl-end'], 'last byte'),
  bind(BYTES, 'next-source', [']'], 'next source of bytes: the frame, what was reassembled'),
  bind(BYTES, 'previous-source', ['['], 'source of bytes before'),
  bind(BYTES, 'open', ['enter'], 'to the line of the byte'),

  bind(HELP, 'up', ['up', 'k'], 'line above'),
  bind(HELP, 'down', ['down', 'j'], 'line below'),
  bind(HELP, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(HELP, 'page-down', ['page-down', 'ctrl-f', 'space'], 'a page down'),
  bind(HELP, 'first', ['home', 'g'], 'start'),
  bind(HELP, 'last', ['end', 'G'], 'end'),
  bind(HELP, 'redraw', ['ctrl-l'], 'draw the screen afresh'),
  bind(HELP, 'suspend', ['ctrl-z'], 'back to the shell for now'),
  bind(HELP, 'escape', ['escape', 'q', '?', 'f1', 'enter'], 'close the help'),
  bind(HELP, 'quit', ['ctrl-c'], 'quit'),

  bind(PROMPT, 'accept', ['enter'], 'go there'),
  bind(PROMPT, 'erase', ['backspace'], 'erase a character'),
  bind(PROMPT, 'clear', ['ctrl-u'], 'erase all'),
  bind(PROMPT, 'escape', ['escape', 'ctrl-g'], 'leave it'),
  bind(PROMPT, 'quit', ['ctrl-c'], 'quit'),
];

/** The command of a key, if it has one here. */
export const commandFor = (focus: Focus, key: string): Command | undefined =>
  KEYS.find(({ where, keys }) => where.includes(focus) && keys.includes(key))?.command;

/** A key as people write it: `Ctrl-G`, `PgUp`. */
export function keyLabel(key: string): string {
  if ([...key].length === 1) return key;
  const last = key.split('-').at(-1) ?? key;
  const special = SPECIAL[key];
  if (special !== undefined) return special;
  const prefix = key.slice(0, key.length - last.length);
  return `${prefix.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())}${last[0]?.toUpperCase()}${last.slice(1)}`;
}

const SPECIAL: Readonly<Record<string, string>> = { escape: 'Esc', 'page-up': 'PgUp', 'page-down': 'PgDn' };

export interface HelpLine {
  readonly kind: 'title' | 'key' | 'blank';
  /** The keys, or the title of a group. */
  readonly left: string;
  readonly right: string;
}

const GROUPS: readonly (readonly [title: string, where: readonly Focus[]])[] = [
  ['Everywhere', PANES],
  ['Packet list', LIST],
  ['Details', DETAIL],
  ['Bytes', BYTES],
  ['Going to a packet', PROMPT],
  ['This help', HELP],
];

/** The help screen. */
export const HELP_LINES: readonly HelpLine[] = GROUPS.flatMap(([title, where], place) => [
  ...(place === 0 ? [] : [{ kind: 'blank', left: '', right: '' } as const]),
  { kind: 'title', left: title, right: '' } as const,
  ...KEYS.filter((binding) => binding.where === where).map(
    ({ keys, help }) => ({ kind: 'key', left: keys.map(keyLabel).join(', '), right: help }) as const,
  ),
]);
