import { describe, expect, test } from 'vitest';
import { LONGEST_WAIT_MS } from '../../../crafter/io/clock.js';
import { type Pace, Pacer } from '../../../crafter/io/pacing.js';
import { Alarm, after, waitFor } from '../../../crafter/io/timers.js';
import { HandClock } from './hand-clock.js';

const DAY = 86_400_000;
/** Around the longest wait that the runtime's timers know, and far beyond. */
const WAITS = [0, 1, 0.5, LONGEST_WAIT_MS, LONGEST_WAIT_MS + 1, 40 * DAY, 400 * 365 * DAY];

test.each(WAITS)('after %d ms it calls back, once and not before', (wait) => {
  const clock = new HandClock();
  let calls = 0;
  after(wait, () => calls++, clock);
  if (wait > 0) {
    clock.goTo(wait - 0.25);
    expect(calls).toBe(0);
  }
  clock.goTo(wait + 1);
  expect(calls).toBe(1);
  expect(clock.waiting).toBe(0);
});

test('a long wait can be called off in each of its parts', () => {
  for (const at of [0, LONGEST_WAIT_MS + 5, 3 * LONGEST_WAIT_MS]) {
    const clock = new HandClock();
    let calls = 0;
    const cancel = after(100 * DAY, () => calls++, clock);
    clock.goTo(at);
    cancel();
    clock.goTo(200 * DAY);
    expect([calls, clock.waiting]).toEqual([0, 0]);
  }
});

test.each(WAITS)('an alarm rings at %d ms', (at) => {
  const clock = new HandClock();
  const rung: number[] = [];
  const alarm = new Alarm((now) => rung.push(now), clock);
  alarm.noLaterThan(at + DAY);
  alarm.noLaterThan(at);
  alarm.noLaterThan(at + 1);
  clock.goTo(at + 2 * DAY);
  expect(rung).toEqual([Math.ceil(at)]);
});

test('a wait ends when the signal says so, and leaves nothing waiting', async () => {
  const clock = new HandClock();
  const ending = new AbortController();
  const waiting = waitFor(40 * DAY, ending.signal, clock);
  clock.goTo(30 * DAY);
  ending.abort();
  await waiting;
  expect(clock.waiting).toBe(0);
  await waitFor(40 * DAY, ending.signal, clock);
});

describe('packets leave', () => {
  /** The times at which packets leave that were captured at these times, all in milliseconds. */
  async function leaving(pace: Pace, times: readonly (number | undefined)[]): Promise<readonly number[]> {
    const clock = new HandClock();
    const pacer = new Pacer(pace, new AbortController().signal, clock);
    const left: number[] = [];
    for (const time of times) {
      const due = pacer.next(time);
      const wait = pacer.until(due, () => {});
      let isOver = wait === undefined;
      void wait?.then(() => {
        isOver = true;
      });
      // Whole days: what leaves too soon is seen.
      while (!isOver) {
        clock.goTo(clock.now() + DAY / 4);
        await Promise.resolve();
        await Promise.resolve();
      }
      left.push(clock.now() / DAY);
    }
    return left;
  }
  const BY_CAPTURE = { by: 'capture', speed: 1 } as const;

  test.each([
    ['forty days apart', BY_CAPTURE, [0, 40 * DAY, 41 * DAY], [0, 40, 41]],
    ['at a quarter of the captured pace', { by: 'capture', speed: 0.25 }, [0, 20 * DAY], [0, 80]],
    ['a packet in fifty days', { by: 'rate', rate: 1000 / (50 * DAY) }, [0, 0, 0], [0, 50, 100]],
    ['with the one before, if they have no time', BY_CAPTURE, [DAY, 3 * DAY, undefined, 4 * DAY], [0, 2, 2, 3]],
    ['at once, if the first have no time', BY_CAPTURE, [undefined, undefined, 9e11, 9e11 + DAY], [0, 0, 0, 1]],
    ['also when the capture begins with 1970', BY_CAPTURE, [0, DAY], [0, 1]],
    ['with the one before, if their time is earlier', BY_CAPTURE, [2 * DAY, 3 * DAY, 0, 4 * DAY], [0, 1, 1, 2]],
  ] as const)('%s', async (_, pace, times, left) => {
    expect(await leaving(pace, times)).toEqual(left);
  });
});
