import { expect, test } from 'vitest';
import type { Channel } from '../../../crafter/peer/channel.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import type { Mode } from '../../../dissectors/channel/capabilities.js';
import { type Filling, FloodPackets, memoryInUse } from './flood-packets.js';
import { type Answered, answered, fieldOf, Lone, openedBy, Puppet } from './lone.js';
import { BOB, BOB_AT, bytes, pair } from './pair.js';

const MODES: readonly Mode[] = ['udp', 'x', 'streaming-1', 'y', 'z', 'sctp', 'streaming-2', 'tcp'];
const FILLINGS: readonly Filling[] = ['empty DATA', 'DATA of one byte', 'one DATA'];
const MB = 1e6;
const PER_CHANNEL = 4_194_304;
const MESSAGES = 131_072;

const packetsOn = ({ puppet, id, theirs }: Answered, filling: Filling): FloodPackets =>
  new FloodPackets(puppet.packet(id, theirs, []), filling);

/** What a flood of 6 MB on one channel leaves in memory, beginning with the number `from`. */
function weightOf(target: Answered, filling: Filling, from: number): number {
  const flood = packetsOn(target, filling);
  // What comes first is small, so that many more may come.
  target.say(0, [target.puppet.data('')], 0);
  target.lone.until(50);
  const before = memoryInUse();
  for (let turn = 0; turn < 96; turn++) {
    target.lone.peer.receive(flood.at(target.theirs + from + turn), '192.0.2.1:1000', turn / 10);
    target.lone.peer.drain();
  }
  return memoryInUse() - before;
}

test.each(MODES.flatMap((mode) => FILLINGS.map((filling) => [mode, filling] as const)))(
  'in %s packets full of %s weigh no more than the bound, behind a gap and unread',
  { timeout: 60_000 },
  (mode, filling) => {
    for (const from of [2, 1]) {
      const target = answered(mode, { window: 1024 });
      const weight = weightOf(target, filling, from);
      const { bytes: kept, messages } = target.lone.peer.kept;
      expect(kept).toBeLessThanOrEqual(PER_CHANNEL);
      expect(messages).toBeLessThanOrEqual(MESSAGES);
      // What is not counted are the channel itself and what the measurement leaves.
      expect(weight).toBeLessThanOrEqual(kept + MB);
    }
  },
);

/** Channels of many puppets, of `each` with every one. */
function crowd(puppets: number, each: number, settings: Partial<Settings> = {}): readonly Answered[] {
  const lone = new Lone({ window: 1024, ...settings });
  return Array.from({ length: puppets }, (_, at) => new Puppet('hmac', new Uint8Array(16).fill(0x40 + at))).flatMap(
    (puppet) => Array.from({ length: each }, (_, c1) => openedBy(puppet, lone, 'tcp', c1 + 1)),
  );
}

/** Sends the packets with the offsets from 1 to `count` of every channel: all behind a gap. */
function fillGaps(targets: readonly Answered[], filling: Filling, count: number, now = 0): void {
  for (const target of targets) {
    const flood = packetsOn(target, filling);
    for (let offset = 1; offset <= count; offset++) {
      target.lone.peer.receive(flood.at(target.theirs + offset), '192.0.2.1:1000', now);
      target.lone.peer.drain();
    }
  }
}

test('all channels of a remote, and all of all, weigh no more than their bounds', { timeout: 60_000 }, () => {
  const bounds = { receiveBufferOfRemote: 6 * MB, receiveBufferOfAll: 15 * MB };
  for (const [puppets, bound] of [
    [1, 6 * MB],
    [4, 15 * MB],
  ] as const) {
    const targets = crowd(puppets, 8, bounds);
    const before = memoryInUse();
    fillGaps(targets, 'one DATA', 16);
    const weight = memoryInUse() - before;
    const kept = targets[0]?.lone.peer.kept.bytes ?? 0;
    // A quarter is left for packets whose turn has come.
    expect(kept).toBeLessThanOrEqual(0.75 * bound);
    expect(kept).toBeGreaterThan(0.7 * bound);
    expect(weight).toBeLessThanOrEqual(kept + 2 * MB);
  }
});

test('messages are bounded beside bytes: of a channel, of a remote and of all', () => {
  const settings = { receiveMessages: 3000, receiveMessagesOfRemote: 5000, receiveMessagesOfAll: 8000 };
  const message = (target: Answered) => Array.from({ length: 100 }, () => target.puppet.data('x'));
  for (const [puppets, each, most] of [
    [1, 1, 3000],
    [1, 4, 5000],
    [4, 1, 8000],
  ] as const) {
    const targets = crowd(puppets, each, settings);
    for (const target of targets) for (let offset = 0; offset < 60; offset++) target.say(offset, message(target));
    const messages = targets[0]?.lone.peer.kept.messages ?? 0;
    expect(messages).toBeLessThanOrEqual(most);
    expect(messages).toBeGreaterThanOrEqual(0.7 * most);
  }
});

