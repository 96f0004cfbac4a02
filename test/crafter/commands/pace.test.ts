import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { rate } from '../../../crafter/commands/option-values.js';
import { Pace } from '../../../crafter/commands/pace.js';

/** How long it takes until so many bytes have gone out, in messages of 1000, on a clock of numbers. */
function timeFor(bytes: number, pace: Pace): number {
  let now = 0;
  for (let sent = 0; sent < bytes; sent += 1000) {
    now = Math.max(now, pace.next(now));
    pace.spend(1000, now);
  }
  return now;
}

test.each([
  ['10M, as usual', new Pace(), 100],
  ['1M', new Pace(rate('1M')), 1000],
  ['500k', new Pace(rate('500k')), 2000],
  ['none', new Pace(rate('none')), 0],
])('a megabyte at %s takes its time, less a burst', (_, pace, ms) => {
  const took = timeFor(1e6, pace);
  expect(took).toBeGreaterThanOrEqual(ms === 0 ? 0 : ms - 10);
  expect(took).toBeLessThanOrEqual(ms);
});

test.each(['', '0', '-1', '5 M', '5m', '1.2.3', 'all'])('"%s" is no rate', (text) => {
  expect(() => rate(text)).toThrow(InvalidArgumentError);
});
