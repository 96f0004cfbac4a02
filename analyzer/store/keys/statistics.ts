import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['statistics'];

export const STATISTICS_KEYS = [
  ...moving(HERE, 'line'),
  bind(HERE, 'next-kind', ['tab', ']'], 'next statistics'),
  bind(HERE, 'previous-kind', ['shift-tab', '['], 'previous statistics'),
  bind(HERE, 'next-table', ['}'], 'next table of the same kind'),
  bind(HERE, 'previous-table', ['{'], 'table of the same kind before'),
  bind(HERE, 'next-column', ['s'], 'sort the table by the next column'),
  bind(HERE, 'previous-column', ['S'], 'sort the table by the column before'),
  bind(HERE, 'reverse', ['R'], 'sort the table the other way round'),
  bind(HERE, 'open', ['enter'], 'show the packets of the row'),
  bind(HERE, 'count-again', ['r'], 'refresh: count what has come since and passes the filter now'),
  bind(HERE, 'save', ['w', 'f2'], 'save the tables as CSV', 'FILE'),
] as const;
