import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Drain } from '../../../../analyzer/capture/drain.js';
import { HEAD, packets } from './blocks.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function draining(isTimed = true) {
  const ends: number[] = [];
  const start = Date.now();
  const drain = new Drain(300, isTimed, () => ends.push(Date.now() - start));
  drain.took(HEAD);
  return { drain, ends };
}

test('a packet after the moment says that all before have come', () => {
  const { drain, ends } = draining();
  drain.took(packets(9));
  drain.begin(7000);
  drain.waits();
  drain.came();
  // Packets have the seconds of their numbers, and five nanoseconds.
  drain.took(packets(5, 6));
  expect(ends).toEqual([]);
  drain.took(packets(6, 7));
  expect(ends).toEqual([0]);
  drain.took(packets(8));
  vi.advanceTimersByTime(10_000);
  expect(ends).toEqual([0]);
});

test('quiet for longer than packets may lie there says so, too', () => {
  const { drain, ends } = draining();
  drain.waits();
  drain.begin(7000);
  vi.advanceTimersByTime(299);
  drain.came();
  drain.took(packets(5));
  // Nobody asks for packets: that is not quiet.
  vi.advanceTimersByTime(1000);
  expect(ends).toEqual([]);
  drain.waits();
  vi.advanceTimersByTime(300);
  expect(ends).toEqual([1599]);
});

test('where times say nothing and packets never stop, three seconds are enough', () => {
  const { drain, ends } = draining(false);
  drain.begin(7000);
  for (let round = 0; round < 50; round++) {
    drain.waits();
    vi.advanceTimersByTime(100);
    drain.came();
    drain.took(packets(9));
  }
  expect(ends).toEqual([3000]);
});

test('what is cancelled does not end, and what has not begun neither', () => {
  const { drain, ends } = draining();
  drain.waits();
  drain.came();
  drain.took(packets(9));
  drain.begin(10_000);
  drain.cancel();
  vi.advanceTimersByTime(10_000);
  expect(ends).toEqual([]);
});
