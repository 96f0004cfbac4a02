import { describe, expect, test } from 'vitest';
import { message } from '../../../crafter/channel-part.js';
import { MODES } from '../../../dissectors/channel/capabilities.js';
import { answered, ELSEWHERE, fieldOf, Lone, Puppet } from './lone.js';
import { ALICE_AT, BOB, BOB_AT, bytes, pair, sentBy } from './pair.js';

describe('seqno', () => {
  test('both starts are told and acknowledged, and the first packets are numbered after them', () => {
    const { network, alice, bob, seen } = pair({
      conditions: { delay: 10 },
      alice: { dialect: 'seqno' },
      bob: { dialect: 'seqno' },
    });
    const channel = alice.open(BOB, BOB_AT, 'tcp');
    alice.send(channel, 'hello');
    network.run(100);
    expect(sentBy(seen, ALICE_AT).slice(0, 3)).toEqual(['0 NEW', '20 FINALIZE', '40 DATA']);
    const value = (name: string, key: string) =>
      seen.flatMap(({ packet }) =>
        packet.messages
          .filter(({ kind }) => kind?.name === name)
          .map(({ kind, body }) => Number(kind?.body.fields[key]?.read(packet.view, body))),
      )[0] ?? -1;
    expect(value('CHANNEL_ACKNOWLEDGE', 'ack')).toBe((value('CHANNEL_NEW', 's1') + 1) & 0xffff);
    expect(value('CHANNEL_FINALIZE', 'ack')).toBe((value('CHANNEL_ACKNOWLEDGE', 's2') + 1) & 0xffff);
    const data = seen.find(({ packet }) => packet.messages.some(({ kind }) => kind?.name === 'DATA'));
    expect(data?.packet.sequence).toBe((value('CHANNEL_NEW', 's1') + 1) & 0xffff);
    expect(bob.textOf(bob.established[0])).toBe('hello');
  });

  test('an acknowledgement that is not exactly one more belongs to another attempt', () => {
    const lone = new Lone({ dialect: 'seqno' });
    const puppet = new Puppet('seqno');
    lone.open('tcp');
    const [opening] = lone.take();
    if (!opening) throw new Error('no CHANNEL_NEW');
    const id = ((Number(fieldOf(opening, 'CHANNEL_NEW', 'c1')) << 16) | 0x2222) >>> 0;
    const s1 = Number(fieldOf(opening, 'CHANNEL_NEW', 's1'));
    for (const [ack, answers] of [
      [s1, 0],
      [s1 + 2, 0],
      [s1 + 1, 1],
    ] as const) {
      const part = message(puppet.dialect, 'CHANNEL_ACKNOWLEDGE', { id, ack: ack & 0xffff, s2: 7 });
      expect(lone.receive(puppet.handshake([part]))).toHaveLength(answers);
    }
  });

  test('the responder must remember: a repeat gets the same answer, a wrong proof none', () => {
    const lone = new Lone({ dialect: 'seqno' });
    const puppet = new Puppet('seqno');
    const [first] = lone.receive(puppet.opening(0x1a2b, 7));
    const [again] = lone.receive(puppet.opening(0x1a2b, 7));
    if (!first) throw new Error('not answered');
    expect(again?.bytes).toEqual(first.bytes);
    expect(lone.peer.sizes).toMatchObject({ pending: 1, peers: 0 });
    const id = Number(fieldOf(first, 'CHANNEL_ACKNOWLEDGE', 'id'));
    const wrong = message(puppet.dialect, 'CHANNEL_FINALIZE', {
      id,
      ack: Number(fieldOf(first, 'CHANNEL_ACKNOWLEDGE', 's2')),
    });
    expect(lone.receive(puppet.handshake([wrong]))).toEqual([]);
    const proof = puppet.finalize(first, 'tcp');
    expect(lone.receive(proof, 0, ELSEWHERE)).toEqual([]);
    expect(lone.receive(proof)).toHaveLength(1);
    expect(lone.receive(proof, 100)).toHaveLength(1);
    expect(lone.receive(puppet.handshake([wrong]), 100)).toEqual([]);
    expect(lone.channels.map(({ capabilities }) => capabilities)).toEqual([7]);
    expect(lone.peer.sizes).toMatchObject({ pending: 0, channels: 1 });
  });

  test('a proof for a closed channel is dropped', () => {
    const { lone, proof, channel } = answered('tcp', { dialect: 'seqno' });
    lone.peer.abort(channel, 3, 0);
    lone.take();
    expect(lone.receive(proof, 100)).toEqual([]);
    expect(lone.channels).toHaveLength(1);
  });
});

