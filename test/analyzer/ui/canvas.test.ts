import { expect, test } from 'vitest';
import { Canvas } from '../../../analyzer/ui/canvas.js';

test('rows take the place of what stands for them, and of the blanks that they need', () => {
  const canvas = new Canvas();
  const [left, right, wide] = [canvas.hold('\x1b[1mab\x1b[0m', 2), canvas.hold('right', 5), canvas.hold('日本', 4)];
  expect([left, right, wide].map((standIn) => standIn.length)).toEqual([1, 1, 1]);
  const frame = `${left}       ${right}\n${wide}   x\nplain`;
  expect(canvas.resolve(frame)).toBe('\x1b[1mab\x1b[0m      right\n日本x\nplain');
});

test('an empty row is nothing, and a row that fills its place leaves no blanks', () => {
  const canvas = new Canvas();
  expect(canvas.hold('', 0)).toBe('');
  expect(canvas.resolve(canvas.hold('whole row', 9))).toBe('whole row');
});

test('rows that were never drawn do not pile up', () => {
  const canvas = new Canvas();
  for (let row = 0; row < 20_000; row++) canvas.hold(`${row}`, 5);
  expect(canvas.resolve(canvas.hold('last', 4))).toBe('last');
});
