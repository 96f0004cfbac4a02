import { expect, test } from 'vitest';
import type { Conditions } from '../../../crafter/link/conditions.js';
import { Network, type Sighting } from '../../../crafter/link/network.js';

/** Sends numbered packets at a pace, and tells what arrived, when. */
function play(conditions: Partial<Conditions>, count = 1000, pace = 1, seed = 1, size = 100) {
  const sightings: Sighting[] = [];
  const network = new Network({ seed, conditions, observer: (sighting) => sightings.push(sighting) });
  const arrivals: { readonly number: number; readonly at: number; readonly bytes: Uint8Array }[] = [];
  network.attach('b', (bytes, from, at) => {
    expect(from).toBe('a');
    arrivals.push({ number: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), at, bytes });
  });
  for (let number = 0; number < count; number++) {
    const bytes = new Uint8Array(size);
    bytes[0] = number >>> 8;
    bytes[1] = number;
    network.at(number * pace, () => network.send('a', 'b', bytes));
  }
  expect(network.run()).toBe(true);
  const fates = (fate: Sighting['fate']) => sightings.filter((one) => one.fate === fate).length;
  return { network, arrivals, numbers: arrivals.map(({ number }) => number), fates };
}

const range = (count: number) => Array.from({ length: count }, (_, number) => number);

test('a perfect network delivers everything at once, in order', () => {
  const { arrivals, numbers, fates } = play({});
  expect(numbers).toEqual(range(1000));
  expect(arrivals.every(({ number, at }) => at === number)).toBe(true);
  expect([fates('sent'), fates('arrived')]).toEqual([1000, 1000]);
});

test('delay is the same for all, jitter is not', () => {
  const { arrivals, numbers } = play({ delay: 30 });
  expect(numbers).toEqual(range(1000));
  expect(arrivals.every(({ number, at }) => at === number + 30)).toBe(true);
  const jittery = play({ delay: 30, jitter: 10 });
  expect(jittery.arrivals.every(({ number, at }) => at >= number + 30 && at < number + 40)).toBe(true);
  expect(jittery.numbers).not.toEqual(range(1000));
  expect([...jittery.numbers].sort((one, other) => one - other)).toEqual(range(1000));
});

test.each([0.05, 0.5])('loss of %f loses about so many', (loss) => {
  const { numbers, fates } = play({ loss }, 10_000, 1);
  expect(fates('lost') / 10_000).toBeCloseTo(loss, 1);
  expect(numbers.length + fates('lost')).toBe(10_000);
});

test('duplicates arrive twice', () => {
  const { numbers } = play({ duplicate: 0.1 });
  expect(numbers.length).toBeGreaterThan(1050);
  expect(numbers.length).toBeLessThan(1150);
  expect([...new Set(numbers)]).toEqual(range(1000));
});

test('reordered packets are overtaken', () => {
  const { numbers, arrivals } = play({ reorder: 0.1, reorderDelay: 5 });
  const late = arrivals.filter(({ number, at }) => at === number + 5);
  expect(late.length).toBeGreaterThan(50);
  expect(numbers).not.toEqual(range(1000));
});

test('corruption turns over one bit, in a copy', () => {
  const { arrivals } = play({ corrupt: 1 }, 200);
  for (const { bytes } of arrivals) {
    const number = bytes.subarray(2).reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0);
    expect(number).toBeLessThanOrEqual(1);
  }
  expect(arrivals.length).toBe(200);
});

test('packets larger than the MTU do not arrive', () => {
  expect(play({ mtu: 99 }, 10).fates('too large')).toBe(10);
  expect(play({ mtu: 100 }, 10).numbers).toHaveLength(10);
});

test('a rate spaces packets out, and what waits is bounded', () => {
  // 100 bytes every 0.1 ms, at 100 bytes a millisecond.
  const { arrivals, fates } = play({ rate: 100, queue: 1000 }, 500, 0.1);
  const gaps = arrivals.slice(1).map(({ at }, place) => at - (arrivals[place]?.at ?? 0));
  expect(gaps.every((gap) => gap > 0.99)).toBe(true);
  expect(fates('queue full')).toBeGreaterThan(400);
  expect(Math.max(...arrivals.map(({ number, at }) => at - number * 0.1))).toBeLessThan(12.1);
});

test('a partition cuts both directions for its time', () => {
  const arrived: string[] = [];
  const network = new Network({ seed: 1 });
  for (const place of ['a', 'b']) network.attach(place, (_, from, at) => arrived.push(`${at} ${from}`));
  network.partition('a', 'b', 10, 20);
  for (const at of [9, 10, 19, 20]) {
    network.at(at, () => {
      network.send('a', 'b', new Uint8Array(1));
      network.send('b', 'a', new Uint8Array(1));
    });
  }
  network.run();
  expect(arrived).toEqual(['9 a', '9 b', '20 a', '20 b']);
});

test('conditions can differ by direction and change with time', () => {
  const arrived: number[] = [];
  const network = new Network({ seed: 1, conditions: { delay: 10 } });
  network.attach('b', (_, __, at) => arrived.push(at));
  network.connect('a', 'b', { delay: 50 });
  network.send('a', 'b', new Uint8Array(1));
  network.at(100, () => network.connect('a', 'b', { delay: 1 }));
  network.at(100, () => network.send('a', 'b', new Uint8Array(1)));
  network.send('c', 'b', new Uint8Array(1));
  network.run();
  expect(arrived).toEqual([10, 50, 101]);
});

test('the same seed makes the same things happen, another one others', () => {
  const rough = { loss: 0.2, jitter: 20, duplicate: 0.1, corrupt: 0.1, reorder: 0.1 };
  const one = play(rough, 300, 1, 7).arrivals;
  expect(play(rough, 300, 1, 7).arrivals).toEqual(one);
  expect(play(rough, 300, 1, 8).arrivals).not.toEqual(one);
});

test('a packet to nobody is seen, and nothing more', () => {
  const seen: string[] = [];
  const network = new Network({ seed: 1, observer: ({ fate }) => seen.push(fate) });
  network.send('a', 'nowhere', new Uint8Array(1));
  network.run();
  expect(seen).toEqual(['sent', 'nobody there']);
});

test('a run can be stopped and carried on', () => {
  const happened: number[] = [];
  const network = new Network({ seed: 1 });
  for (const at of [1, 2, 3]) network.at(at, (now) => happened.push(now));
  expect(network.run(2)).toBe(false);
  expect([network.now, happened]).toEqual([2, [1, 2]]);
  expect(network.run()).toBe(true);
  expect(happened).toEqual([1, 2, 3]);
});
