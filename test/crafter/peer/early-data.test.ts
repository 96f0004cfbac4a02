import { expect, test } from 'vitest';
import { cookiesOf } from '../../../crafter/channel-part.js';
import { answered, bytesOfField, fieldOf, Lone, OURS, Puppet, THEIRS } from './lone.js';
import { ALICE_AT, BOB, BOB_AT, bytes, pair, sentBy } from './pair.js';

test('data that is ready takes the place of CHANNEL_FINALIZE', () => {
  const { network, alice, bob, seen } = pair({ conditions: { delay: 10 } });
  const channel = alice.open(BOB, BOB_AT, 'tcp', { early: true });
  alice.send(channel, 'hello');
  network.run(25);
  expect(sentBy(seen, ALICE_AT)).toEqual(['0 NEW', '20 COOKIE DATA']);
  network.run(100);
  expect(bob.textOf(bob.established[0])).toBe('hello');
  expect(sentBy(seen, BOB_AT).slice(1, 2)).toEqual(['30 DATA_PROGRESS DATA_WINDOW']);
  expect(channel.phase).toBe('open');
});

test('without data there is a CHANNEL_FINALIZE after all', () => {
  const { network, alice, seen } = pair({ conditions: { delay: 10 } });
  alice.open(BOB, BOB_AT, 'tcp', { early: true });
  network.run(25);
  expect(sentBy(seen, ALICE_AT)).toEqual(['0 NEW', '20 FINALIZE']);
});

test('early packets are repeated by the handshake timer, at most 8 of them, until confirmed', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('udp', { early: true });
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  lone.send(channel, 'a');
  const { id, packet } = puppet.acknowledge(opening);
  const early = lone.receive(packet);
  expect(early.map(({ names }) => names)).toEqual(['COOKIE DATA']);
  for (let message = 0; message < 10; message++) early.concat(lone.send(channel, `${message}`));
  const repeated = lone.until(300);
  expect(repeated.map(({ at, names }) => `${at} ${names}`)).toEqual(new Array(8).fill('200 COOKIE DATA'));
  expect(repeated[0]?.bytes).toEqual(early[0]?.bytes);
  // What waited goes out with the confirmation, without COOKIE and together where it fits.
  const rest = lone.receive(puppet.packet(id, 0, [puppet.window(16)]), 310);
  expect(rest.map(({ names }) => names)).toEqual(['DATA DATA DATA']);
  expect(lone.until(60_000).filter(({ names }) => names.includes('COOKIE'))).toEqual([]);
});

test('early packets that nobody confirms end the attempt', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('tcp', { early: true });
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  lone.send(channel, 'a');
  lone.receive(puppet.acknowledge(opening).packet);
  expect(lone.until(20_000).map(({ at, names }) => `${at} ${names}`)).toEqual(
    [200, 600, 1400, 3000, 6200].map((at) => `${at} COOKIE DATA`),
  );
  expect(lone.news).toEqual(['established', 'failed: timed out']);
});

test('a packet with a COOKIE establishes a channel, whichever of them comes first', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
  const cookie2 = bytesOfField(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2');
  const start = new DataView(cookie2.buffer).getUint16(2);
  const cookie = puppet.cookiePart(cookie2, 'tcp');
  const second = lone.receive(puppet.packet(id, start + 1, [cookie, puppet.data('world')]));
  expect(second.map((answer) => [answer.names, fieldOf(answer, 'DATA_PROGRESS', 'next')])).toEqual([
    ['DATA_PROGRESS DATA_WINDOW', start],
  ]);
  lone.receive(puppet.packet(id, start, [cookie, puppet.data('hello ')]));
  const [channel] = lone.channels;
  if (!channel) throw new Error('not established');
  lone.readAll(channel);
  expect(lone.read.join('')).toBe('hello world');
});

