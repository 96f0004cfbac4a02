import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['data'];

export const DATA_KEYS = [
  ...moving(HERE, 'line'),
  bind(HERE, 'open', ['enter'], 'to the packet of the line'),
  bind(HERE, 'direction', ['d', 'tab'], 'both directions, or one of them'),
  bind(HERE, 'form', ['v'], 'as text, or in hex'),
  bind(HERE, 'save', ['w', 'f2'], 'save the bytes of the selected directions', 'FILE'),
] as const;
