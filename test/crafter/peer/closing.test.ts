import { expect, test } from 'vitest';
import { MODES, type Mode } from '../../../dissectors/channel/capabilities.js';
import { type Answer, answered, fieldOf, Lone, opened, Puppet } from './lone.js';
import { ALICE_AT, BOB, BOB_AT, pair, sentBy } from './pair.js';

const RESENDING: readonly Mode[] = ['z', 'sctp', 'streaming-2', 'tcp'];
/** The `next` of the reports among answers, each with its window beside it. */
const progressOf = (answers: readonly Answer[]): readonly (number | string)[] =>
  answers
    .filter(({ names }) => names === 'DATA_PROGRESS DATA_WINDOW')
    .map((answer) => fieldOf(answer, 'DATA_PROGRESS', 'next'));
const LOSSY: readonly Mode[] = ['x', 'streaming-1', 'y'];

test.each(MODES)('in %s both sides close in turn, and the application is told', (mode) => {
  const { network, alice, bob } = pair({ conditions: { delay: 10 } });
  const channel = alice.open(BOB, BOB_AT, mode);
  alice.send(channel, 'hello');
  alice.close(channel);
  bob.onEffect = (effect) => {
    if (effect.type === 'established') bob.send(effect.channel, 'bye');
  };
  network.run();
  expect(bob.textOf(bob.established[0])).toBe('hello');
  expect(alice.textOf(channel)).toBe('bye');
  expect(alice.told.map(({ type }) => type).filter((type) => type !== 'readable')).toEqual([
    'established',
    'confirmed',
    'ended',
    'closed',
  ]);
  expect([alice.endOf(channel), bob.endOf(bob.established[0])]).toEqual([0, 0]);
});

test('a direction that has ended leaves the other open, if the application wants that', () => {
  const { network, alice, bob } = pair({ conditions: { delay: 10 }, bob: { halfOpen: true } });
  const channel = alice.open(BOB, BOB_AT, 'tcp');
  alice.send(channel, 'hello');
  alice.close(channel);
  network.run(5000);
  const [theirs] = bob.established;
  if (!theirs) throw new Error('not established');
  expect(bob.told.at(-1)?.type).toBe('ended');
  expect([channel.phase, theirs.phase]).toEqual(['open', 'open']);
  bob.send(theirs, 'still here');
  network.run(10_000);
  expect(alice.textOf(channel)).toBe('still here');
  bob.close(theirs);
  network.run();
  expect([alice.endOf(channel), bob.endOf(theirs)]).toEqual([0, 0]);
});

test.each(RESENDING)(
  'in %s a CLOSE takes effect when all before it is settled, and is acknowledged at once',
  (mode) => {
    const { lone, puppet, say, theirs } = answered(mode, { halfOpen: true });
    const [gap] = say(1, [puppet.closing(0)]);
    expect(gap && [fieldOf(gap, 'DATA_PROGRESS', 'next'), fieldOf(gap, 'DATA_PROGRESS', 'received')]).toEqual([
      theirs,
      1,
    ]);
    expect(lone.news).toEqual(['established']);
    const [whole] = say(0, [puppet.data('late')], 10);
    expect(whole && fieldOf(whole, 'DATA_PROGRESS', 'next')).toBe((theirs + 2) & 0xffff);
    expect(lone.news).toEqual(['established', 'readable', 'ended']);
  },
);

test.each(LOSSY)('in %s a CLOSE takes effect when all before it is settled', (mode) => {
  const { lone, puppet, say } = answered(mode, { halfOpen: true });
  say(1, [puppet.closing(0)]);
  expect(lone.news).toEqual(['established']);
  say(0, [puppet.data('late')], 100);
  expect(lone.news).toEqual(['established', 'readable', 'ended']);
});

test('in udp a CLOSE takes effect a gap timeout after it comes', () => {
  const { lone, puppet, say, tell, channel, theirs, ours } = answered('udp');
  // It is answered on arrival all the same.
  expect(progressOf(say(1, [puppet.closing(0)], 100))).toEqual([(theirs + 2) & 0xffff]);
  say(0, [puppet.data('overtaken')], 299);
  expect(lone.news).toEqual(['established', 'readable']);
  expect(lone.until(301).map(({ at, names }) => `${at} ${names}`)).toEqual(['300 CLOSE']);
  expect(lone.news).toEqual(['established', 'readable', 'ended']);
  expect(progressOf(say(1, [puppet.closing(0)], 400))).toEqual([(theirs + 2) & 0xffff]);
  tell([puppet.progress(ours + 1), puppet.window(16)]);
  expect(lone.news.at(-1)).toBe('closed 0 by us');
  expect(channel.inbox.length).toBe(1);
});