describe('hmac-newcaps', () => {
  test('the capabilities travel in CHANNEL_NEW, and the responder must remember them', () => {
    const lone = new Lone({ dialect: 'hmac-newcaps' });
    const puppet = new Puppet('hmac-newcaps');
    const [acknowledged] = lone.receive(puppet.opening(0x1a2b, 2));
    if (!acknowledged) throw new Error('not answered');
    expect(lone.peer.sizes.pending).toBe(1);
    const proof = puppet.finalize(acknowledged, 'tcp');
    lone.receive(proof);
    expect(lone.channels.map(({ capabilities }) => capabilities)).toEqual([2]);
    expect(lone.peer.sizes.pending).toBe(0);
    expect(lone.receive(proof, 10)).toHaveLength(1);
  });

  test('a flood pushes out what was remembered, which is why the addendum moved them', () => {
    const lone = new Lone({ dialect: 'hmac-newcaps', pendingAttempts: 10 });
    const puppet = new Puppet('hmac-newcaps');
    const [acknowledged] = lone.receive(puppet.opening(0x1a2b, 2));
    if (!acknowledged) throw new Error('not answered');
    for (let c1 = 0; c1 < 20; c1++) lone.receive(puppet.opening(c1, 0));
    expect(lone.peer.sizes.pending).toBe(10);
    expect(lone.receive(puppet.finalize(acknowledged, 'tcp'))).toEqual([]);
    lone.until(40_000);
    expect(lone.peer.sizes).toMatchObject({ pending: 0, timers: 0 });
  });

  test('what was remembered is over after its time, woken or not', () => {
    const lone = new Lone({ dialect: 'hmac-newcaps', secretPeriod: 1e9 });
    const puppet = new Puppet('hmac-newcaps');
    const [acknowledged] = lone.receive(puppet.opening(0x1a2b, 2));
    if (!acknowledged) throw new Error('not answered');
    expect(lone.receive(puppet.finalize(acknowledged, 'tcp'), 30_000)).toEqual([]);
  });

  test('early data has a COOKIE without capabilities', () => {
    const both = { dialect: 'hmac-newcaps' } as const;
    const { network, alice, bob, seen } = pair({ conditions: { delay: 10 }, alice: both, bob: both });
    const channel = alice.open(BOB, BOB_AT, 'streaming-2', { early: true });
    alice.send(channel, 'hello');
    network.run(100);
    expect(sentBy(seen, ALICE_AT).slice(0, 2)).toEqual(['0 NEW', '20 COOKIE DATA']);
    expect(bob.textOf(bob.established[0])).toBe('hello');
    expect(bob.established[0]?.capabilities).toBe(3);
  });
});