test('a COOKIE on an established channel is checked again, and confirmed again', () => {
  const { lone, puppet, cookie2, channel, say } = answered('udp');
  expect(say(0, [puppet.cookiePart(new Uint8Array(16), 'udp'), puppet.data('forged')])).toEqual([]);
  expect(channel.inbox.length).toBe(0);
  const right = [puppet.cookiePart(cookie2, 'udp'), puppet.data('right')];
  expect(say(0, right).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
  lone.readAll(channel);
  expect(lone.read).toEqual(['right']);
});

test('the responder sends no early data by default', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  expect(lone.receive(puppet.handshake([puppet.newPart(1)], 1200)).map(({ names }) => names)).toEqual(['ACKNOWLEDGE']);
});

const greet = () => bytes('welcome');

test('early data of the responder goes out with the acknowledgement and its repeats, never on a timer', () => {
  const lone = new Lone({ greet });
  const puppet = new Puppet();
  const opening = puppet.handshake([puppet.newPart(0x1a2b)], 1200);
  const [acknowledged, early] = lone.receive(opening);
  expect([acknowledged?.names, early?.names]).toEqual(['ACKNOWLEDGE', 'COOKIE DATA']);
  if (!early || !acknowledged) throw new Error('no early data');
  const c1 = { initiator: THEIRS, responder: OURS, initiatorSecret: puppet.secret };
  expect(bytesOfField(early, 'CHANNEL_COOKIE', 'cookie')).toEqual(cookiesOf(puppet.dialect, c1, 0x1a2b0000).cookie1);
  expect(fieldOf(early, 'CHANNEL_COOKIE', 'caps')).toBe(0);
  expect(early.packet.sequence).toBe(
    new DataView(bytesOfField(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2').buffer).getUint16(0),
  );
  expect(lone.until(10_000)).toEqual([]);
  expect(lone.receive(opening).map(({ bytes: sent }) => sent)).toEqual([acknowledged.bytes, early.bytes]);
});

test('early data of the responder is kept for 15 s, and for a bounded number of attempts', () => {
  const lone = new Lone({ greet, earlyAttempts: 3 });
  const puppet = new Puppet();
  for (let c1 = 0; c1 < 5; c1++) lone.receive(puppet.handshake([puppet.newPart(c1)], 1200));
  expect(lone.peer.sizes.early).toBe(3);
  lone.until(15_001);
  expect(lone.peer.sizes).toMatchObject({ early: 0, timers: 0 });
});

test('early data of the responder counts when the channel is proven: it is not sent twice', () => {
  const lone = new Lone({ greet });
  const puppet = new Puppet();
  const [acknowledged, early] = lone.receive(puppet.handshake([puppet.newPart(0x1a2b)], 1200));
  if (!acknowledged || !early) throw new Error('no early data');
  const answers = lone.receive(puppet.finalize(acknowledged, 'tcp'), 50);
  expect(answers.map(({ names }) => names)).toEqual(['DATA_WINDOW']);
  // Nobody acknowledged it: the resend timer brings the same bytes.
  expect(lone.until(300).map(({ bytes: sent }) => sent)).toEqual([early.bytes]);
});

test('early data of the responder is there as soon as the channel is', () => {
  const { network, alice, bob, seen } = pair({ conditions: { delay: 10 }, bob: { greet } });
  const channel = alice.open(BOB, BOB_AT, 'tcp', { padTo: 1200 });
  network.run(100);
  expect(sentBy(seen, BOB_AT).slice(0, 2)).toEqual(['10 ACKNOWLEDGE', '10 COOKIE DATA']);
  expect(alice.textOf(channel)).toBe('welcome');
  expect(bob.established).toHaveLength(1);
});

test('at most 16 packets with a right cookie are held; others are not', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('udp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  const { id, packet } = puppet.acknowledge(opening);
  const cookie1 = bytesOfField(opening, 'CHANNEL_NEW', 'cookie1');
  const early = (cookie: Uint8Array, content: string) =>
    lone.receive(puppet.packet(id, 0, [puppet.cookiePart(cookie, 'udp'), puppet.data(content)]));
  early(new Uint8Array(16), 'forged');
  for (let count = 0; count < 20; count++) early(cookie1, `${count} `);
  lone.receive(packet);
  lone.readAll(channel);
  expect(lone.read.join('')).toBe(Array.from({ length: 16 }, (_, count) => `${count} `).join(''));
  // A packet that begins with COOKIE does not confirm.
  expect(channel.phase).toBe('unconfirmed');
});