test.each([...LOSSY, 'udp'] as const)('in %s a CLOSE is repeated after 200 ms, doubling, 5 times', (mode) => {
  const { lone, channel } = answered(mode);
  const [first] = lone.close(channel);
  const repeats = lone.until(12_599);
  expect(repeats.map(({ at, names }) => `${at} ${names}`)).toEqual(
    [200, 600, 1400, 3000, 6200].map((at) => `${at} CLOSE`),
  );
  expect(repeats.every(({ bytes }) => Buffer.compare(bytes, first?.bytes ?? bytes) === 0)).toBe(true);
  // Nobody answered: that is a loss, of which the other peer is told once.
  const told = lone.until(60_000);
  expect(told.map((answer) => [answer.at, fieldOf(answer, 'CHANNEL_CLOSE', 'reason')])).toEqual([[12_600, 1]]);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
});

test.each([...LOSSY, 'udp'] as const)(
  'in %s an own CLOSE that nobody answers ends with 0 where the other direction has ended',
  (mode) => {
    const { lone, puppet, say } = answered(mode);
    say(0, [puppet.closing(0)]);
    // In `udp` the other CLOSE takes effect a gap timeout later, and the own one follows it.
    const closedAt = mode === 'udp' ? 200 : 0;
    lone.until(closedAt + 12_599);
    expect(lone.news.at(-1)).toBe('ended');
    lone.until(closedAt + 12_600);
    expect(lone.news.at(-1)).toBe('closed 0 by us');
    expect(lone.until(60_000)).toEqual([]);
  },
);

test.each([...LOSSY, 'udp'] as const)(
  'in %s a DATA_PROGRESS past the CLOSE ends its repeats, and nothing else',
  (mode) => {
    const { lone, channel, puppet, say, tell, ours } = answered(mode);
    lone.close(channel);
    say(0, [puppet.closing(0)], 100);
    tell([puppet.progress(ours), puppet.window(16)], 120);
    tell([puppet.progress(ours + 2), puppet.window(16)], 130);
    expect(lone.until(250).filter(({ names }) => names === 'CLOSE')).toHaveLength(1);
    lone.until(400);
    expect(lone.news.at(-1)).toBe('ended');
    tell([puppet.progress(ours + 1), puppet.window(16)], 450);
    expect(lone.news.at(-1)).toBe('closed 0 by us');
    expect(lone.until(60_000)).toEqual([]);
  },
);

test.each(MODES)(
  'in %s a CLOSE is answered when it takes effect, and again when it is repeated, every 20 ms',
  (mode) => {
    const { lone, puppet, say, theirs } = answered(mode, { halfOpen: true });
    const past = [(theirs + 1) & 0xffff];
    expect(progressOf(say(0, [puppet.closing(0)], 100))).toEqual(past);
    expect(progressOf(say(0, [puppet.closing(0)], 119))).toEqual([]);
    expect(progressOf(say(0, [puppet.closing(0)], 120))).toEqual(past);
    lone.until(190);
    expect(progressOf(say(0, [puppet.closing(0)], 200))).toEqual(past);
    lone.until(1000);
    expect(progressOf(say(0, [puppet.closing(0)], 1000))).toEqual(past);
  },
);

test.each(['x', 'y', 'streaming-1'] as const)(
  'in %s a CLOSE behind a gap is not answered before it takes effect',
  (mode) => {
    const { lone, puppet, say, theirs } = answered(mode, { halfOpen: true });
    expect(say(1, [puppet.closing(0)], 100)).toEqual([]);
    expect(say(1, [puppet.closing(0)], 150)).toEqual([]);
    expect(progressOf(say(0, [puppet.data('late')], 200))).toEqual([(theirs + 2) & 0xffff]);
    expect(lone.news.at(-1)).toBe('ended');
  },
);

test.each(MODES)('in %s any other reason takes effect on arrival, and discards what is held', (mode) => {
  const { lone, puppet, say, channel, theirs } = answered(mode);
  say(1, [puppet.data('behind a gap')]);
  expect(progressOf(say(3, [puppet.closing(3)]))).toEqual([(theirs + 4) & 0xffff]);
  expect(lone.news.at(-1)).toBe('closed 3 by them');
  const isDelivered = mode === 'udp' || mode === 'x' || mode === 'z' || mode === 'sctp';
  expect(channel.inbox.length).toBe(isDelivered ? 1 : 0);
  expect(lone.peer.sizes).toMatchObject({ channels: 0, timers: 0, closedChannels: 1 });
});

