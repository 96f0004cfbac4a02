import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cellsOf } from '../../../analyzer/ui/cells.js';
import { printable } from '../../../analyzer/ui/printable.js';

test('every character that may be drawn takes the cells that terminals give it', () => {
  const wrong: string[] = [];
  for (let code = 0x20; code < 0x3000; code++) {
    const character = String.fromCodePoint(code);
    // Marks have no width of their own, and what is not printable is never drawn.
    if (printable(character) !== character || /\p{M}/u.test(character)) continue;
    if (cellsOf(character) !== stringWidth(character)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});
