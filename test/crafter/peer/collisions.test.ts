import { expect, test } from 'vitest';
import { answered, fieldOf, Lone, Puppet } from './lone.js';
import { ALICE, ALICE_AT, BOB, BOB_AT, pair } from './pair.js';

test('a CHANNEL_NEW with the own c1 starts the attempt again with another, and is not answered', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('tcp');
  lone.take();
  const before = channel.c1;
  const answers = lone.receive(puppet.opening(before), 50);
  expect(answers.map(({ names }) => names)).toEqual(['NEW']);
  expect(channel.c1).not.toBe(before);
  expect(answers.map((answer) => fieldOf(answer, 'CHANNEL_NEW', 'c1'))).toEqual([channel.c1]);
  // All timers begin again.
  expect(lone.until(1000).map(({ at, names }) => `${at} ${names}`)).toEqual(['250 NEW', '650 NEW']);
});

test('an acknowledgement for the half that was given up is dropped', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('tcp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  const { packet } = puppet.acknowledge(opening);
  const [again] = lone.receive(puppet.opening(channel.c1));
  expect(lone.receive(packet)).toEqual([]);
  if (!again) throw new Error('no second CHANNEL_NEW');
  expect(lone.receive(puppet.acknowledge(again).packet).map(({ names }) => names)).toEqual(['FINALIZE']);
});

test('an attempt starts again at most 8 times, and then carries on as it is', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('tcp');
  lone.take();
  const halves = new Set([channel.c1]);
  for (let time = 0; time < 20; time++) {
    lone.receive(puppet.opening(channel.c1), time);
    halves.add(channel.c1);
  }
  expect(halves.size).toBe(9);
  expect(lone.news).toEqual([]);
  expect(lone.until(13_000).at(-1)?.names).toBe('NEW');
});

test('a proof with the c1 of an own attempt is answered, and the attempt starts again', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const channel = lone.open('tcp');
  lone.take();
  // The attempt is given the half that the other peer uses already.
  forceHalf(lone, channel, 0x1a2b);
  const answers = lone.receive(puppet.finalize(acknowledged, 'tcp'));
  expect(answers.map(({ names }) => names).sort()).toEqual(['DATA_WINDOW', 'NEW']);
  expect(channel.c1).not.toBe(0x1a2b);
  expect(lone.channels.map(({ role }) => role)).toEqual(['responder']);
});

/** Makes an attempt use a half, as chance would. */
function forceHalf({ peer }: Lone, channel: ReturnType<Lone['open']>, c1: number): void {
  expect(peer.sizes.channels).toBe(1);
  const { remote } = channel;
  remote.attempts.delete(channel.c1);
  remote.halves.delete(channel.c1);
  channel.c1 = c1;
  channel.id = (c1 << 16) >>> 0;
  remote.attempts.set(c1, channel);
  remote.halves.set(c1, 1);
}

test('an established channel does not collide', () => {
  const { lone, puppet, channel } = answered('tcp');
  expect(lone.receive(puppet.opening(channel.c1), 10).map(({ names }) => names)).toEqual(['ACKNOWLEDGE']);
});

test('two peers that open channels with the same half both get theirs', () => {
  const { network, alice, bob } = pair({ conditions: { delay: 20 } });
  const mine = alice.open(BOB, BOB_AT, 'tcp');
  const yours = bob.open(ALICE, ALICE_AT, 'tcp');
  const { remote } = yours;
  remote.attempts.delete(yours.c1);
  remote.halves.delete(yours.c1);
  yours.c1 = mine.c1;
  remote.attempts.set(yours.c1, yours);
  remote.halves.set(yours.c1, 1);
  network.run(2000);
  expect([mine.phase, yours.phase]).toEqual(['open', 'open']);
  expect(alice.established).toHaveLength(2);
});
