import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { withAlias } from '../../../analyzer/store/peer-name.js';
import { renamed } from '../../../analyzer/store/screens/statistics.js';
import { linesOfSheets } from '../../../analyzer/store/screens/statistics-lines.js';
import type { AppState } from '../../../analyzer/store/state.js';
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
    const lines = linesOfSheets([SHEET], [['frame.number == 1', '']], 'io', String);
    expect(lines.map(({ kind, cells, bars, filter }) => [kind, cells.join(' '), bars?.[0], filter])).toEqual([
      ['title', 'Packets over time', undefined, ''],
      ['heads', 'Start Packets', undefined, ''],
      ['row', '0 10', 0.25, 'frame.number == 1'],
      ['row', '1 40', 1, ''],
      ['blank', '', undefined, ''],
      ['note', 'something was left out', undefined, ''],
    ]);
    expect(lines[2]?.table).toMatchObject({ widths: [1, 2], columns: [{ right: false }, { right: true }] });
  });

  test('show a table for each part of a wide one', () => {
    const columns = [
      { key: 'peer', head: 'Peer' },
      { key: 'a', head: 'A', part: 'First' },
      { key: 'b', head: 'B', part: 'Second' },
    ];
    const lines = linesOfSheets([{ title: 'x', columns, rows: [['p', 1, 2]], notes: [] }], [], 'handshakes', String);
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
    expect(asked(play(filtered, 'previous-kind'))).toMatchObject({ kind: 'properties' });
  });

  test('lead from a row to its packets', () => {
    // The cursor begins on the first row that has some.
    const counted = play(stateOf(9), 'show-statistics', news(), 'open');
    expect([counted.screen, counted.filter.text]).toEqual(['packets', 'frame.number == 1']);
    const without = play(stateOf(9), 'show-statistics', news(), 'down', 'open');
    expect([without.screen, without.notice?.text]).toEqual(['statistics', 'this line has no packets of its own']);
  });

  test('leave the cursor where the user has moved it, however often they are told', () => {
    const moved = play(stateOf(9), 'show-statistics', news(false), 'down', news(false), 'up', 'up', news());
    expect(moved.statistics.cursor.at).toBe(1);
    expect(play(stateOf(9), 'show-statistics', news(false), news()).statistics.cursor).toMatchObject({ at: 2, top: 0 });
  });

  test('keep the display filter once on the way to the packets of a row', () => {
    const filtered = play(stateOf(9), { type: 'command', command: 'filter', argument: 'udp' }, 'show-statistics');
    // The capture tells a filter that holds the one that was counted with.
    const counted = play(filtered, news(), 'open');
    expect(counted.filter.text).toBe('frame.number == 1');
  });

  test('call peers by their names, and by eight digits where they have none', () => {
    const id = (digit: string) => digit.repeat(32);
    const columns = [
      { key: 'peer', head: 'Peer', isPeer: true },
      { key: 'other', head: 'Other' },
    ] as const;
    const rows = [
      ['(all)', ''],
      [id('a'), id('a')],
      [id('b'), ''],
    ];
    const sheet = { title: 'Peers', columns, rows, notes: [] };
    const counted = play(stateOf(9), 'show-statistics', {
      type: 'counted',
      news: { sheets: [sheet], filters: [], looked: 9, done: true, problem: undefined },
    });
    const cellsOf = ({ statistics }: AppState) =>
      statistics.lines.filter(({ kind }) => kind === 'row').map(({ cells }) => cells);
    expect(cellsOf(counted)).toEqual([
      ['(all)', ''],
      ['aaaaaaaa', id('a')],
      ['bbbbbbbb', ''],
    ]);
    const named = renamed({ ...counted, settings: withAlias(counted.settings, id('b'), 'gateway') });
    expect(cellsOf(named)[2]).toEqual(['gateway', '']);
    // What is saved keeps the ids.
    const saved = play(named, { type: 'command', command: 'save', argument: 'a.csv' }).orders.at(-1);
    expect(saved?.type === 'save-bytes' && new TextDecoder().decode(saved.bytes)).toContain(id('b'));
  });

  test('are moved sideways no further than there is something to read', () => {
    const columns = ['a', 'b', 'c', 'd'].map((key) => ({ key, head: key }));
    const table = (text: string): Action => ({
      type: 'counted',
      news: {
        sheets: [{ title: 'x', columns, rows: [[1, 2, 3, text]], notes: [] }],
        filters: [],
        looked: 9,
        done: true,
        problem: undefined,
      },
    });
    const shiftAfter = (text: string, steps: number) =>
      play(stateOf(9), 'show-statistics', table(text), ...new Array<Command>(steps).fill('shift-right')).statistics
        .cursor.shift;
    expect([shiftAfter('short', 1), shiftAfter('short', 9)]).toEqual([1, 2]);
    expect(shiftAfter('long '.repeat(20), 99)).toBe(2 + Math.ceil((100 - 40) / 16));
    expect(play(stateOf(9), 'show-statistics', table(''), 'shift-left').statistics.cursor.shift).toBe(0);
  });

  test('are saved as CSV', () => {
    const saved = play(stateOf(9), 'show-statistics', news(), { type: 'command', command: 'save', argument: 'a.csv' });
    const order = saved.orders.at(-1);
    expect(order?.type === 'save-bytes' && new TextDecoder().decode(order.bytes)).toBe('start,packets\n0,10\n1,40\n');
  });
});
