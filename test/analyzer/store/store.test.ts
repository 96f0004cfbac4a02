import { describe, expect, test } from 'vitest';
import { LOADING_MS, Store, USER_MS } from '../../../analyzer/store/store.js';
import type { Clock } from '../../../crafter/io/clock.js';
import { FakeCapture } from '../ui/fake-capture.js';

/** A clock that moves when told to. */
class HandClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#now + delay, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Time goes by while something is at work. */
  work(duration: number): void {
    this.#now += duration;
  }

  pass(duration: number): void {
    const end = this.#now + duration;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}

function open(capture: FakeCapture) {
  const clock = new HandClock();
  const store = new Store(capture, { size: { columns: 80, rows: 23 } }, clock);
  let frames = 0;
  store.subscribe(() => frames++);
  return { clock, store, frames: () => frames };
}

const down = { type: 'command', command: 'down' } as const;

describe('the store', () => {
  test('has a first frame at once, with rows and details', () => {
    const { store } = open(new FakeCapture({ count: 100 }));
    const { rows, shown } = store.snapshot();
    expect([rows.rows.map(({ number }) => number), shown?.detail.number]).toEqual([[1, 2, 3, 4, 5, 6, 7], 1]);
  });

  test('makes one frame of all keys that come together', () => {
    const { clock, store, frames } = open(new FakeCapture({ count: 100 }));
    for (let key = 0; key < 50; key++) store.dispatch(down);
    clock.pass(0);
    expect([frames(), store.snapshot().list.selected]).toEqual([1, 51]);
  });

  test('draws no more than 50 frames a second while a key is held down', () => {
    const { clock, store, frames } = open(new FakeCapture({ count: 1000 }));
    for (let time = 0; time < 1000; time += 5) {
      store.dispatch(down);
      clock.pass(5);
    }
    expect(frames()).toBeLessThanOrEqual(Math.floor(1000 / USER_MS) + 1);
    expect(frames()).toBeGreaterThan(25);
    clock.pass(USER_MS);
    expect(store.snapshot().list.selected).toBe(201);
  });

  test('draws no more than 15 frames a second while the capture grows, but answers keys at once', () => {
    const capture = new FakeCapture({ count: 0, final: 2_000_000 });
    const { clock, store, frames } = open(capture);
    for (let time = 0; time < 1000; time++) {
      capture.grow(time * 1000);
      clock.pass(1);
    }
    expect(frames()).toBeLessThanOrEqual(Math.ceil(1000 / LOADING_MS));
    expect(frames()).toBeGreaterThan(11);
    clock.pass(2 * LOADING_MS);
    const before = frames();
    store.dispatch(down);
    clock.pass(0);
    expect(frames() - before).toBe(1);
  });

  test('asks for rows on the screen and for details where the selection rests, in ten million packets', () => {
    const capture = new FakeCapture({ count: 10_000_000 });
    const { clock, store } = open(capture);
    capture.asked = { rows: 0, details: 0, steps: 0 };
    for (let frame = 0; frame < 100; frame++) {
      for (let key = 0; key < 100; key++) store.dispatch({ type: 'command', command: 'page-down' });
      clock.pass(USER_MS);
    }
    expect(store.snapshot().list.selected).toBe(60_001);
    expect(capture.asked).toEqual({ rows: 700, details: 100, steps: 0 });
  });

  test('reads the details before a key that acts on them', () => {
    const { store } = open(new FakeCapture({ count: 10 }));
    for (const command of ['down', 'open', 'down', 'right'] as const) store.dispatch({ type: 'command', command });
    expect(store.current().shown?.detail.number).toBe(2);
    expect([...store.current().tree.expanded]).toEqual(['eth']);
  });

  test('sees a problem that turns up, and the end of the file', () => {
    const capture = new FakeCapture({ count: 5, final: 10 });
    const { clock, store } = open(capture);
    capture.problem = 'record 11 is cut off';
    capture.grow(10);
    clock.pass(LOADING_MS);
    expect(store.snapshot().capture).toEqual({
      first: 1,
      live: undefined,
      title: 'fake.pcap',
      count: 10,
      progress: 1,
      done: true,
      problem: 'record 11 is cut off',
    });
    expect(store.snapshot().log.map(({ text }) => text)).toEqual(['record 11 is cut off']);
  });

  test('draws into a file only packets that are kept', () => {
    const capture = new FakeCapture({ count: 60 });
    const { store } = open(capture);
    const orders: string[] = [];
    const steps = capture.steps.bind(capture);
    capture.steps = (number) => {
      orders.push(`${number}`);
      return steps(number);
    };
    store.dispatch({ type: 'command', command: 'show-ladder' });
    capture.first = 40;
    orders.length = 0;
    store.dispatch({ type: 'command', command: 'save-ladder', argument: 'x.txt' });
    expect(orders.map(Number).filter((number) => number < 40)).toEqual([]);
    expect(orders.length).toBeGreaterThan(0);
  });

  test('is quiet once closed', () => {
    const capture = new FakeCapture({ count: 5, final: 10 });
    const { clock, store, frames } = open(capture);
    store.dispatch(down);
    store.close();
    capture.grow(10);
    clock.pass(1000);
    expect(frames()).toBe(0);
  });

  test('reads the packets of a story in several frames where that is slow, and all of them in the end', () => {
    const capture = new FakeCapture({ count: 5000 });
    const { clock, store } = open(capture);
    const steps = capture.steps.bind(capture);
    capture.steps = (number) => {
      clock.work(3);
      return steps(number);
    };
    store.dispatch({ type: 'command', command: 'show-channels' });
    clock.pass(0);
    clock.pass(LOADING_MS);
    const { story } = store.snapshot().channels;
    expect([story.channel, story.steps.size]).toEqual([1, 2]);
    for (let frame = 0; frame < 20; frame++) clock.pass(LOADING_MS);
    const told = store.snapshot().channels.story;
    expect([told.steps.size, [...told.steps.values()].every((own) => own.length > 0)]).toEqual([36, true]);
    expect([...told.steps.keys()].toSorted((one, other) => one - other)).toEqual([...told.steps.keys()]);
    expect(capture.asked.steps).toBe(36);
  });
});
