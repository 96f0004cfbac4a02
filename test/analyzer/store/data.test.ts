import { describe, expect, test } from 'vitest';
import type { DataPiece } from '../../../analyzer/query/news.js';
import type { Action } from '../../../analyzer/store/action.js';
import { type DataLines, NO_LINES, withPieces } from '../../../analyzer/store/screens/data-lines.js';
import { play, stateOf } from './play.js';

const piece = (packet: number, fromInitiator: boolean, text: string): DataPiece => ({
  packet,
  fromInitiator,
  bytes: new TextEncoder().encode(text),
});
const PIECES = [piece(4, true, 'hello\nworld'), piece(6, false, ''), piece(9, false, 'x'.repeat(300))];
const told = {
  type: 'data',
  news: { pieces: PIECES, bytes: 311, left: 0, done: true, problem: undefined },
} satisfies Action;

const linesOf = (pieces: readonly DataPiece[], form: 'text' | 'hex'): DataLines => withPieces(NO_LINES, pieces, form);

describe('the data of a channel', () => {
  test.each([
    [
      'text',
      [
        [0, 0, 6],
        [0, 6, 5],
        [1, 0, 0],
        [2, 0, 240],
        [2, 240, 60],
      ],
    ],
    ['hex', [[0, 0, 11], [1, 0, 0], ...Array.from({ length: 19 }, (_, row) => [2, 16 * row, row === 18 ? 12 : 16])]],
  ] as const)('is cut into lines of %s', (form, expected) => {
    const { count, piece: places, start, length } = linesOf(PIECES, form);
    expect(Array.from({ length: count }, (_, line) => [places[line], start[line], length[line]])).toEqual(expected);
  });

  test.each([
    ['a character of four bytes', `${'x'.repeat(238)}😀`, [238, 4]],
    ['one of two', `${'x'.repeat(239)}éa`, [239, 3]],
    ['one that ends with the line', `${'x'.repeat(238)}éa`, [240, 1]],
  ])('keeps %s in one line', (_, text, expected) => {
    expect([...linesOf([piece(1, true, text)], 'text').length]).toEqual(expected);
  });

  test('cuts bytes that are no text where a line is full', () => {
    const bytes = new Uint8Array(300).fill(0x80);
    expect([...linesOf([{ packet: 1, fromInitiator: true, bytes }], 'text').length]).toEqual([240, 60]);
  });

  test.each(['text', 'hex'] as const)('is cut into the same lines of %s when it comes bit by bit', (form) => {
    const whole = linesOf(PIECES, form);
    for (let first = 0; first <= PIECES.length; first++) {
      const begun = linesOf(PIECES.slice(0, first), form);
      expect(withPieces(begun, PIECES.slice(first), form)).toEqual(whole);
      expect(begun).toEqual(linesOf(PIECES.slice(0, first), form));
    }
  });

  test.each(['both', 'initiator', 'responder'] as const)('grows, %s direction', (direction) => {
    const asked = play(stateOf(20), 'channel-data');
    const start = { ...asked, data: { ...asked.data, direction } };
    const some = { ...told, news: { ...told.news, pieces: PIECES.slice(0, 2), bytes: 11, done: false } };
    const { lines } = play(start, some, told).data;
    expect(lines).toEqual(play(start, told).data.lines);
    expect(lines.bytes).toBe(direction === 'both' ? 311 : direction === 'initiator' ? 11 : 300);
  });

  test('is asked for, shown in either direction, and saved', () => {
    const asked = play(stateOf(20), 'channel-data');
    expect([asked.screen, asked.orders.at(-1)]).toEqual(['data', { type: 'data', key: 'data', channel: 1 }]);
    const shown = play(asked, told);
    expect(shown.data.lines.count).toBe(5);
    expect(play(shown, 'direction').data.lines.count).toBe(2);
    expect(play(shown, 'direction', 'direction').data.lines.count).toBe(3);
    const saved = play(shown, 'direction', { type: 'command', command: 'save', argument: ' out.bin ' });
    expect(saved.orders.at(-1)).toEqual({ type: 'save-bytes', path: 'out.bin', bytes: PIECES[0]?.bytes });
  });

  test.each(['text', 'hex'] as const)('as %s is not moved out of sight', (form) => {
    const data = play(stateOf(20), 'channel-data', told, ...(form === 'hex' ? (['form'] as const) : []));
    const moved = play(data, ...new Array<'shift-right'>(500).fill('shift-right'));
    expect(moved.data.form).toBe(form);
    // A line of text has 240 bytes at most, each of which may take four cells.
    expect(moved.data.cursor.shift).toBeLessThan(form === 'hex' ? 12 + 72 : 12 + 4 * 240);
    expect(moved.data.cursor.shift).toBeGreaterThan(40);
  });

  test('leads to its packets', () => {
    const there = play(stateOf(20), 'channel-data', told, 'last', 'open');
    expect([there.screen, there.list.selected]).toEqual(['packets', 9]);
  });
});