test.each([...LOSSY, ...RESENDING])('in %s a CLOSE with an old number does nothing', (mode) => {
  const { lone, puppet, say } = answered(mode);
  say(0, [puppet.data('a')]);
  say(0, [puppet.closing(3)]);
  say(-5, [puppet.closing(3)]);
  expect(lone.news).toEqual(['established', 'readable']);
});

test.each(MODES)('in %s nothing numbered follows the own CLOSE but one of another reason', (mode) => {
  const { lone, channel, ours } = answered(mode);
  lone.close(channel);
  expect(lone.send(channel, 'too late')).toEqual([]);
  lone.peer.abort(channel, 3, 10);
  const [second, ...more] = lone.take();
  expect(more).toEqual([]);
  expect(second && [second.packet.sequence, fieldOf(second, 'CHANNEL_CLOSE', 'reason')]).toEqual([
    (ours + 1) & 0xffff,
    3,
  ]);
  expect(lone.news.at(-1)).toBe('closed 3 by us');
});

test.each(MODES)('in %s a CLOSE of another reason is repeated until it is answered, for 12.6 s at most', (mode) => {
  for (const answeredAt of [Number.POSITIVE_INFINITY, 1000]) {
    const { lone, puppet, tell, ours, channel } = answered(mode);
    lone.peer.abort(channel, 3, 0);
    const [first] = lone.take();
    const before = lone.until(Math.min(answeredAt, 12_599));
    expect(lone.peer.isTelling).toBe(true);
    tell([puppet.progress(ours), puppet.window(16)]);
    expect(lone.peer.isTelling).toBe(true);
    if (answeredAt === 1000) tell([puppet.progress(ours + 1), puppet.window(16)]);
    else expect(lone.until(12_600)).toEqual([]);
    expect(lone.peer.isTelling).toBe(false);
    expect(lone.until(60_000)).toEqual([]);
    const times = [200, 600, 1400, 3000, 6200].filter((at) => at <= answeredAt);
    expect(before.map(({ at }) => at)).toEqual(times);
    for (const { bytes } of before) expect(bytes).toEqual(first?.bytes);
  }
});

test('a channel is closed when both directions have ended and the own CLOSE is acknowledged', () => {
  const { lone, channel, puppet, say, tell, ours } = answered('tcp');
  lone.close(channel);
  say(0, [puppet.closing(0)]);
  expect(lone.news).toEqual(['established', 'ended']);
  tell([puppet.progress(ours + 1), puppet.window(16)]);
  expect(lone.news).toEqual(['established', 'ended', 'closed 0 by us']);
});

test('giving up on the own CLOSE with everything else done ends with reason 0', () => {
  const { lone, puppet, say } = answered('tcp');
  say(0, [puppet.closing(0)]);
  const sent = lone.until(30_000);
  // Sent once at 0, and again 7 times at most.
  expect(sent.length).toBeLessThanOrEqual(7);
  expect(new Set(sent.map(({ names }) => names))).toEqual(new Set(['CLOSE']));
  expect(lone.news.at(-1)).toBe('closed 0 by us');
});

test('giving up on the own CLOSE while the other direction is open is a loss', () => {
  const { lone, channel } = answered('tcp');
  lone.close(channel);
  lone.until(30_000);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
});

test.each(RESENDING)('in %s nothing takes the place of a CLOSE: given up, it ends the channel', (mode) => {
  const { lone, channel } = answered(mode);
  lone.close(channel);
  const sent = lone.until(100_000);
  expect(sent.every(({ names }) => names === 'CLOSE')).toBe(true);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
  expect(sent.at(-1)?.at).toBeLessThanOrEqual(12_600);
});

test('a closed channel answers a numbered packet with a DATA_PROGRESS past the other CLOSE', () => {
  const { lone, puppet, say, tell, ours, theirs } = answered('tcp');
  say(0, [puppet.closing(0)]);
  tell([puppet.progress(ours + 1), puppet.window(16)]);
  expect(lone.news.at(-1)).toBe('closed 0 by us');
  for (const [at, count] of [
    // It was answered less than 20 ms ago.
    [10, 0],
    [20, 1],
    [14_999, 1],
    [15_000, 0],
  ] as const) {
    const answers = say(0, [puppet.closing(0)], at);
    expect(answers.map((answer) => [answer.names, fieldOf(answer, 'DATA_PROGRESS', 'next')])).toEqual(
      new Array(count).fill(['DATA_PROGRESS DATA_WINDOW', (theirs + 1) & 0xffff]),
    );
  }
  expect(tell([puppet.window(16)], 30)).toEqual([]);
});

