import { expect, test } from 'vitest';
import { FIXTURES, indexed, replayed, secretsBeside, seeded, streamed } from './pipeline.js';

/** Whole numbers from 1, in an order that chance gives. */
function shuffled(count: number, seed: number): readonly number[] {
  const below = seeded(seed);
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  for (let at = count - 1; at > 0; at--) {
    const other = below(at + 1);
    [numbers[at], numbers[other]] = [numbers[other] as number, numbers[at] as number];
  }
  return numbers;
}

test.each(FIXTURES)('a packet of %s is the same from the index as in passing, in any order', async (name) => {
  const path = `fixtures/${name}`;
  const secrets = secretsBeside(name);
  const inPassing = await streamed(path, secrets);
  for (const step of [Number.POSITIVE_INFINITY, 7]) {
    const capture = await indexed(path, secrets, step);
    expect(capture.index.length).toBe(inPassing.length);
    const order = shuffled(inPassing.length, 11);
    expect(replayed(capture, order)).toEqual(order.map((number) => inPassing[number - 1]));
    await capture.close();
  }
});