test('many small packets cost no more than they are counted for', { timeout: 60_000 }, () => {
  const targets = crowd(1, 20);
  const before = memoryInUse();
  for (const target of targets) {
    for (let offset = 0; offset < 1000; offset++) {
      // With a gap at the beginning of every other channel.
      target.lone.peer.receive(small(target, offset), '192.0.2.1:1000', 0);
      target.lone.peer.drain();
    }
  }
  const weight = memoryInUse() - before;
  const kept = targets[0]?.lone.peer.kept.bytes ?? 0;
  expect(kept).toBeGreaterThan(20 * 255 * 500);
  expect(weight).toBeLessThanOrEqual(kept + MB);
});

const small = ({ puppet, id, theirs }: Answered, offset: number): Uint8Array =>
  puppet.packet(id, (theirs + offset + (id & 1)) & 0xffff, [puppet.data('x')]).slice();

test('a packet is kept by itself, not with the datagram or the block that it came in', () => {
  const target = answered('tcp');
  const before = memoryInUse();
  for (let offset = 0; offset < 200; offset++) {
    const datagram = new Uint8Array(65_000);
    datagram.set(small(target, offset));
    target.lone.peer.receive(datagram, '192.0.2.1:1000', 0);
    target.lone.peer.drain();
  }
  expect(memoryInUse() - before).toBeLessThanOrEqual(MB);
});

test('packets that came before their acknowledgement are bounded too, as bytes', () => {
  const lone = new Lone({ receiveBufferOfAll: 2 * MB });
  const puppet = new Puppet();
  const attempts: Channel[] = [];
  const before = memoryInUse();
  for (let turn = 0; turn < 8; turn++) {
    attempts.push(lone.open('tcp'));
    const opening = lone.take().find(({ names }) => names === 'NEW');
    if (!opening) throw new Error('no CHANNEL_NEW');
    const { id } = puppet.acknowledge(opening);
    const cookie = puppet.cookiePart(Buffer.from(String(fieldOf(opening, 'CHANNEL_NEW', 'cookie1')), 'hex'), 'udp');
    const many = Array.from({ length: 8000 }, () => puppet.data(''));
    for (let number = 0; number < 16; number++) lone.receive(puppet.packet(id, number, [cookie, ...many], 60_000));
  }
  expect(memoryInUse() - before).toBeLessThanOrEqual(3 * MB);
  expect(lone.peer.kept.bytes).toBeGreaterThan(MB);
  for (const channel of attempts) lone.peer.abort(channel, 1, 0);
  expect(lone.peer.kept.bytes).toBe(0);
});

test.each(['tcp', 'streaming-2', 'y', 'streaming-1'] as const)(
  'in %s what was held is delivered, and what was read is given back',
  (mode) => {
    const target = answered(mode);
    const { lone, puppet, say, channel } = target;
    say(2, [puppet.data('c'), puppet.data(''), puppet.data('d')]);
    say(1, [puppet.data('b')]);
    say(3, [puppet.data('')]);
    expect(lone.peer.kept.bytes).toBeGreaterThan(0);
    say(0, [puppet.data('a')]);
    expect(lone.peer.kept.messages).toBe(4);
    lone.readAll(channel);
    expect(lone.read).toEqual(['a', 'b', 'c', 'd']);
    expect(lone.peer.kept).toEqual({ bytes: 0, messages: 0 });
    say(6, [puppet.data('lost')]);
    lone.peer.abort(channel, 3, 0);
    expect(lone.peer.kept).toEqual({ bytes: 0, messages: 0 });
  },
);

test('a gap is closed however much waits behind it', () => {
  const [target] = crowd(1, 1);
  if (!target) throw new Error('no channel');
  const { lone, channel, theirs } = target;
  const flood = packetsOn(target, 'one DATA');
  fillGaps([target], 'one DATA', 200);
  const held = lone.peer.kept.bytes;
  expect(held).toBeGreaterThan(0.7 * PER_CHANNEL);
  lone.receive(flood.at(theirs));
  expect(channel.receiver.next).toBeGreaterThan(((theirs + 40) & 0xffff) - 1);
  lone.readAll(channel);
  expect(lone.read.length).toBeGreaterThan(40);
});

test('the window that is told follows from the bounds: large packets, and packets of many messages, get a smaller one', () => {
  const windowAfter = (parts: (target: Answered) => Uint8Array, settings: Partial<Settings>): number => {
    const target = answered('tcp', { window: 1024, progressEvery: 1, ...settings });
    const [report] = target.lone.receive(parts(target));
    if (!report) throw new Error('no report');
    return Number(fieldOf(report, 'DATA_WINDOW', 'window'));
  };
  const large = ({ puppet, id, theirs }: Answered) => puppet.packet(id, theirs, [puppet.data('x'.repeat(50_000))]);
  const many = ({ puppet, id, theirs }: Answered) =>
    puppet.packet(
      id,
      theirs,
      Array.from({ length: 400 }, () => puppet.data('x')),
    );
  const plain = ({ puppet, id, theirs }: Answered) => puppet.packet(id, theirs, [puppet.data('x')]);
  expect(windowAfter(plain, {})).toBe(1023);
  const ofLarge = windowAfter(large, {});
  expect(ofLarge).toBeLessThanOrEqual(PER_CHANNEL / 50_000);
  expect(ofLarge).toBeGreaterThan(40);
  const ofMany = windowAfter(many, {});
  expect(ofMany).toBeLessThanOrEqual(MESSAGES / 400);
  expect(ofMany).toBeGreaterThan(200);
  // What others were promised is not promised again.
  expect(windowAfter(large, { receiveBufferOfRemote: MB })).toBeLessThanOrEqual(16);
});

