import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['statistics'];

export const STATISTICS_KEYS = [
  ...moving(HERE, 'line'),
  bind(HERE, 'next-kind', ['tab', ']'], 'next table'),
  bind(HERE, 'previous-kind', ['shift-tab', '['], 'previous table'),
  bind(HERE, 'open', ['enter'], 'show the packets of the row'),
  bind(HERE, 'count-again', ['r'], 'refresh: count what has come since and passes the filter now'),
  bind(HERE, 'save', ['w'], 'save the tables as CSV', 'FILE'),
] as const;
