import { expect, test } from 'vitest';
import { Laggards, type Taker } from '../../../crafter/commands/laggards.js';

interface Played extends Taker {
  sent: number;
  isWaiting: boolean;
}

const [ONE, OTHER] = [{}, {}];
const taker = (remote: object, isWaiting: boolean): Played => ({ remote, sent: 1000, isWaiting });

test('a channel that others of another remote wait for has 20 s for 20 kB', () => {
  const [quick, slow, slower] = [taker(ONE, true), taker(OTHER, false), taker(OTHER, false)];
  const all = [quick, slow, slower];
  const laggards = new Laggards<Played>();
  expect(laggards.wait(all, 500)).toBe(20_500);
  // As long as the same piece is waited for, the wait goes on.
  expect(laggards.wait(all, 9000)).toBe(20_500);
  slow.sent += 20_000;
  slower.sent += 19_999;
  expect(laggards.late(all, 20_499)).toEqual([]);
  expect(laggards.late(all, 20_500)).toEqual([slower]);
  // Whoever stays is judged anew.
  expect(laggards.wait(all, 20_600)).toBe(40_600);
  expect(laggards.late(all, 40_600)).toEqual([slow, slower]);
});

test('no channel is late when nobody else waits, when only its own remote does, or when it came later', () => {
  const laggards = new Laggards<Played>();
  const alone = [taker(ONE, false)];
  laggards.wait(alone, 0);
  expect(laggards.late(alone, 30_000)).toEqual([]);
  const twins = [taker(ONE, true), taker(ONE, false)];
  laggards.wait(twins, 30_000);
  expect(laggards.late(twins, 60_000)).toEqual([]);
  const quick = taker(OTHER, true);
  laggards.wait([quick], 60_000);
  expect(laggards.late([quick, taker(ONE, false)], 90_000)).toEqual([]);
});

test('the time begins anew when everyone had all of the input', () => {
  const all = [taker(ONE, true), taker(OTHER, false)];
  const laggards = new Laggards<Played>();
  laggards.wait(all, 0);
  laggards.clear();
  expect(laggards.late(all, 20_000)).toEqual([]);
  expect(laggards.wait(all, 20_000)).toBe(40_000);
});