test('with many channels and a reader that pauses for a minute nothing is lost or given up', () => {
  const { network, alice, bob } = pair({ alice: { idle: 1e6 }, bob: { window: 1024, idle: 1e6 }, isWatched: false });
  let isPaused = true;
  bob.onReadable = (channel) => {
    if (!isPaused) bob.readAll(channel);
  };
  const sent = new Map<Channel, number>();
  const channels = Array.from({ length: 60 }, () => alice.open(BOB, BOB_AT, 'tcp'));
  network.run(1000);
  const piece = bytes('x'.repeat(60_000));
  const push = (channel: Channel): void => {
    for (;;) {
      const done = sent.get(channel) ?? 0;
      if (done >= 20 * piece.length) return;
      const taken = alice.send(channel, piece.subarray(done % piece.length));
      sent.set(channel, done + taken);
      if (taken === 0) return;
    }
  };
  alice.onEffect = (effect) => {
    if (effect.type === 'writable') push(effect.channel);
  };
  for (const channel of channels) push(channel);
  network.run(60_000);
  expect(bob.peer.kept.bytes).toBeLessThanOrEqual(33_554_432);
  expect(bob.peer.kept.bytes).toBeGreaterThan(16 * MB);
  isPaused = false;
  for (const channel of bob.established) bob.readAll(channel);
  bob.host.flush();
  network.run(200_000);
  const received = bob.established.map((channel) => channel.inbox.delivered);
  expect(received).toEqual(channels.map(() => 20 * piece.length));
  expect(channels.map(({ traffic }) => traffic.givenUp)).toEqual(channels.map(() => 0));
  expect(bob.peer.kept).toEqual({ bytes: 0, messages: 0 });
});

test('where there is no room for others, what has waited behind a gap for long is let go', () => {
  const targets = crowd(4, 1, { receiveBufferOfAll: 6 * MB, idle: 1e6 });
  fillGaps(targets, 'one DATA', 40);
  const [first, second] = targets;
  if (!first || !second) throw new Error('no channels');
  const { lone } = first;
  expect(lone.news.filter((news) => news.startsWith('closed'))).toEqual([]);
  const honest = openedBy(new Puppet('hmac', new Uint8Array(16).fill(0x99)), lone, 'tcp', 0x7777);
  // What comes in order always gets through.
  honest.say(0, [honest.puppet.data('hello')], 10_000);
  lone.readAll(honest.channel);
  expect(lone.read).toEqual(['hello']);
  expect(lone.news.filter((news) => news.startsWith('closed'))).toEqual([]);
  const flood = packetsOn(honest, 'one DATA');
  lone.receive(flood.at(honest.theirs + 2), 21_000);
  expect(lone.news.filter((news) => news.startsWith('closed'))).toEqual(['closed 1 by us']);
  expect(first.channel.phase).toBe('closed');
  expect(second.channel.phase).toBe('open');
});

test('one remote has a part of the channels, and others the rest', () => {
  const lone = new Lone({ channels: 10, channelsOfRemote: 4 });
  const [greedy, other] = [new Puppet(), new Puppet('hmac', new Uint8Array(16).fill(0x33))];
  const ask = (puppet: Puppet, c1: number): string => {
    const [acknowledged] = lone.receive(puppet.opening(c1));
    if (!acknowledged) throw new Error('not answered');
    const [answer] = lone.receive(puppet.finalize(acknowledged, 'tcp'));
    return answer?.names ?? 'nothing';
  };
  const asked = Array.from({ length: 6 }, (_, c1) => ask(greedy, c1));
  expect(asked).toEqual([...Array.from({ length: 4 }, () => 'DATA_WINDOW'), 'CLOSE', 'CLOSE']);
  expect(ask(other, 1)).toBe('DATA_WINDOW');
});

test('a channel that is over and not read to its end still counts as one', () => {
  const lone = new Lone({ channels: 2 });
  const [one, other] = [1, 2].map((c1) => openedBy(new Puppet(), lone, 'tcp', c1));
  if (!one || !other) throw new Error('no channels');
  one.say(0, [one.puppet.data('a'), one.puppet.data('b')]);
  lone.peer.abort(one.channel, 1, 0);
  lone.take();
  expect(() => openedBy(new Puppet(), lone, 'tcp', 3)).not.toThrow();
  expect(lone.peer.sizes.channels).toBe(1);
  lone.readAll(one.channel);
  expect(lone.read).toEqual(['a', 'b']);
  openedBy(new Puppet(), lone, 'tcp', 4);
  expect(lone.peer.sizes.channels).toBe(2);
});
