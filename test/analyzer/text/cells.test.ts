import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cellsOf, cutInside } from '../../../analyzer/text/cells.js';
import { printable } from '../../../analyzer/text/printable.js';

test('every character that may be drawn takes the cells that terminals give it', () => {
  const wrong: string[] = [];
  for (let code = 0x20; code <= 0x10ffff; code++) {
    // Halves of pairs are no characters.
    if (code === 0xd800) code = 0xe000;
    const character = String.fromCodePoint(code);
    // Marks have no width of their own, and what is not printable is never drawn.
    if (printable(character) !== character || /\p{M}/u.test(character)) continue;
    if (cellsOf(character) !== stringWidth(character)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test('a text that is too long keeps both of its ends', () => {
  expect(cutInside('"beef" is not hex digits', 24, '…')).toBe('"beef" is not hex digits');
  expect(cutInside(`"${'beef'.repeat(30)}" is not hex digits`, 40, '…')).toBe(
    '"beefbeefbeefbeefbee…" is not hex digits',
  );
  expect(cutInside('日本語'.repeat(20), 13, '…')).toBe('日本語…日本語');
  for (const width of [0, 1, 2, 3, 7, 12]) {
    for (const text of ['abcdefghijklmnop', '日本語'.repeat(20), 'e\u0301'.repeat(50)])
      expect(cellsOf(cutInside(text, width, '~'))).toBeLessThanOrEqual(width);
  }
});
