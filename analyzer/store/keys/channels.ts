import { bind, type Focus } from './binding.js';

const HERE: readonly Focus[] = ['channels'];

export const CHANNELS_KEYS = [
  bind(HERE, 'up', ['up', 'k'], 'channel above'),
  bind(HERE, 'down', ['down', 'j'], 'channel below'),
  bind(HERE, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(HERE, 'page-down', ['page-down'], 'a page down'),
  bind(HERE, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(HERE, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(HERE, 'first', ['home', 'g'], 'first channel'),
  bind(HERE, 'last', ['end', 'G'], 'last channel'),
  bind(HERE, 'open', ['enter'], 'the ladder of the selected channels, or of this one'),
  bind(HERE, 'choose', ['space'], 'select the channel, or unselect it'),
  bind(HERE, 'choose-none', ['u'], 'unselect all'),
  bind(HERE, 'find-channels', ['f', 'f3'], 'only channels with these words: ids, names, addresses, states', 'WORDS'),
  bind(HERE, 'next-column', ['s'], 'sort by the next column'),
  bind(HERE, 'previous-column', ['S'], 'sort by the column before'),
  bind(HERE, 'reverse', ['r'], 'sort the other way round'),
  bind(HERE, 'sort', [], 'sort by a column', 'KEY'),
  bind(HERE, 'packets', ['p'], 'its packets: sets the display filter'),
  bind(HERE, 'channel-data', ['d'], 'what it carried'),
  bind(HERE, 'alias', ['a'], 'name the peer that asked for the channel', 'NAME'),
  bind(HERE, 'alias-responder', ['A'], 'name the peer that was asked', 'NAME'),
  bind(HERE, 'copy', ['y'], 'copy the row as text'),
] as const;
