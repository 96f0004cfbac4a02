import { expect, test } from 'vitest';
import { leastSize, message } from '../../../crafter/channel-part.js';
import type { DialectName } from '../../../dissectors/channel/dialects.js';
import { type Answer, fieldOf, Lone, Puppet } from './lone.js';

const sizeOf = (answers: readonly Answer[]): number => answers.reduce((sum, { bytes }) => sum + bytes.length, 0);

test.each<DialectName>(['hmac', 'hmac-newcaps', 'seqno'])('an unpadded CHANNEL_NEW of %s is not answered', (name) => {
  const lone = new Lone({ dialect: name });
  const puppet = new Puppet(name);
  const least = leastSize(puppet.dialect, 1);
  expect(lone.receive(puppet.handshake([puppet.newPart(0x1a2b)], least - 1))).toEqual([]);
  expect(lone.receive(puppet.handshake([puppet.newPart(0x1a2b)], least))).toHaveLength(1);
  // A CHANNEL_NEW that is not answered is not remembered either, in the dialects that remember.
  expect(lone.peer.sizes.pending).toBe(name === 'hmac' ? 0 : 1);
});

test('k CHANNEL_NEW are answered together or not at all', () => {
  const puppet = new Puppet();
  const news = [1, 2, 3].map((c1) => puppet.newPart(c1));
  expect(new Lone().receive(puppet.handshake(news, 52 + 3 * 37 - 1))).toEqual([]);
  const [answer] = new Lone().receive(puppet.handshake(news, 52 + 3 * 37));
  expect(answer?.names).toBe('ACKNOWLEDGE ACKNOWLEDGE ACKNOWLEDGE');
});

test('the other messages of a packet count when its CHANNEL_NEW is not answered', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const both = puppet.handshake([puppet.newPart(1), puppet.newPart(2), puppet.finalizePart(acknowledged, 'tcp')], 113);
  expect(lone.receive(both).map(({ names }) => names)).toEqual(['DATA_WINDOW']);
});

test('confirmations that do not fit wait for the repeat', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const parts = [1, 2, 3].map((c1) => {
    const [acknowledged] = lone.receive(puppet.opening(c1));
    if (!acknowledged) throw new Error('not answered');
    return puppet.finalizePart(acknowledged, 'tcp');
  });
  const small = puppet.handshake(parts);
  expect(small.length).toBe(52 + 3 * 23);
  expect(lone.receive(small)).toHaveLength(2);
  expect(lone.channels).toHaveLength(3);
  expect(lone.receive(puppet.handshake(parts, 3 * 55))).toHaveLength(3);
  expect(lone.channels).toHaveLength(3);
});

test('a refusal is no larger than what it refuses', () => {
  const lone = new Lone({ accept: () => false });
  const puppet = new Puppet();
  const parts = [1, 2, 3].map((c1) => {
    const [acknowledged] = lone.receive(puppet.opening(c1));
    if (!acknowledged) throw new Error('not answered');
    return puppet.finalizePart(acknowledged, 'tcp');
  });
  const packet = puppet.handshake(parts);
  expect(sizeOf(lone.receive(packet))).toBeLessThanOrEqual(packet.length);
});

test('early data goes out only if it fits beside the acknowledgement', () => {
  const puppet = new Puppet();
  const greet = () => new TextEncoder().encode('welcome');
  const early = 52 + 19 + 2 + 7;
  for (const size of [89, 89 + early, 400]) {
    const packet = puppet.handshake([puppet.newPart(0x1a2b)], size);
    const answers = new Lone({ greet }).receive(packet);
    expect(answers.map(({ names }) => names)).toEqual(size < 400 ? ['ACKNOWLEDGE'] : ['ACKNOWLEDGE', 'COOKIE DATA']);
    expect(sizeOf(answers)).toBeLessThanOrEqual(size);
  }
});

test('a collision sends no more than the packet that collides', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const mine = [lone.open('tcp'), lone.open('tcp')];
  lone.take();
  const same = mine.map(({ c1 }) => puppet.newPart(c1));
  const packet = puppet.handshake(same, 52 + 2 * 37);
  const answers = lone.receive(packet);
  expect(answers.map(({ names }) => names)).toEqual(['NEW NEW']);
  expect(sizeOf(answers)).toBeLessThanOrEqual(packet.length);
  // Too small for the new CHANNEL_NEW: that waits for the timer.
  const small = puppet.handshake([puppet.newPart(mine[0]?.c1 ?? 0)]);
  expect(lone.receive(small, 10)).toEqual([]);
  expect(lone.until(211).map(({ at, names }) => `${at} ${names}`)).toEqual(['200 NEW', '210 NEW']);
});

test('whatever comes before the proof, the answer is no larger', () => {
  const puppet = new Puppet();
  const lone = new Lone({ greet: () => new Uint8Array(50) });
  for (let size = 52; size < 1500; size += 13) {
    for (const count of [1, 2, 5, 20]) {
      const news = Array.from({ length: count }, (_, place) => puppet.newPart(size * 20 + place));
      const packet = puppet.handshake(news, size);
      expect(sizeOf(lone.receive(packet))).toBeLessThanOrEqual(packet.length);
    }
  }
});

test('a proof without room for its confirmation establishes all the same', () => {
  const lone = new Lone();
  const puppet = new Puppet();
  const [acknowledged] = lone.receive(puppet.opening(0x1a2b));
  if (!acknowledged) throw new Error('not answered');
  const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
  const window = message(puppet.dialect, 'DATA_WINDOW', { window: 1 });
  expect(lone.receive(puppet.finalize(acknowledged, 'udp'))).toHaveLength(1);
  expect(lone.receive(puppet.packet(id, 0, [window]))).toEqual([]);
});