describe('channeler', () => {
  const both = { dialect: 'channeler', packetSize: 300 } as const;

  test('FINALIZE goes before the first DATA; there are no numbers, no confirmations and no CLOSE', () => {
    const { network, alice, bob, seen } = pair({ conditions: { delay: 10 }, alice: both, bob: both });
    const channel = alice.open(BOB, BOB_AT, 'tcp');
    alice.send(channel, 'hello');
    alice.close(channel);
    network.run(100);
    expect(sentBy(seen, ALICE_AT)).toEqual(['0 NEW', '20 FINALIZE', '20 DATA']);
    expect(sentBy(seen, BOB_AT)).toEqual(['10 ACKNOWLEDGE']);
    expect(bob.textOf(bob.established[0])).toBe('hello');
    expect(channel.capabilities).toBe(0);
    expect(new Set(seen.map(({ packet }) => packet.size))).toEqual(new Set([300]));
    expect(new Set(seen.map(({ packet }) => packet.sequence))).toEqual(new Set([0]));
    network.run();
    expect([alice.endOf(channel), bob.endOf(bob.established[0])]).toEqual([0, 2]);
    expect(alice.told.at(-1)?.at).toBe(60_020);
  });

  test('FINALIZE is repeated twice, unless a packet comes on the channel', () => {
    const lone = new Lone(both);
    const puppet = new Puppet('channeler');
    lone.open('udp');
    const [opening] = lone.take();
    if (!opening) throw new Error('no CHANNEL_NEW');
    const { id, packet } = puppet.acknowledge(opening);
    expect(lone.receive(packet).map(({ names }) => names)).toEqual(['FINALIZE']);
    expect(lone.until(50_000).map(({ at, names }) => `${at} ${names}`)).toEqual(['200 FINALIZE', '600 FINALIZE']);

    const answeredSoon = new Lone(both);
    const channel = answeredSoon.open('udp');
    const [again] = answeredSoon.take();
    if (!again) throw new Error('no CHANNEL_NEW');
    const second = puppet.acknowledge(again);
    answeredSoon.receive(second.packet);
    answeredSoon.receive(puppet.packet(second.id, 0, [puppet.data('hi')]), 100);
    expect(answeredSoon.until(50_000)).toEqual([]);
    expect(channel.phase).toBe('open');
    expect(id).not.toBe(0);
  });

  test('a channel ends by idling, and nothing tells the other peer', () => {
    const { lone } = answered('udp', both);
    expect(lone.until(100_000)).toEqual([]);
    expect(lone.news).toEqual(['established', 'closed 2 by us']);
    expect(lone.peer.sizes).toMatchObject({ channels: 0, timers: 0 });
  });

  test('a CHANNEL_NEW smaller than the configured size is not answered: the answer would be larger', () => {
    const lone = new Lone(both);
    const puppet = new Puppet('channeler');
    expect(lone.receive(puppet.handshake([puppet.newPart(1)], 299))).toEqual([]);
    expect(lone.receive(puppet.handshake([puppet.newPart(1)], 300))).toHaveLength(1);
  });

  test("the reference's answers are understood: a new half each time, and the first one counts", () => {
    const lone = new Lone(both);
    const puppet = new Puppet('channeler');
    const channel = lone.open('udp');
    const [opening] = lone.take();
    if (!opening) throw new Error('no CHANNEL_NEW');
    lone.receive(puppet.acknowledge(opening, 0x1111).packet);
    expect(lone.receive(puppet.acknowledge(opening, 0x2222).packet)).toEqual([]);
    expect(channel.id & 0xffff).toBe(0x1111);
    // The responder's half comes first on the wire.
    const [data] = lone.send(channel, 'x');
    expect(
      Buffer.from(data?.bytes ?? [])
        .subarray(36, 38)
        .toString('hex'),
    ).toBe('1111');
  });

  test('numbers of packets are leftovers, and capabilities do not matter', () => {
    const { lone, puppet, id, channel } = answered('tcp', both);
    for (const sequence of [0, 700, 3, 3]) lone.receive(puppet.packet(id, sequence, [puppet.data(`${sequence}`)]));
    lone.readAll(channel);
    expect(lone.read).toEqual(['0', '700', '3', '3']);
    expect(channel.capabilities).toBe(0);
  });

  test('lengths that the reference writes wrongly are not sent', () => {
    const { lone, channel } = answered('udp', { dialect: 'channeler', packetSize: 20_000 });
    expect(() => lone.peer.send(channel, new Uint8Array(16_400), 0)).toThrow(RangeError);
    expect(lone.peer.send(channel, new Uint8Array(16_383), 0)).toBe(16_383);
  });
});

test.each(['hmac', 'hmac-newcaps', 'seqno'] as const)('in %s all modes carry data both ways and close', (dialect) => {
  for (const mode of MODES) {
    const { network, alice, bob } = pair({ conditions: { delay: 5 }, alice: { dialect }, bob: { dialect } });
    const channel = alice.open(BOB, BOB_AT, mode);
    bob.onEffect = (effect) => {
      if (effect.type === 'readable') bob.send(effect.channel, bytes('echo'));
    };
    alice.send(channel, 'hello');
    network.at(500, () => alice.close(channel));
    network.run();
    const [theirs] = bob.established;
    expect([mode, theirs?.capabilities, bob.textOf(theirs), alice.textOf(channel)]).toEqual([
      mode,
      channel.capabilities,
      'hello',
      'echo',
    ]);
    expect([alice.endOf(channel), bob.endOf(theirs)]).toEqual([0, 0]);
  }
});
