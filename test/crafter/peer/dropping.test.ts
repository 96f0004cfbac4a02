import { expect, test } from 'vitest';
import { channelPacket, message, unknownMessage } from '../../../crafter/channel-part.js';
import { build, raw } from '../../../crafter/part.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import { answered, Lone, OURS, Puppet, THEIRS } from './lone.js';

const puppet = new Puppet();
const { dialect } = puppet;
const good = () => [puppet.newPart(0x1a2b)];
const from = { sender: THEIRS, recipient: OURS };
const padded = { paddedTo: 200 };
const whole = () => build(channelPacket(dialect, from, good(), padded));

test('a good packet is answered', () => {
  expect(new Lone().receive(whole()).map(({ names }) => names)).toEqual(['ACKNOWLEDGE']);
});

test.each([
  ['cut short', () => whole().subarray(0, 199)],
  ['shorter than an envelope', () => whole().subarray(0, 51)],
  ['with a size below 52', () => build(channelPacket(dialect, { ...from, size: 51 }, good(), padded))],
  ['with a size beyond its bytes', () => build(channelPacket(dialect, { ...from, size: 201 }, good(), padded))],
  [
    'with a payload beyond its size',
    () => build(channelPacket(dialect, { ...from, payload_size: 149 }, good(), padded)),
  ],
  ['with a bad checksum', () => build(channelPacket(dialect, { ...from, checksum: 1 }, good(), padded))],
  ['of another dialect', () => build(channelPacket(dialectNamed('seqno'), from, [], padded))],
  ['for someone else', () => build(channelPacket(dialect, { ...from, recipient: THEIRS }, good(), padded))],
  ['from the peer itself', () => build(channelPacket(dialect, { ...from, sender: OURS }, good(), padded))],
  ['that is encrypted', () => build(channelPacket(dialect, { ...from, flags: 1 }, good(), padded))],
  [
    'with a message cut off after a good one',
    () => build(channelPacket(dialect, { ...from, payload_size: 25 }, [...good(), ...good()], padded)),
  ],
  [
    'with DATA longer than the payload',
    () => build(channelPacket(dialect, from, [...good(), message(dialect, 'DATA', { length: 5 })], padded)),
  ],
  [
    'with a varint that does not end',
    () => build(channelPacket(dialect, from, [...good(), raw(new Uint8Array(6).fill(0xff))], padded)),
  ],
  ['with a varint cut off', () => build(channelPacket(dialect, from, [...good(), raw(Uint8Array.of(0x80))], padded))],
  [
    'on a channel with half an id reserved',
    () => build(channelPacket(dialect, { ...from, id: 0xf0f01234 }, good(), padded)),
  ],
  [
    'that acknowledges half a reserved id',
    () => {
      const half = message(dialect, 'CHANNEL_ACKNOWLEDGE', { id: 0x1a2bf0f0 });
      return build(channelPacket(dialect, from, [...good(), half], padded));
    },
  ],
])('a packet %s is dropped, with everything in it', (_, packet) => {
  const lone = new Lone();
  expect(lone.receive(packet())).toEqual([]);
  expect(lone.news).toEqual([]);
  expect(lone.peer.sizes).toMatchObject({ channels: 0, peers: 0, timers: 0 });
});

test.each([
  ['reserved flags', () => build(channelPacket(dialect, { ...from, flags: 0xfffe }, good(), padded))],
  ['bytes beyond the packet', () => Uint8Array.of(...whole(), 1, 2, 3)],
  [
    'an unknown message after a good one',
    () => build(channelPacket(dialect, from, [...good(), unknownMessage(99, Uint8Array.of(0xff))], padded)),
  ],
  [
    'a DATA on the default channel',
    () => build(channelPacket(dialect, from, [puppet.data('misplaced'), ...good()], padded)),
  ],
])('%s do not matter', (_, packet) => {
  expect(new Lone().receive(packet()).map(({ names }) => names)).toEqual(['ACKNOWLEDGE']);
});

test('a reserved c1 is not answered', () => {
  expect(new Lone().receive(puppet.opening(0xf0f0))).toEqual([]);
});

test('handshake messages count on the default channel only', () => {
  const { lone, id, say } = answered('tcp');
  expect(say(0, good(), 10)).toEqual([]);
  expect(lone.receive(puppet.packet(0x12345678, 0, good(), 200))).toEqual([]);
  expect(id).not.toBe(0x12345678);
});

test('a packet on an unknown channel is dropped without a trace', () => {
  const lone = new Lone();
  for (const parts of [[], [puppet.data('x')], [puppet.closing(0)], [puppet.window(1)], [puppet.progress(1)]]) {
    expect(lone.receive(puppet.packet(0x12345678, 0, parts))).toEqual([]);
  }
  expect(lone.peer.sizes).toMatchObject({ channels: 0, peers: 0, timers: 0, closedChannels: 0 });
});

test('a COOKIE counts as the first message only', () => {
  const lone = new Lone();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  const view = acknowledged?.packet;
  const found = view?.messages[0];
  const cookie2 = found?.kind?.body.fields.cookie2?.read(view?.view ?? new DataView(new ArrayBuffer(0)), found.body);
  const id = Number(found?.kind?.body.fields.id?.read(view?.view ?? new DataView(new ArrayBuffer(0)), found.body));
  if (!(cookie2 instanceof Uint8Array)) throw new Error('no cookie');
  const cookie = puppet.cookiePart(cookie2, 'tcp');
  expect(lone.receive(puppet.packet(id, 0, [puppet.data('x'), cookie]))).toEqual([]);
  expect(lone.receive(puppet.packet(id, 0, [cookie, puppet.data('x')]))).toHaveLength(1);
});

test('a control message in a numbered packet is ignored, since resent packets are the same bytes', () => {
  const { lone, channel, ours, say } = answered('tcp');
  lone.send(channel, 'hello');
  say(0, [puppet.data('x'), puppet.progress(ours + 1), puppet.window(100)]);
  expect(channel.traffic.received).toBe(1);
  // The report did not count: the packet is sent again when the timer runs out.
  expect(lone.until(400).map(({ names }) => names)).toContain('DATA');
});

test('every type code of the table is known', () => {
  expect(Object.values(CODES).every((code) => dialect.byCode[code] !== undefined)).toBe(true);
});
