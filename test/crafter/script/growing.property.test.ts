import { expect, test } from 'vitest';
import { Growing } from '../../../crafter/script/growing.js';
import { seeded } from '../../../crafter/seeded.js';

test('lists that share an array are what arrays would be, whatever is done to which of them', () => {
  const chance = seeded(3);
  const number = (most: number): number => (((chance.bytes(2)[0] ?? 0) << 8) | (chance.bytes(1)[0] ?? 0)) % most;
  const lists: { readonly growing: Growing<number>; readonly plain: readonly number[] }[] = [
    { growing: Growing.of(), plain: [] },
  ];
  for (let round = 0; round < 3000; round++) {
    const one = lists[number(lists.length)];
    if (!one) continue;
    const count = number(4);
    const next =
      number(3) > 0
        ? { growing: one.growing.with(round), plain: [...one.plain, round] }
        : { growing: one.growing.after(count), plain: one.plain.slice(count) };
    lists.push(next);
    if (lists.length > 50) lists.splice(number(50), 1);
  }
  for (const { growing, plain } of lists) {
    expect([...growing]).toEqual(plain);
    expect(growing.length).toBe(plain.length);
    expect(growing.at(0)).toBe(plain[0]);
  }
});

test('what was taken from a long list does not stay for ever', () => {
  let list = Growing.of<number>();
  for (let item = 0; item < 100_000; item++) list = list.with(item).after(item % 2);
  expect(list.length).toBe(50_000);
  expect(list.at(0)).toBe(50_000);
});
