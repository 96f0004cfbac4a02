import { describe, expect, test } from 'vitest';
import { compareLines } from '../../../analyzer/store/screens/compare-lines.js';
import { heading, type Line } from '../../../dissectors/wire/line.js';

const leaf = (path: string, text: string): Line => heading(path, text, 0, 0, 0);

/** The rows as a user reads them: left, sign, right. */
const read = (left: readonly Line[], right: readonly Line[]) =>
  compareLines(left, right).map(
    (row) => `${' '.repeat(row.depth)}${row.left ?? '-'} ${row.isSame ? '=' : '/'} ${row.right ?? '-'}`,
  );

describe('two trees side by side', () => {
  test('pair lines of the same field', () => {
    const tree = (size: number) =>
      heading('udp', 'UDP', 0, 0, 0, [leaf('udp.src', 'Source: 1'), leaf('udp.len', `Length: ${size}`)]);
    expect(read([tree(8)], [tree(9)])).toEqual(['UDP = UDP', ' Source: 1 = Source: 1', ' Length: 8 / Length: 9']);
    expect(compareLines([tree(8)], [tree(9)]).map(({ holdsDifference }) => holdsDifference)).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('leave a gap where only one has a line', () => {
    const [a, b, c] = [leaf('a', 'A'), leaf('b', 'B'), leaf('c', 'C')];
    expect(read([a, b, c], [a, c])).toEqual(['A = A', 'B / -', 'C = C']);
    expect(read([a, c], [a, b, c])).toEqual(['A = A', '- / B', 'C = C']);
    expect(read([a], [b])).toEqual(['A / -', '- / B']);
    expect(read([], [a])).toEqual(['- / A']);
  });

  test('pair messages by their names, in order', () => {
    const message = (text: string) => leaf('', text);
    expect(read([message('NEW 1a2b'), message('DATA 3')], [message('DATA 4'), message('DATA 5')])).toEqual([
      'NEW 1a2b / -',
      'DATA 3 / DATA 4',
      '- / DATA 5',
    ]);
  });

  test('cost no more than their length, however different', () => {
    const lines = (of: string) => Array.from({ length: 20_000 }, (_, place) => leaf(`${of}${place}`, `${of}${place}`));
    expect(compareLines(lines('a'), lines('b'))).toHaveLength(20_000);
  });
});