test.each([...LOSSY, 'udp'] as const)('in %s a closed channel answers a CLOSE, and nothing else, for 15 s', (mode) => {
  const { lone, puppet, say, tell, ours, theirs } = answered(mode);
  say(0, [puppet.closing(0)]);
  lone.until(300);
  tell([puppet.progress(ours + 1), puppet.window(16)]);
  expect(lone.news.at(-1)).toBe('closed 0 by us');
  for (const at of [400, 500, 5000, 15_299]) {
    expect(progressOf(say(0, [puppet.closing(0)], at))).toEqual([(theirs + 1) & 0xffff]);
  }
  expect(say(0, [puppet.data('x')], 15_299)).toEqual([]);
  expect(say(0, [puppet.closing(0)], 15_300)).toEqual([]);
});

test.each(MODES)(
  'in %s a channel that was closed for a reason tells it again, and answers a CLOSE of another one',
  (mode) => {
    const { lone, puppet, say, theirs, channel } = answered(mode);
    lone.peer.abort(channel, 3, 0);
    const [closing] = lone.take();
    expect(say(1, [puppet.closing(0)], 1000).map(({ bytes }) => bytes)).toEqual([closing?.bytes]);
    // So often and no more: a CLOSE is answered every 20 ms at most.
    expect(say(1, [puppet.closing(0)], 1010)).toEqual([]);
    expect(say(0, [puppet.data('x')], 1100).map(({ bytes }) => bytes)).toEqual([closing?.bytes]);
    expect(progressOf(say(2, [puppet.closing(1)], 1200))).toEqual([(theirs + 3) & 0xffff]);
  },
);

test.each(MODES)('in %s a channel that the other peer closed for a reason answers the repeats', (mode) => {
  const { puppet, say, theirs, lone } = answered(mode);
  const past = [(theirs + 3) & 0xffff];
  expect(progressOf(say(2, [puppet.closing(1)], 0))).toEqual(past);
  for (const at of [200, 600, 1400, 3000, 6200]) expect(progressOf(say(2, [puppet.closing(1)], at))).toEqual(past);
  expect(lone.until(60_000)).toEqual([]);
});

test('a channel closed for a reason answers numbered packets with its CLOSE, and a CLOSE with a DATA_PROGRESS', () => {
  const { lone, puppet, say, tell, ours, theirs, channel } = answered('tcp');
  lone.peer.abort(channel, 3, 0);
  const [closing] = lone.take();
  expect(closing && [closing.names, closing.packet.sequence, fieldOf(closing, 'CHANNEL_CLOSE', 'reason')]).toEqual([
    'CLOSE',
    ours,
    3,
  ]);
  expect(say(0, [puppet.data('x')], 10).map(({ bytes }) => bytes)).toEqual([closing?.bytes]);
  const [past] = say(1, [puppet.closing(1)], 20);
  expect(past && [past.names, fieldOf(past, 'DATA_PROGRESS', 'next')]).toEqual([
    'DATA_PROGRESS DATA_WINDOW',
    (theirs + 2) & 0xffff,
  ]);
  expect(tell([puppet.window(1)], 30)).toEqual([]);
  expect(say(0, [puppet.data('x')], 15_001)).toEqual([]);
});

test('a CHANNEL_FINALIZE or COOKIE for a closed channel is dropped for two periods of the secret', () => {
  const { lone, puppet, proof, cookie2, id, theirs, channel } = answered('tcp');
  lone.peer.abort(channel, 3, 0);
  lone.take();
  const cookie = puppet.packet(id, theirs, [puppet.cookiePart(cookie2, 'tcp'), puppet.data('replayed')]);
  for (const at of [100, 20_000, 119_999, 239_999, 300_000]) {
    expect(lone.receive(proof, at), `at ${at}`).toEqual([]);
    if (at > 15_000) expect(lone.receive(cookie, at)).toEqual([]);
    // A CLOSE behind the proof is answered as long as any.
    const closing = puppet.packet(id, theirs, [puppet.cookiePart(cookie2, 'tcp'), puppet.closing(0)]);
    expect(lone.receive(closing, at)).toHaveLength(at < 15_000 ? 1 : 0);
  }
  expect(lone.channels).toHaveLength(1);
  expect(lone.peer.sizes).toMatchObject({ channels: 0, closedChannels: 0, peers: 0 });
});

test('the id of a closed channel is not given again while it is remembered', () => {
  const { lone, puppet, id, channel } = answered('tcp');
  lone.peer.abort(channel, 3, 0);
  lone.take();
  const [other] = lone.receive(puppet.opening(channel.c1), 1000);
  expect(other && fieldOf(other, 'CHANNEL_ACKNOWLEDGE', 'id')).not.toBe(id);
  const [again] = lone.receive(puppet.opening(channel.c1), 241_000);
  expect(again && fieldOf(again, 'CHANNEL_ACKNOWLEDGE', 'id')).toBe(id);
});

