import { expect, test } from 'vitest';
import { Drops, dropFrom, dropText } from '../../../crafter/simulation/drops.js';
import type { Side } from '../../../crafter/simulation/plan.js';

test.each([
  ['7', { of: 'all', first: 7, last: 7 }],
  ['7-9', { of: 'all', first: 7, last: 9 }],
  ['initiator:3', { of: 'initiator', first: 3, last: 3 }],
  ['responder:2-2', { of: 'responder', first: 2, last: 2 }],
  ['0', undefined],
  ['9-7', undefined],
  ['middle:3', undefined],
  ['', undefined],
  ['1,2', undefined],
])('%s names the packets %j', (text, drop) => {
  expect(dropFrom(text)).toEqual(drop);
  if (drop?.last === drop?.first && !text.includes('-') && drop)
    expect(dropText(dropFrom(text) ?? (drop as never))).toBe(text);
});

test('packets are counted over both peers, and for each', () => {
  const drops = new Drops([dropFrom('2'), dropFrom('responder:2-3')].flatMap((drop) => drop ?? []));
  const senders: readonly Side[] = [
    'initiator',
    'initiator',
    'responder',
    'responder',
    'initiator',
    'responder',
    'responder',
  ];
  expect(senders.map((by) => drops.isDropped(by))).toEqual([false, true, false, true, false, true, false]);
});
