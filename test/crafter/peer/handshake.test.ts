import { expect, test } from 'vitest';
import { cookiesOf, message } from '../../../crafter/channel-part.js';
import { LossySender } from '../../../crafter/peer/lossy-sender.js';
import { answered, bytesOfField, ELSEWHERE, fieldOf, Lone, OURS, opened, Puppet, THEIRS, THERE } from './lone.js';
import { ALICE_AT, BOB, BOB_AT, pair, sentBy } from './pair.js';

test('a channel is opened with three packets and confirmed with a fourth', () => {
  const { network, alice, bob, seen } = pair({ conditions: { delay: 10 } });
  const channel = alice.open(BOB, BOB_AT, 'tcp');
  network.run(100);
  expect(sentBy(seen, ALICE_AT)).toEqual(['0 NEW', '20 FINALIZE']);
  expect(sentBy(seen, BOB_AT)).toEqual(['10 ACKNOWLEDGE', '30 DATA_WINDOW']);
  expect(alice.told.map(({ at, type }) => `${at} ${type}`)).toEqual(['20 established', '40 confirmed']);
  expect(bob.told.map(({ at, type }) => `${at} ${type}`)).toEqual(['30 established']);
  expect(bob.established[0]).toMatchObject({ id: channel.id, capabilities: 7, role: 'responder', address: ALICE_AT });
});

test('CHANNEL_NEW goes out at 0, 0.2, 0.6, 1.4, 3.0 and 6.2 s, and fails at 12.6 s', () => {
  const lone = new Lone();
  lone.open('tcp');
  const first = lone.take();
  const later = lone.until(60_000);
  expect(first.map(({ names, to }) => `${names} to ${to}`)).toEqual([`NEW to ${THERE}`]);
  expect(later.map(({ at, names }) => `${at} ${names}`)).toEqual([
    '200 NEW',
    '600 NEW',
    '1400 NEW',
    '3000 NEW',
    '6200 NEW',
  ]);
  expect(lone.told.find(({ type }) => type === 'failed')).toMatchObject({ why: 'timed out' });
  expect(lone.peer.sizes).toEqual({ channels: 0, closedChannels: 0, peers: 0, pending: 0, early: 0, timers: 0 });
});

test('CHANNEL_NEW is padded to the size of its answer', () => {
  const lone = new Lone();
  lone.open('tcp');
  const [opening] = lone.take();
  expect(opening?.packet).toMatchObject({ id: 0xf0f0f0f0, sequence: 0, size: 52 + 37, findings: [] });
});

test('CHANNEL_FINALIZE is repeated like CHANNEL_NEW until a packet of the responder comes', () => {
  const { lone } = opened('tcp', {}, false);
  const sent = lone.until(60_000);
  expect(sent.map(({ at, names }) => `${at} ${names}`)).toEqual([
    '200 FINALIZE',
    '600 FINALIZE',
    '1400 FINALIZE',
    '3000 FINALIZE',
    '6200 FINALIZE',
  ]);
  expect(lone.news).toEqual(['established', 'failed: timed out']);
  expect(lone.peer.sizes).toMatchObject({ channels: 0, timers: 0 });
});

test('nothing numbered is sent beside CHANNEL_FINALIZE before the confirmation', () => {
  const { lone, channel, tell, puppet } = opened('tcp', {}, false);
  expect(lone.send(channel, 'too early')).toEqual([]);
  expect(tell([puppet.window(16)], 50).map(({ names }) => names)).toEqual(['DATA']);
});

test('any packet of the responder confirms, except one that begins with COOKIE', () => {
  const { lone, puppet, id, say } = opened('tcp', {}, false);
  const opening = { initiator: OURS, responder: THEIRS, c1: id >>> 16 };
  expect(opening.c1).toBeGreaterThan(0);
  expect(lone.news).toEqual(['established']);
  say(0, [puppet.data('hello')], 30);
  expect(lone.news).toEqual(['established', 'confirmed', 'readable']);
});

test('a repeated CHANNEL_NEW gets the same answer, and leaves nothing behind', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [first] = lone.receive(puppet.opening(0x1a2b));
  const [again] = lone.receive(puppet.opening(0x1a2b), 5000);
  expect(first?.bytes).toEqual(again?.bytes);
  expect(first?.names).toBe('ACKNOWLEDGE');
  expect(lone.peer.sizes).toEqual({ channels: 0, closedChannels: 0, peers: 0, pending: 0, early: 0, timers: 0 });
  expect(lone.peer.nextTimeout()).toBeUndefined();
});

