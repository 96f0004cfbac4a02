import { expect, test } from 'vitest';
import { ResponderHalf } from '../../../crafter/peer/responder-half.js';
import { randomOf } from './pair.js';

const half = new ResponderHalf(randomOf(5));
const initiator = new Uint8Array(16).fill(1);
const free = () => false;

test('the half depends on everything it is derived from', () => {
  const given = [
    half.choose('10.0.0.1:1', initiator, 1, free),
    half.choose('10.0.0.1:2', initiator, 1, free),
    half.choose('10.0.0.2:1', initiator, 1, free),
    half.choose('10.0.0.1:1', initiator, 2, free),
    half.choose('10.0.0.1:1', new Uint8Array(16), 1, free),
    new ResponderHalf(randomOf(6)).choose('10.0.0.1:1', initiator, 1, free),
    half.choose(
      '10.0.0.1:1',
      initiator,
      1,
      (id) => id === (0x10000 | (half.choose('10.0.0.1:1', initiator, 1, free) ?? 0)),
    ),
  ];
  expect(new Set(given).size).toBe(given.length);
  expect(half.choose('10.0.0.1:1', initiator, 1, free)).toBe(given[0]);
});

test('the reserved half is never given', () => {
  for (let port = 0; port < 5; port++) {
    for (let c1 = 0; c1 < 60_000; c1++) {
      if (half.choose(`10.0.0.1:${port}`, initiator, c1, free) === 0xf0f0) throw new Error(`given to ${c1} at ${port}`);
    }
  }
});

test('an address is given only so many halves, and what it was given is recognised', () => {
  const taken = new Set<number>();
  for (;;) {
    const c2 = half.choose('10.0.0.1:1', initiator, 7, (id) => taken.has(id));
    if (c2 === undefined) break;
    expect(half.gives('10.0.0.1:1', initiator, 7, c2)).toBe(true);
    expect(half.gives('10.0.0.1:2', initiator, 7, c2)).toBe(false);
    taken.add(0x70000 | c2);
  }
  expect(taken.size).toBe(16);
});
