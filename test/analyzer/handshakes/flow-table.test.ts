import { expect, test } from 'vitest';
import { FlowTable } from '../../../analyzer/handshakes/flow-table.js';

/** The addresses of a flow, of 4 or 16 bytes each. */
function ends(source: number, target: number, size: 4 | 16): DataView {
  const view = new DataView(new ArrayBuffer(2 * size));
  view.setUint32(size - 4, source);
  view.setUint32(2 * size - 4, target);
  return view;
}

const numberIn = (
  table: FlowTable,
  source: number,
  target: number,
  ports: readonly [number, number],
  size: 4 | 16 = 4,
): number => table.numberBetween(ends(source, target, size), 0, size, size, ...ports);

test('both ways of a flow have one number, and every other flow has another', () => {
  const table = new FlowTable(7);
  expect(numberIn(table, 1, 2, [10, 20], 4)).toBe(0);
  expect(numberIn(table, 2, 1, [20, 10], 4)).toBe(0);
  expect(numberIn(table, 1, 2, [20, 10], 4)).toBe(1);
  expect(numberIn(table, 2, 1, [10, 20], 4)).toBe(1);
  expect(numberIn(table, 1, 1, [10, 20], 4)).toBe(2);
  expect(numberIn(table, 1, 1, [20, 10], 4)).toBe(2);
  expect(numberIn(table, 1, 2, [10, 20], 16)).toBe(3);
  expect(numberIn(table, 0x8000_0000, 0x7fff_ffff, [1, 1], 4)).toBe(4);
  expect(numberIn(table, 0x7fff_ffff, 0x8000_0000, [1, 1], 4)).toBe(4);
  expect(table.count).toBe(5);
});

test('flows keep their numbers while the table grows', () => {
  const table = new FlowTable(99);
  const flow = (number: number) =>
    [number * 7919, number % 251, [number % 65_536, 53], number % 3 === 0 ? 16 : 4] as const;
  for (let number = 0; number < 20_000; number++) expect(numberIn(table, ...flow(number))).toBe(number);
  for (let number = 0; number < 20_000; number += 17) expect(numberIn(table, ...flow(number))).toBe(number);
});

test('a flood of flows is forgotten at once, and numbered on', () => {
  const table = new FlowTable(3, 100);
  for (let number = 0; number < 1000; number++) expect(numberIn(table, number, 5, [1, 2], 4)).toBe(number);
  // The last ones are remembered, the first are new again.
  expect(numberIn(table, 999, 5, [1, 2], 4)).toBe(999);
  expect(numberIn(table, 0, 5, [1, 2], 4)).toBe(1000);
});