test('another address is given another half', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [here] = lone.receive(puppet.opening(0x1a2b));
  const [there] = lone.receive(puppet.opening(0x1a2b), 0, ELSEWHERE);
  if (!here || !there) throw new Error('not answered');
  expect(fieldOf(here, 'CHANNEL_ACKNOWLEDGE', 'id')).not.toBe(fieldOf(there, 'CHANNEL_ACKNOWLEDGE', 'id'));
  expect(there.to).toBe(ELSEWHERE);
});

test('an acknowledgement with a wrong cookie changes nothing; the right one after it counts', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  lone.open('tcp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  const { id, packet } = puppet.acknowledge(opening);
  const wrong = { id, cookie1: new Uint8Array(16), cookie2: puppet.cookie2(id) };
  expect(lone.receive(puppet.handshake([message(puppet.dialect, 'CHANNEL_ACKNOWLEDGE', wrong)]))).toEqual([]);
  expect(lone.news).toEqual([]);
  expect(lone.receive(packet).map(({ names }) => names)).toEqual(['FINALIZE']);
});

test('an acknowledgement from an address that was not asked changes nothing', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  lone.open('tcp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  const { packet } = puppet.acknowledge(opening);
  expect(lone.receive(packet, 0, ELSEWHERE)).toEqual([]);
  expect(lone.receive(packet, 0, THERE)).toHaveLength(1);
});

test('the first right acknowledgement counts, later ones do not', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const channel = lone.open('tcp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  lone.receive(puppet.acknowledge(opening, 0x1111).packet);
  expect(lone.receive(puppet.acknowledge(opening, 0x2222).packet)).toEqual([]);
  expect(channel.id & 0xffff).toBe(0x1111);
});

test('the starts of both directions come from cookie2', () => {
  const { lone, channel, ours, theirs, puppet, say } = answered('tcp');
  const [data] = lone.send(channel, 'hello');
  expect(data?.packet.sequence).toBe(ours);
  say(0, [puppet.data('hi')]);
  expect(channel.receiver.next).toBe((theirs + 1) & 0xffff);
});

test('a number before the start is an old one', () => {
  const { lone, channel, puppet, say } = answered('tcp');
  const answers = say(-1, [puppet.data('old')]);
  expect(answers.map(({ names }) => names)).toEqual(['DATA_PROGRESS DATA_WINDOW']);
  expect(channel.inbox.length).toBe(0);
  expect(lone.news).toEqual(['established']);
});

test('a CHANNEL_FINALIZE with a wrong cookie, or from elsewhere, is dropped', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const proof = puppet.finalize(acknowledged, 'tcp');
  const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
  const forged = message(puppet.dialect, 'CHANNEL_FINALIZE', { id, cookie2: new Uint8Array(16), caps: 7 });
  expect(lone.receive(puppet.handshake([forged]))).toEqual([]);
  expect(lone.receive(proof, 0, ELSEWHERE)).toEqual([]);
  expect(lone.news).toEqual([]);
  expect(lone.receive(proof).map(({ names, to }) => `${names} to ${to}`)).toEqual([`DATA_WINDOW to ${THERE}`]);
  expect(lone.news).toEqual(['established']);
});

test('the binding to the address can be turned off', () => {
  const lone = new Lone({ bindAddress: false });
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const [confirmation] = lone.receive(puppet.finalize(acknowledged, 'tcp'), 0, ELSEWHERE);
  expect(confirmation?.to).toBe(ELSEWHERE);
});

test('packets of a channel are accepted from the address of its proof only', () => {
  const { lone, puppet, id, theirs, channel } = answered('tcp');
  expect(lone.receive(puppet.packet(id, theirs, [puppet.data('spoofed')]), 0, ELSEWHERE)).toEqual([]);
  expect(channel.inbox.length).toBe(0);
  lone.receive(puppet.packet(id, theirs, [puppet.data('real')]));
  expect(channel.inbox.length).toBe(1);
});

