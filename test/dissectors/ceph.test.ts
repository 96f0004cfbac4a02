import fc from 'fast-check';
import { expect, test } from 'vitest';
import { declared } from '../../crafter/declared-part.js';
import { build, nothing } from '../../crafter/part.js';
import { BEGIN, COLLECT } from '../../dissectors/ceph/numbers.js';
import { paxosText, readPaxos } from '../../dissectors/ceph/paxos.js';
import { IN_STREAM } from '../../dissectors/ceph/stream.js';
import type { Dissector } from '../../dissectors/layer.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { messageBytes } from '../../fixtures/ceph.js';
import { paxos } from '../../fixtures/scenes/paxos.js';
import { packetsOf } from '../analyzer/scene-packets.js';
import { layerOf, linesOf } from './dissecting.js';

const HEAD = 54;
const FOOT = 21;
const UNKNOWN = { own: 0, other: 0 };
const length = (bytes: Uint8Array, state = UNKNOWN, end = bytes.length) =>
  IN_STREAM.length(viewOf(bytes), 0, { captured: end, wire: end }, state);

test('every frame of a connection is found, from the greeting on', () => {
  const { packets } = packetsOf(paxos.play);
  const frames = packets.flatMap(({ dissection }) => dissection.layers.filter(({ name }) => name === 'ceph'));
  // Three greetings of both sides, three requests and replies, 23 messages, and one acknowledgement.
  expect(frames.length).toBe(12 + 23 + 1);
  const data = packets.flatMap(({ dissection }) => dissection.layers.filter(({ name }) => name === 'data'));
  expect(data).toEqual([]);
});

test('a message proves itself by the checksum of its head, wherever a stream is entered', () => {
  const bytes = messageBytes(0, 7, { op: COLLECT, pn: 100 });
  expect(length(bytes)).toBe(bytes.length);
  expect(length(bytes, UNKNOWN, 20)).toBe(-HEAD);
  const wrong = bytes.map((byte, place) => (place === 3 ? byte ^ 1 : byte));
  expect(length(wrong)).toBeUndefined();
  expect(length(Uint8Array.of(7, ...new Uint8Array(60)))).toBe(HEAD + FOOT);
});

test('a length that no message has is none', () => {
  const bytes = messageBytes(0, 7, { op: COLLECT }).map((byte, place) => (place === 26 ? 0xff : byte));
  expect(length(bytes, { own: 6, other: 2 })).toBeUndefined();
});

test('the bytes of other protocols are nothing of Ceph’s', () => {
  const other = new TextEncoder().encode('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'.padEnd(400));
  expect(length(other)).toBeUndefined();
  expect(length(Uint8Array.of(8, 1, 2, 3, 4, 5, 6, 7, 8))).toBeUndefined();
  expect(length(Uint8Array.of(8, 3, 0, 0, 0, 0, 0, 0, 0))).toBe(9);
});

test('reads what a message of Paxos says', () => {
  const bytes = messageBytes(2, 7, { epoch: 8, op: BEGIN, pn: 300, lastCommitted: 1, values: { 2: 'value' } });
  const view = viewOf(bytes);
  const end = bytes.length - FOOT;
  expect(readPaxos(view, HEAD, end)).toMatchObject({
    epoch: 8,
    op: BEGIN,
    pn: 300,
    lastCommitted: 1,
    values: [{ version: 2, at: end - 5, end }],
  });
  expect(paxosText(view, HEAD, end)).toBe('BEGIN (PROPOSE) pn 300 version 2');
  expect(readPaxos(view, HEAD, HEAD + 20)).toBeUndefined();
  expect(readPaxos(view, HEAD, end - 3)?.values).toEqual([]);
});

test('what is written of a message of Paxos is one, checksums and all', () => {
  const bytes = build(declared('ceph', { 'msg.mon_paxos.op': COLLECT, 'msg.mon_paxos.pn': 500n }, nothing));
  expect(length(bytes)).toBe(bytes.length);
  expect(paxosText(viewOf(bytes), HEAD, bytes.length - FOOT)).toBe('COLLECT (PREPARE) pn 500');
});

test('no bytes make a connection throw, in whatever state it is, or tell of more than there is', () => {
  const ceph = dissectorNamed('ceph') as Dissector;
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 7, 8, 13, 14, 66));
  const start = fc.constantFrom(
    new Uint8Array(0),
    new TextEncoder().encode('ceph v027'),
    messageBytes(0, 1, { op: BEGIN }),
  );
  const bytes = fc
    .tuple(start, fc.array(byte, { maxLength: 320 }))
    .map(([head, rest]) => Uint8Array.of(...head, ...rest));
  fc.assert(
    fc.property(bytes, fc.nat(7), fc.nat(7), fc.nat(30), (given, own, other, cut) => {
      const view = viewOf(given);
      const captured = Math.max(0, given.length - cut);
      const state = { own, other };
      const limit = { captured, wire: given.length };
      const size = IN_STREAM.length(view, 0, limit, state);
      if (size !== undefined && size < 0) expect(-size).toBeGreaterThan(captured);
      else if (size !== undefined) expect(size).toBeGreaterThan(0);
      if (captured > 0) expect(IN_STREAM.learn?.(view, 0, captured, state)).toBeLessThan(8);
      const layer = { ...layerOf('ceph', 0, limit, undefined), facts: { type: 'pdu', state } as const };
      const line = linesOf(ceph, view, layer);
      expect(line.end).toBeLessThanOrEqual(captured);
      expect(ceph.summary(view, layer)).not.toBe('');
      readPaxos(view, 0, captured);
    }),
    { numRuns: 2000 },
  );
});
