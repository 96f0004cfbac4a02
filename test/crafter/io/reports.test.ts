import { expect, test } from 'vitest';
import { channelPacket, data, message } from '../../../crafter/channel-part.js';
import { withoutSuperseded } from '../../../crafter/io/reports.js';
import { build, type Part } from '../../../crafter/part.js';
import type { Effect } from '../../../crafter/peer/effects.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';

const hmac = dialectNamed('hmac');
const peers = { sender: new Uint8Array(16).fill(0xa1), recipient: new Uint8Array(16).fill(0xb0) };

type Send = Extract<Effect, { type: 'send' }>;

const sending = (messages: readonly Part[], id: number, to: string): Send => ({
  type: 'send',
  to,
  bytes: build(channelPacket(hmac, { ...peers, id }, messages)),
});

const report = (next: number, id = 0x1a2b3c4d, to = '10.0.0.2:4242'): Send =>
  sending(
    [message(hmac, 'DATA_PROGRESS', { next, received: 0 }), message(hmac, 'DATA_WINDOW', { window: 16 })],
    id,
    to,
  );

/** As large as a report. */
const other = (): Send => sending([data(hmac, new Uint8Array(8))], 0x1a2b3c4d, '10.0.0.2:4242');

function play(...effects: readonly Effect[]) {
  const superseded: number[] = [];
  return { left: withoutSuperseded(effects, (id) => superseded.push(id)), superseded };
}

test('of many reports on one channel the last three leave, in their order', () => {
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((next) => report(next)) as [Send, Send, Send, Send, Send];
  expect(play(one, two, three, four, five)).toEqual({
    left: [three, four, five],
    superseded: [0x1a2b3c4d, 0x1a2b3c4d],
  });
  expect(play(three, four, five)).toEqual({ left: [three, four, five], superseded: [] });
});

test('what is no report stays, and stays where it is', () => {
  const [one, two, three, four] = [1, 2, 3, 4].map((next) => report(next)) as [Send, Send, Send, Send];
  const [before, between] = [other(), other()];
  expect(play(before, one, two, between, three, four).left).toEqual([before, two, between, three, four]);
});

test('reports on other channels and to other places are not superseded', () => {
  const others = [
    report(1),
    report(2, 0x1a2b3c4e),
    report(3),
    report(4, 0x1a2b3c4e),
    report(5, 0x1a2b3c4d, '10.0.0.3:1'),
  ];
  expect(play(...others).left).toEqual(others);
});