test('a repeated CHANNEL_FINALIZE is confirmed again, once a packet, and changes nothing', () => {
  const { lone, proof, channel } = answered('tcp');
  expect(lone.receive(proof, 100).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
  expect(lone.channels).toEqual([channel]);
});

test('the same CHANNEL_FINALIZE twice in a packet is confirmed once', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const part = puppet.finalizePart(acknowledged, 'tcp');
  expect(lone.receive(puppet.handshake([part, part], 200)).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
  expect(lone.channels).toHaveLength(1);
});

test('the capabilities of the first proof count, reserved bits ignored', () => {
  const { lone, puppet, id, cookie2, channel } = answered('streaming-1');
  const other = message(puppet.dialect, 'CHANNEL_FINALIZE', { id, cookie2, caps: 0xffff });
  expect(lone.receive(puppet.handshake([other])).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
  expect(channel.capabilities).toBe(2);
  expect(channel.sender).toBeInstanceOf(LossySender);
});

test('the id and cookie2 of an established channel are not told again', () => {
  const { lone, puppet, id, channel } = answered('tcp');
  const [other] = lone.receive(puppet.opening(channel.c1), 10);
  if (!other) throw new Error('not answered');
  expect(other.names).toBe('ACKNOWLEDGE');
  expect(other.packet.size).toBe(89);
  expect(fieldOf(other, 'CHANNEL_ACKNOWLEDGE', 'id')).not.toBe(id);
});

test('the other half that is given while the first is in use proves a second channel', () => {
  const { lone, puppet, channel } = answered('tcp');
  const [other] = lone.receive(puppet.opening(channel.c1), 10);
  if (!other) throw new Error('not answered');
  lone.receive(puppet.finalize(other, 'udp'));
  expect(lone.channels.map(({ capabilities }) => capabilities)).toEqual([7, 0]);
});

test('a handshake survives one change of the secret, not two', () => {
  for (const [seconds, answers] of [
    [1, 1],
    [121, 1],
    [241, 0],
  ] as const) {
    const lone = new Lone();
    const puppet = new Puppet();
    const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
    if (!acknowledged) throw new Error('not answered');
    // Time passes with packets in it: the secret is replaced when the peer is next called.
    lone.peer.tick(120_500);
    expect(lone.receive(puppet.finalize(acknowledged, 'tcp'), seconds * 1000), `after ${seconds} s`).toHaveLength(
      answers,
    );
  }
});

test('after two periods without a call both secrets are new', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  expect(lone.receive(puppet.finalize(acknowledged, 'tcp'), 240_000)).toEqual([]);
});

test('an initiator accepts its own cookie across a change of the secret', () => {
  const lone = new Lone({ secretPeriod: 1000 });
  const puppet = new Puppet();
  lone.now = 900;
  lone.open('tcp');
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  expect(lone.receive(puppet.acknowledge(opening).packet, 1050).map(({ names }) => names)).toEqual(['FINALIZE']);
});

test('the first secret can be given; it makes the cookies', () => {
  const secret = new Uint8Array(32).fill(0x99);
  const lone = new Lone({}, secret);
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
  const { cookie2 } = cookiesOf(puppet.dialect, { initiator: THEIRS, responder: OURS, responderSecret: secret }, id);
  expect(bytesOfField(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2')).toEqual(cookie2);
  expect(lone.told).toContainEqual({ type: 'secret', secret, from: 0 });
});

test('an attempt can be called off', () => {
  const lone = new Lone();
  const channel = lone.open('tcp');
  lone.peer.abort(channel, 3, 0);
  expect(lone.news).toEqual([]);
  lone.take();
  expect(lone.news).toEqual(['failed: called off']);
  expect(lone.peer.sizes).toMatchObject({ channels: 0, peers: 0, timers: 0 });
});

test('many handshakes share packets', () => {
  const { network, alice, bob, seen } = pair({ conditions: { delay: 10 } });
  for (let channel = 0; channel < 40; channel++) {
    alice.peer.open(BOB, BOB_AT, { capabilities: 7 }, 0);
  }
  alice.host.flush();
  network.run(100);
  const counts = seen.filter(({ fate }) => fate === 'sent').map(({ packet }) => packet.messages.length);
  // 31 acknowledgements fill a packet of 1200 bytes; so do 21 proofs, with the room for their confirmations.
  expect(counts.slice(0, 7)).toEqual([31, 9, 31, 9, 21, 10, 9]);
  expect(counts.slice(7)).toEqual(new Array(40).fill(1));
  expect(bob.established).toHaveLength(40);
  expect(alice.told.filter(({ type }) => type === 'confirmed')).toHaveLength(40);
});

test('there is room for so many channels, and no more', () => {
  const lone = new Lone({ channels: 2 });
  expect([1, 2, 3].map(() => lone.peer.open(THEIRS, THERE, { capabilities: 7 }, 0) !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
});

test('without the binding, too, a channel stays with the address of its proof', () => {
  const { lone, proof } = answered('tcp', { bindAddress: false });
  expect(lone.receive(proof, 10, ELSEWHERE)).toEqual([]);
  expect(lone.receive(proof, 10, THERE)).toHaveLength(1);
});
