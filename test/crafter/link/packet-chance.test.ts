import { expect, test } from 'vitest';
import { PacketChance } from '../../../crafter/link/packet-chance.js';

/** Draws for so many packets; of each packet as many times as said. */
const draws = (seed: number, times: readonly number[]): readonly number[] => {
  const chance = new PacketChance(seed);
  return times.map((count) => {
    chance.next();
    const all = Array.from({ length: count }, () => chance.integer(1e6));
    return all[0] ?? -1;
  });
};

test('what a packet meets does not depend on how much chance those before it took', () => {
  expect(draws(1, [1, 1, 1, 1])).toEqual(draws(1, [5, 2, 9, 1]));
  expect(draws(1, [1, 1, 1, 1])).not.toEqual(draws(2, [1, 1, 1, 1]));
});

test('chance is even, from packet to packet and from seed to seed', () => {
  for (const seed of [0, 1, 2, 77]) {
    const chance = new PacketChance(seed);
    let hits = 0;
    for (let count = 0; count < 20_000; count++) {
      chance.next();
      if (chance.chance(0.2)) hits += 1;
    }
    expect(hits / 20_000).toBeCloseTo(0.2, 1);
  }
  let hits = 0;
  for (let seed = 0; seed < 20_000; seed++) {
    const chance = new PacketChance(seed);
    chance.next();
    if (chance.chance(0.2)) hits += 1;
  }
  expect(hits / 20_000).toBeCloseTo(0.2, 1);
});
