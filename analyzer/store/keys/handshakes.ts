import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['handshakes'];

export const HANDSHAKES_KEYS = [
  ...moving(HERE, 'handshake').filter(({ command }) => command !== 'page-down'),
  bind(HERE, 'page-down', ['page-down'], 'a page down'),
  bind(
    HERE,
    'open',
    ['enter'],
    'the messages of the selected handshakes, or of this one, as a ladder; back to the list',
  ),
  bind(HERE, 'choose', ['space'], 'select the handshake, or unselect it'),
  bind(HERE, 'choose-none', ['u'], 'unselect all'),
  bind(
    HERE,
    'compare-handshakes',
    ['='],
    'two handshakes step by step: the selected ones, or the selected one and this one',
  ),
  bind(
    HERE,
    'find-handshakes',
    ['f', 'f3'],
    'only handshakes with these words: protocols, addresses, states, reasons',
    'WORDS',
  ),
  bind(HERE, 'next-column', ['s'], 'sort by the next column'),
  bind(HERE, 'previous-column', ['S'], 'sort by the column before'),
  bind(HERE, 'reverse', ['r'], 'sort the other way round'),
  bind(HERE, 'packets', ['p'], 'its packets: sets the display filter'),
  bind(HERE, 'copy', ['y'], 'copy the row as text'),
] as const;
