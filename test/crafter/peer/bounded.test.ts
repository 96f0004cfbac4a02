import { expect, test } from 'vitest';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { memoryInUse } from './flood-packets.js';
import { answered, Lone, OURS, Puppet, THERE } from './lone.js';

const FLOOD = Number(process.env.HANDSHARK_FLOOD ?? 300_000);

test(`${FLOOD} forged CHANNEL_NEW leave the tables and the heap as they were`, { timeout: 300_000 }, () => {
  const lone = new Lone({ greet: undefined });
  const puppet = new Puppet();
  const forged = puppet.opening(0x1a2b);
  const view = viewOf(forged);
  const flood = (count: number): void => {
    for (let turn = 0; turn < count; turn++) {
      // Another sender and another half each time, from another port.
      view.setUint32(4, turn);
      view.setUint16(49, turn & 0x7fff);
      view.setUint32(forged.length - 4, crc32c(view, 0, forged.length - 4));
      lone.peer.receive(forged, turn % 3 === 0 ? THERE : `198.51.100.7:${turn & 0xffff}`, turn / 1000);
      if (lone.peer.drain().filter(({ type }) => type === 'send').length !== 1) throw new Error('not answered');
    }
  };
  flood(FLOOD / 20);
  const before = memoryInUse();
  flood(FLOOD);
  const grown = memoryInUse() - before;
  expect(lone.peer.sizes).toEqual({ channels: 0, closedChannels: 0, peers: 0, pending: 0, early: 0, timers: 0 });
  expect(grown).toBeLessThan(1_000_000);

  // A valid handshake in the middle of it succeeds.
  const honest = new Puppet('hmac', new Uint8Array(16).fill(0x33));
  const [acknowledged] = lone.receive(honest.opening(0x1a2b), FLOOD / 1000);
  flood(1000);
  if (!acknowledged) throw new Error('not answered');
  expect(lone.receive(honest.finalize(acknowledged, 'tcp'), FLOOD / 1000)).toHaveLength(1);
});

test('forged proofs, acknowledgements and packets on channels leave nothing behind', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const cookie = new Uint8Array(16).fill(9);
  for (let turn = 0; turn < 2000; turn++) {
    lone.receive(puppet.packet(turn * 7919, turn, [puppet.cookiePart(cookie, 'tcp'), puppet.data('x')]));
    lone.receive(puppet.packet(turn * 7919, turn, [puppet.data('x')]));
  }
  expect(lone.peer.sizes).toEqual({ channels: 0, closedChannels: 0, peers: 0, pending: 0, early: 0, timers: 0 });
});

test('a reader that never reads costs no more than the window', () => {
  const { puppet, say, channel } = answered('tcp', { window: 32 });
  for (let offset = 0; offset < 5000; offset++) say(offset, [puppet.data('x'.repeat(1000))]);
  expect(channel.inbox.waiting).toBeLessThanOrEqual(32_000);
});

test('in modes without resend a reader that never reads costs no more than the window', () => {
  for (const mode of ['udp', 'x', 'streaming-1', 'y'] as const) {
    const { puppet, say, channel } = answered(mode, { window: 32 });
    for (let offset = 0; offset < 3000; offset++) say(offset, [puppet.data('x'.repeat(1000))]);
    expect(channel.inbox.waiting).toBeLessThanOrEqual(32_000);
  }
});

test('no bytes make a peer throw', () => {
  const { lone, puppet, id, theirs } = answered('tcp');
  const good = [
    puppet.opening(1),
    puppet.packet(id, theirs, [puppet.data('hello'), puppet.closing(0)]),
    puppet.packet(id, theirs, [puppet.progress(5, 0xffffffff), puppet.window(0xffff)]),
    puppet.packet(id, theirs, [puppet.cookiePart(new Uint8Array(16), 'tcp'), puppet.data('x')]),
  ];
  for (const packet of good) {
    for (let at = 36; at < packet.length - 4; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xff]) {
        const broken = packet.slice();
        broken[at] = value;
        const view = viewOf(broken);
        view.setUint32(broken.length - 4, crc32c(view, 0, broken.length - 4));
        lone.receive(broken, 1);
      }
    }
  }
  expect(lone.peer.sizes.channels).toBeLessThanOrEqual(1);
});

test('large packets make the window smaller, so that bytes are bounded as well as packets', () => {
  for (const mode of ['tcp', 'z', 'udp', 'x', 'streaming-1', 'y'] as const) {
    const { puppet, say, channel } = answered(mode, { receiveBuffer: 200_000 });
    for (let offset = 0; offset < 200; offset++) say(offset, [puppet.data('x'.repeat(20_000))]);
    // The first 16 packets are allowed whatever they hold.
    expect(channel.inbox.waiting).toBeLessThanOrEqual(16 * 20_000);
    expect(channel.inbox.waiting).toBeGreaterThanOrEqual(160_000);
  }
});

test('a CHANNEL_NEW too many costs no cookie', () => {
  const lone = new Lone({ log: true });
  const puppet = new Puppet();
  const news = Array.from({ length: 3000 }, (_, c1) => puppet.newPart(c1));
  expect(lone.receive(puppet.handshake(news))).toEqual([]);
  expect(lone.told.filter((effect) => effect.type === 'log').map((effect) => effect.event)).toEqual(['not answered']);
});

test('a handshake under way survives a secret that is replaced early', () => {
  const lone = new Lone({ closedChannels: 60 });
  const puppet = new Puppet();
  const [early] = lone.receive(puppet.opening(0x7000));
  if (!early) throw new Error('not answered');
  const secrets = () => lone.told.filter(({ type }) => type === 'secret').length;
  for (let c1 = 0; secrets() < 2; c1++) {
    const [acknowledged] = lone.receive(puppet.opening(c1));
    if (!acknowledged) throw new Error('not answered');
    lone.receive(puppet.finalize(acknowledged, 'tcp'));
    const channel = lone.channels.at(-1);
    if (channel) lone.peer.abort(channel, 3, 0);
    lone.take();
  }
  expect(lone.receive(puppet.finalize(early, 'tcp')).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
});

test('nobody opens a channel to itself, or to half an id', () => {
  const lone = new Lone();
  for (const id of [OURS, new Uint8Array(8)]) {
    expect(() => lone.peer.open(id, THERE, { capabilities: 7 }, 0)).toThrow(RangeError);
  }
  expect(lone.peer.sizes.peers).toBe(0);
});
