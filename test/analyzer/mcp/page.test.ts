import { expect, test } from 'vitest';
import { MOST_TEXT, Page } from '../../../analyzer/mcp/page.js';

/** A page of some pieces of text, and how often it said that it is full. */
function pageOf(pieces: readonly string[], offset = 0, limit = 3) {
  let full = 0;
  const page = new Page(
    { offset, limit },
    (line) => (line === 'skip' ? undefined : line.toUpperCase()),
    () => full++,
  );
  for (const piece of pieces) page.write(piece);
  page.finish();
  return { lines: page.lines, isFull: page.isFull, full };
}

test.each([
  // pieces, offset, what is kept, whether there is more
  [['a\nb\n'], 0, ['A', 'B'], false],
  [['a\nb\nc\n'], 0, ['A', 'B', 'C'], false],
  [['a\nb\nc\nd\ne\n'], 0, ['A', 'B', 'C'], true],
  [['a\nb\nc\nd\n'], 1, ['B', 'C', 'D'], false],
  [['a', 'b\nc'], 0, ['AB', 'C'], false],
  [['a\nskip\nb\nskip\nc\nskip\n'], 0, ['A', 'B', 'C'], false],
  [['é\n'.slice(0, 1), '\n'], 0, ['É'], false],
  [[''], 5, [], false],
])('%j from %i on gives %j', (pieces, offset, lines, isFull) => {
  expect(pageOf(pieces, offset)).toEqual({ lines, isFull, full: isFull ? 1 : 0 });
});

test('a page has a bound in characters, and so has a line of it', () => {
  const line = `${'x'.repeat(MOST_TEXT / 4 - 1)}\n`;
  const { lines, isFull } = pageOf(
    Array.from({ length: 9 }, () => line),
    0,
    100,
  );
  expect([lines.length, isFull]).toEqual([4, true]);
  const [long = ''] = pageOf([`${'y'.repeat(100_000)}\n`]).lines;
  expect(long).toMatch(/^Y{16384}… \(83616 characters more\)$/);
  // Without any end, too.
  expect(
    pageOf(
      Array.from({ length: 10 }, () => 'z'.repeat(1 << 20)),
      0,
      2,
    ).lines,
  ).toHaveLength(2);
});