test('the memory of closed channels is bounded; when it is full the secret is replaced early', () => {
  const lone = new Lone({ closedChannels: 30 });
  const puppet = new Puppet();
  let most = 0;
  for (let c1 = 0; c1 < 500; c1++) {
    const [acknowledged] = lone.receive(puppet.opening(c1), c1);
    if (!acknowledged) throw new Error('not answered');
    lone.receive(puppet.finalize(acknowledged, 'tcp'));
    const channel = lone.channels.at(-1);
    if (channel) lone.peer.abort(channel, 3, c1);
    lone.take();
    most = Math.max(most, lone.peer.sizes.closedChannels);
  }
  expect(lone.channels).toHaveLength(500);
  expect(most).toBeLessThanOrEqual(30);
  expect(lone.told.filter(({ type }) => type === 'secret').length).toBeGreaterThan(50);
});

test.each(MODES)('in %s a channel on which nothing arrives for 60 s closes with reason 2', (mode) => {
  const { lone, channel } = answered(mode);
  lone.now = 40_000;
  // What is sent counts without resend only; here it is never acknowledged.
  lone.send(channel, 'hello');
  const closes = lone.until(200_000).filter(({ names }) => names === 'CLOSE');
  // The first, and its repeats.
  expect(closes).toHaveLength(6);
  const sent = closes.slice(0, 1);
  const resend = mode === 'z' || mode === 'streaming-2';
  const closesOnLoss = mode === 'sctp' || mode === 'tcp';
  expect(sent.map(({ at, packet }) => [at, packet.messages.length])).toHaveLength(1);
  if (closesOnLoss) expect(lone.news.at(-1)).toBe('closed 1 by us');
  else expect([lone.news.at(-1), sent[0]?.at]).toEqual(['closed 2 by us', resend ? 60_000 : 100_000]);
});

test('a quiet channel is kept open with DATA_WINDOW', () => {
  const { network, alice, seen } = pair({ alice: { keepAlive: 20_000 }, bob: { keepAlive: 20_000 } });
  const channel = alice.open(BOB, BOB_AT, 'udp');
  network.run(600_000);
  expect(channel.phase).toBe('open');
  expect(sentBy(seen, ALICE_AT).filter((line) => line.endsWith('DATA_WINDOW')).length).toBe(30);
});

test('a channel on which nobody answers any more is not kept open', () => {
  for (const mode of ['udp', 'tcp'] as const) {
    const { network, alice } = pair({ alice: { keepAlive: 20_000 }, bob: { keepAlive: 0, idle: 1e9 } });
    const channel = alice.open(BOB, BOB_AT, mode);
    network.run(150_000);
    expect([mode, channel.phase]).toEqual([mode, 'closed']);
  }
});

test('a refused channel is told so with CLOSE 4, numbered with its start; nothing is stored', () => {
  const lone = new Lone({ accept: () => false });
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  for (const at of [0, 200]) {
    const [refusal] = lone.receive(puppet.finalize(acknowledged, 'tcp'), at);
    expect(refusal && [refusal.names, fieldOf(refusal, 'CHANNEL_CLOSE', 'reason')]).toEqual(['CLOSE', 4]);
  }
  expect(lone.peer.sizes).toEqual({ channels: 0, closedChannels: 0, peers: 0, pending: 0, early: 0, timers: 0 });
});

test('a responder without room refuses', () => {
  const lone = new Lone({ channels: 0 });
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  expect(lone.receive(puppet.finalize(acknowledged, 'tcp')).map(({ names }) => names)).toEqual(['CLOSE']);
});

test('an initiator that is refused learns it, with or without early data', () => {
  for (const early of [false, true]) {
    const { network, alice } = pair({ conditions: { delay: 10 }, bob: { accept: () => false } });
    const channel = alice.open(BOB, BOB_AT, 'tcp', { early });
    alice.send(channel, 'hello');
    network.run();
    expect(alice.endOf(channel)).toBe(4);
    expect(alice.told.at(-1)).toMatchObject({ at: 40, type: 'closed', effect: { by: 'them' } });
  }
});

test('CLOSE 4 of a responder confirms nothing but the end', () => {
  const { lone, say, puppet } = opened('tcp', {}, false);
  say(0, [puppet.closing(4)], 10);
  expect(lone.news.at(-1)).toBe('closed 4 by them');
  expect(lone.until(60_000)).toEqual([]);
});
