import { describe, expect, test } from 'vitest';
import { linesOfSheets } from '../../../analyzer/store/screens/statistics-lines.js';
import type { Action, AppState } from '../../../analyzer/store/state.js';
import { play, stateOf } from './play.js';

const SHEET = {
  title: 'Packets over time',
  columns: [
    { key: 'start', head: 'Start' },
    { key: 'packets', head: 'Packets' },
  ],
  rows: [
    ['0', 10],
    ['1', 40],
  ],
  notes: ['something was left out'],
} as const;

const news = (done = true): Action => ({
  type: 'counted',
  news: { sheets: [SHEET], filters: [['frame.number == 1', '']], looked: 9, done, problem: undefined },
});
const asked = ({ orders }: AppState) => orders.filter(({ type }) => type === 'statistics').at(-1);

describe('statistics', () => {
  test('have a line for the title, the heads, each row, and what should be known', () => {
    const lines = linesOfSheets([SHEET], [['frame.number == 1', '']], 'io');
    expect(lines.map(({ kind, cells, bar, filter }) => [kind, cells.join(' '), bar, filter])).toEqual([
      ['title', 'Packets over time', undefined, ''],
      ['heads', 'Start Packets', undefined, ''],
      ['row', '0 10', 0.25, 'frame.number == 1'],
      ['row', '1 40', 1, ''],
      ['blank', '', undefined, ''],
      ['note', 'something was left out', undefined, ''],
    ]);
    expect(lines[2]).toMatchObject({ widths: [5, 7], right: [false, true] });
  });

  test('show a table for each part of a wide one', () => {
    const columns = [
      { key: 'peer', head: 'Peer' },
      { key: 'a', head: 'A', part: 'First' },
      { key: 'b', head: 'B', part: 'Second' },
    ];
    const lines = linesOfSheets([{ title: 'x', columns, rows: [['p', 1, 2]], notes: [] }], [], 'handshakes');
    expect(lines.filter(({ kind }) => kind !== 'blank').map(({ cells }) => cells.join(' '))).toEqual([
      'First',
      'Peer A',
      'p 1',
      'Second',
      'Peer B',
      'p 2',
    ]);
  });

  test('are counted when they are shown, of what passes the filter, and again when that has changed', () => {
    const shown = play(stateOf(9), 'show-statistics');
    expect(asked(shown)).toEqual({ type: 'statistics', key: 'statistics', kind: 'handshakes', filter: '' });
    const again = play({ ...shown, orders: [] }, 'show-packets', 'show-statistics');
    expect(asked(again)).toBeUndefined();
    const filtered = play(again, { type: 'command', command: 'filter', argument: 'udp' }, 'back', 'show-statistics');
    expect(asked(filtered)).toMatchObject({ filter: 'udp' });
    expect(asked(play(filtered, 'next-kind'))).toMatchObject({ kind: 'rtt' });
    expect(asked(play(filtered, 'previous-kind'))).toMatchObject({ kind: 'hierarchy' });
  });

  test('lead from a row to its packets', () => {
    const counted = play(stateOf(9), 'show-statistics', news(), 'down', 'down', 'open');
    expect([counted.screen, counted.filter.text]).toEqual(['packets', 'frame.number == 1']);
    const without = play(stateOf(9), 'show-statistics', news(), 'down', 'down', 'down', 'open');
    expect([without.screen, without.notice?.text]).toEqual(['statistics', 'this line has no packets of its own']);
  });

  test('are saved as CSV', () => {
    const saved = play(stateOf(9), 'show-statistics', news(), { type: 'command', command: 'save', argument: 'a.csv' });
    const order = saved.orders.at(-1);
    expect(order?.type === 'save-bytes' && new TextDecoder().decode(order.bytes)).toBe('start,packets\n0,10\n1,40\n');
  });
});
