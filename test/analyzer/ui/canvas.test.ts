import { expect, test } from 'vitest';
import { Canvas } from '../../../analyzer/ui/canvas.js';

test('rows take the place of what stands for them, each as wide as its region if something is on its right', () => {
  const canvas = new Canvas();
  const bold = canvas.hold('\x1b[1mab\x1b[0m', 2, 8).trimEnd();
  const [right, wide, next] = [canvas.hold('right', 5, 9), canvas.hold('日本', 4, 6).trimEnd(), canvas.hold('x', 1, 1)];
  expect([bold, wide].map((standIn) => standIn.length)).toEqual([2, 2]);
  expect(canvas.resolve(`${bold}${right}\n${wide}${next}\n`)).toBe('\x1b[1mab\x1b[0m      right\n日本  x\n');
});

test('an empty row keeps its place, and a row that fills its place leaves no blanks', () => {
  const canvas = new Canvas();
  const [empty, beside] = [canvas.hold('', 0, 3).trimEnd(), canvas.hold('beside', 6, 6)];
  expect(canvas.resolve(`${empty}${beside}`)).toBe('   beside');
  expect(canvas.resolve(canvas.hold('whole row', 9, 9))).toBe('whole row');
});

test('a row covers all that it is laid over', () => {
  const canvas = new Canvas();
  expect(canvas.hold('over', 4, 80)).toHaveLength(canvas.columns);
});

test('rows that were never drawn do not pile up', () => {
  const canvas = new Canvas();
  for (let row = 0; row < 20_000; row++) canvas.hold(`${row}`, 5, 5);
  expect(canvas.resolve(canvas.hold('last', 4, 4))).toBe('last');
});
