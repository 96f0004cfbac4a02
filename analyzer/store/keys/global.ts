import { bind, type Focus } from './binding.js';

/** Every place but those that lie over the screens. */
export const SCREENS_FOCUS: readonly Focus[] = [
  'list',
  'detail',
  'bytes',
  'handshakes',
  'channels',
  'ladder',
  'difference',
  'data',
  'statistics',
  'craft',
  'log',
];

/** In the bytes, `0` goes to the start of the row. */
const NOT_BYTES: readonly Focus[] = SCREENS_FOCUS.filter((focus) => focus !== 'bytes');

export const GLOBAL_KEYS = [
  bind(SCREENS_FOCUS, 'help', ['?', 'f1'], 'this help'),
  bind(SCREENS_FOCUS, 'palette', [':'], 'give a command by its name, or go to a packet by its number'),
  bind(NOT_BYTES, 'show-handshakes', ['0'], 'the handshakes of every protocol'),
  bind(SCREENS_FOCUS, 'show-channels', ['1'], 'the channels'),
  bind(SCREENS_FOCUS, 'show-packets', ['2'], 'the packets'),
  bind(SCREENS_FOCUS, 'show-ladder', ['3'], 'the ladder of the selected channels'),
  bind(SCREENS_FOCUS, 'show-statistics', ['4'], 'statistics'),
  bind(SCREENS_FOCUS, 'show-craft', ['5'], 'the packet editor'),
  bind(SCREENS_FOCUS, 'show-log', ['6'], 'what has happened'),
  bind(SCREENS_FOCUS, 'back', ['backspace'], 'the screen before, or the capture before'),
  bind(SCREENS_FOCUS, 'filter', ['/'], 'edit the display filter', 'FILTER'),
  bind(SCREENS_FOCUS, 'toggle-filter', ['x'], 'switch the display filter off, or on again'),
  bind(SCREENS_FOCUS, 'go-to', ['ctrl-g'], 'go to a packet by its number', 'NUMBER'),
  bind(SCREENS_FOCUS, 'pause', ['P'], 'hold the screens still while packets come, or go on'),
  bind(SCREENS_FOCUS, 'stop', [], 'capture or read no more, and keep what there is'),
  bind(SCREENS_FOCUS, 'restart', [], 'drop all packets and restart the capture'),
  bind(SCREENS_FOCUS, 'mouse', ['M'], 'mouse off, to select text with it, or on'),
  bind(SCREENS_FOCUS, 'craft', [], 'craft a packet from nothing but a message', 'MESSAGE'),
  bind(SCREENS_FOCUS, 'run', [], 'play a script', 'FILE'),
  bind(SCREENS_FOCUS, 'simulate', [], 'let two peers talk over a virtual network, and watch', 'OPTIONS'),
  bind(SCREENS_FOCUS, 'rewrite', [], 'rewrite the marked packets, or all, and open what comes of it', 'OPTIONS'),
  bind(SCREENS_FOCUS, 'open-capture', ['ctrl-o'], 'open another capture over this one', 'FILE'),
  bind(SCREENS_FOCUS, 'close-capture', ['ctrl-w'], 'close it, and back to the capture that was open before'),
  bind(SCREENS_FOCUS, 'secrets', [], 'take the secrets of a file, and judge by them', 'FILE'),
  bind(SCREENS_FOCUS, 'theme', [], 'choose the colours', 'THEME'),
  bind(SCREENS_FOCUS, 'redraw', ['ctrl-l'], 'redraw the screen'),
  bind(SCREENS_FOCUS, 'suspend', ['ctrl-z'], 'back to the shell for now'),
  bind(SCREENS_FOCUS, 'escape', ['escape'], 'leave: a running task, the zoom, the screen'),
  bind(SCREENS_FOCUS, 'quit', ['q', 'ctrl-c'], 'quit'),
] as const;

export const HELP_KEYS = [
  bind(['help'], 'up', ['up', 'k'], 'line above'),
  bind(['help'], 'down', ['down', 'j'], 'line below'),
  bind(['help'], 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(['help'], 'page-down', ['page-down', 'space'], 'a page down'),
  bind(['help'], 'first', ['home', 'g'], 'start'),
  bind(['help'], 'last', ['end', 'G'], 'end'),
  bind(['help'], 'redraw', ['ctrl-l'], 'redraw the screen'),
  bind(['help'], 'suspend', ['ctrl-z'], 'back to the shell for now'),
  bind(['help'], 'escape', ['escape', 'q', '?', 'f1', 'enter'], 'close the help'),
  bind(['help'], 'quit', ['ctrl-c'], 'quit'),
] as const;

export const PROMPT_KEYS = [
  bind(['prompt'], 'accept', ['enter'], 'apply it'),
  bind(['prompt'], 'complete', ['tab'], 'complete the word; again for the next completion'),
  bind(['prompt'], 'complete-back', ['shift-tab'], 'the completion before'),
  bind(['prompt'], 'erase', ['backspace', 'ctrl-h'], 'erase the character before'),
  bind(['prompt'], 'erase-next', ['delete'], 'erase the next character'),
  bind(['prompt'], 'erase-word', ['ctrl-w', 'alt-backspace'], 'erase the word before'),
  bind(['prompt'], 'clear', ['ctrl-u'], 'erase all before'),
  bind(['prompt'], 'erase-rest', ['ctrl-k'], 'erase the rest'),
  bind(['prompt'], 'left', ['left', 'ctrl-b'], 'a character to the left'),
  bind(['prompt'], 'right', ['right', 'ctrl-f'], 'a character to the right'),
  bind(['prompt'], 'word-left', ['ctrl-left', 'alt-b'], 'a word to the left'),
  bind(['prompt'], 'word-right', ['ctrl-right', 'alt-f'], 'a word to the right'),
  bind(['prompt'], 'first', ['home', 'ctrl-a'], 'start'),
  bind(['prompt'], 'last', ['end', 'ctrl-e'], 'end'),
  bind(['prompt'], 'up', ['up', 'ctrl-p'], 'what was typed before'),
  bind(['prompt'], 'down', ['down', 'ctrl-n'], 'what was typed after it'),
  bind(['prompt'], 'search-in', ['ctrl-t'], 'when searching: in the list, the tree, the bytes, or by a filter'),
  bind(['prompt'], 'search-as', ['ctrl-r'], 'when searching: text, a regular expression, or bytes in hex'),
  bind(['prompt'], 'escape', ['escape', 'ctrl-g'], 'cancel'),
  bind(['prompt'], 'suspend', ['ctrl-z'], 'back to the shell for now'),
  bind(['prompt'], 'quit', ['ctrl-c'], 'quit'),
] as const;
