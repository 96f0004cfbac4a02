import { expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { Opened } from './opened.js';

const typed = (text: string): Action => ({ type: 'typed', text });
/** Searches for words in a place, as the keys do. */
const search = (what: string, turns: number): readonly (Command | Action)[] => [
  'find',
  ...Array<Command>(turns).fill('search-in'),
  typed(what),
  'accept',
];
const [LIST, TREE] = [0, 1];

const LONG = ' with much more to say than fits into the row of a terminal, and the needle is here at its end';

test('a search in the list moves the row to the words, lights them, and tells which match it is', () => {
  const opened = new Opened({ text: LONG, count: 12, colour: true }).play(...search('needle', LIST));
  const row = opened.rows().find((one) => /^\S? +2 /.test(one));
  expect(row).toContain('needle');
  expect(opened.frame()).toContain('\x1b[1m\x1b[4mneedle');
  expect(opened.rows().at(-1)).toContain('match 2 of 12');
  expect(opened.play('find-next').rows().at(-1)).toContain('match 3 of 12');
  expect(opened.play('find-previous', 'find-previous', 'find-previous').rows().at(-1)).toContain(
    'match 12 of 12, searched on from the other end',
  );
});

test('a search in the details opens the line and lights its bytes', () => {
  const opened = new Opened({ count: 12, rows: 40 }).play(...search('Source: 10.0.0.7', TREE));
  const rows = opened.rows();
  expect(rows).toContain('    Source: 10.0.0.7');
  expect(opened.state.tree.cursor).toBe(opened.state.shown?.nodes.find(({ line }) => line.path === 'ip.src')?.index);
  expect(opened.frame()).toMatch(/\x1b\[7m[0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}/);
  expect(rows.at(-1)).toContain('match 1 of 1');
  // The only one is found again from both ends.
  expect(opened.play('find-next').rows().at(-1)).toContain('match 1 of 1, searched on from the other end');
});

test('a search in the bytes shows and lights them, and the line that they belong to', () => {
  const opened = new Opened({ count: 12 }).play('find', 'search-in', 'search-in', 'search-as', 'search-as');
  opened.play(typed('b9c0c7'), 'accept');
  // Byte 26 of packet 3, in the address of the source.
  expect(opened.state.list.selected).toBe(3);
  expect(opened.frame()).toContain('\x1b[7mb9 c0 c7\x1b[27m');
  expect(opened.rows()).toContain('    Source: 10.0.0.3');
  expect(opened.rows().at(-1)).toContain('match 1 of 2');
});

test('a search shows words beyond the right edge of a line of the details', () => {
  const opened = new Opened({ count: 3, text: `${LONG} and goes on` }).play(...search('goes on', TREE));
  expect(opened.rows().some((row) => row.includes('goes on'))).toBe(true);
});

test('a search that finds nothing says so once it has looked everywhere', () => {
  expect(
    new Opened({ count: 9 })
      .play(...search('nowhere', LIST))
      .rows()
      .at(-1),
  ).toContain('not found');
});

test('a search stays among the packets that are shown', () => {
  const opened = new Opened({ count: 30 }).play('filter', typed('udp'), 'accept', ...search('number', LIST));
  expect(opened.rows().at(-1)).toContain('of 10');
});
