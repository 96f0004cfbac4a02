import { bind, type Focus } from './binding.js';

const HERE: readonly Focus[] = ['ladder'];

export const LADDER_KEYS = [
  bind(HERE, 'up', ['up', 'k'], 'message before'),
  bind(HERE, 'down', ['down', 'j'], 'next message'),
  bind(HERE, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(HERE, 'page-down', ['page-down'], 'a page down'),
  bind(HERE, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(HERE, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(HERE, 'first', ['home', 'g'], 'first message'),
  bind(HERE, 'last', ['end', 'G'], 'last message; while the capture grows, keep to the last'),
  bind(HERE, 'shift-left', ['left', 'h', '<'], 'peers further left'),
  bind(HERE, 'shift-right', ['right', 'l', '>'], 'peers further right'),
  bind(HERE, 'open', ['enter'], 'to the packet of the message'),
  bind(HERE, 'mark', ['space'], 'mark the packet, or unmark it'),
  bind(HERE, 'compare', ['='], 'compare two marked packets, or the marked one with this'),
  bind(HERE, 'preview', ['v'], 'show nothing, the tree or the bytes of the message'),
  bind(HERE, 'preview-down', ['J', 'ctrl-down'], 'read on in the preview'),
  bind(HERE, 'preview-up', ['K', 'ctrl-up'], 'read back in the preview'),
  bind(HERE, 'collapse-data', ['c'], 'draw runs of data as one row, or each packet'),
  bind(HERE, 'time-format', ['t'], 'times of the day, or since the first packet'),
  bind(HERE, 'channel-data', ['d'], 'what the channel of the message carried'),
  bind(HERE, 'edit', ['e'], 'edit the packet, to send or save a variation of it'),
  bind(HERE, 'copy', ['y'], 'copy the message as text'),
  bind(HERE, 'save-ladder', ['w', 'f2'], 'draw the ladder into a file: text, SVG or Mermaid', 'FILE'),
] as const;
