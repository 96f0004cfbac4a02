import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ackFrame,
  closeFrame,
  cryptoFrame,
  initialPacket,
  negotiationPacket,
  padded,
  retryPacket,
} from '../../../crafter/quic/packets.js';
import { dissect } from '../../../dissectors/dissect.js';
import { QuicConnections } from '../../../dissectors/quic/connections.js';
import { CryptoStream, cryptoIn } from '../../../dissectors/quic/crypto-stream.js';
import { quic } from '../../../dissectors/quic/dissect.js';
import { framesIn } from '../../../dissectors/quic/frames.js';
import { initialKeys, judgeRetry, KeyRing, openPacket, retryTag } from '../../../dissectors/quic/keys.js';
import { isQuic, packetsAt } from '../../../dissectors/quic/packet.js';
import { readVarint, readVarint64, varintBytes } from '../../../dissectors/quic/varint.js';
import { VERSION_1, VERSION_2, versionOf } from '../../../dissectors/quic/versions.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { bytesOf, concatenated, fromHex, toHex, viewOf } from '../../../dissectors/wire/view.js';
import { hex } from '../../hex.js';
import { all, linesOf } from '../dissecting.js';

const version = (number: number) => versionOf(number) ?? expect.unreachable('a known version');
const first = (view: DataView) => packetsAt(view, 0, all(view)).packets[0] ?? expect.unreachable('a packet');

/** The id of all samples of RFC 9001, appendix A, and of RFC 9369, appendix A. */
const ID = fromHex('8394c8f03e515708');

test.each([
  // version, from the server, key, iv, key of the header
  [
    VERSION_1,
    false,
    '1f369613dd76d5467730efcbe3b1a22d',
    'fa044b2f42a3fd3b46fb255c',
    '9f50449e04a0e810283a1e9933adedd2',
  ],
  [VERSION_1, true, 'cf3a5331653c364c88f0f379b6067e37', '0ac1493ca1905853b0bba03e', 'c206b8d9b9f0f37644430b490eeaa314'],
  [
    0x709a_50c4,
    false,
    '95df2be2e8d549c82e996fc9339f4563',
    'ea5e3c95f933db14b7020ad8',
    '091efb735702447d07908f6501845794',
  ],
  [
    0x709a_50c4,
    true,
    '15d5b4d9a2b8916aa39b1bfe574d2aad',
    'a85e7ac31cd275cbb095c626',
    'b13861cfadbb9d11ff942dd80c8fc33b',
  ],
])('makes the Initial keys of version %i, server %s', (number, fromServer, key, iv, header) => {
  const keys = initialKeys(version(number), ID, fromServer);
  expect([keys.key, keys.iv, keys.header].map(toHex)).toEqual([key, iv, header]);
});

test("opens the server's Initial of RFC 9001, section A.3", () => {
  const packet = hex(
    'cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3' +
      '8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84' +
      '022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee',
  );
  const opened = openPacket(packet, first(packet), initialKeys(version(VERSION_1), ID, true), -1);
  expect(opened).toMatchObject({ number: 1, first: 0xc1, numberSize: 2 });
  expect(toHex(bytesOf(opened?.view ?? packet))).toBe(
    '02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200' +
      '130100002e00330024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304',
  );
  expect(openPacket(packet, first(packet), initialKeys(version(VERSION_1), ID, false), -1)).toBeUndefined();
  packet.setUint8(60, packet.getUint8(60) ^ 1);
  expect(openPacket(packet, first(packet), initialKeys(version(VERSION_1), ID, true), -1)).toBeUndefined();
});

test.each([
  ['version 1', 'ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba'],
  ['version 2', 'cf6b3343cf0008f067a5502a4262b5746f6b656ec8646ce8bfe33952d955543665dcc7b6'],
  ['the draft of version 2', 'cf709a50c40008f067a5502a4262b5746f6b656e1dc71130cd1ed39d6efcee5c85806501'],
])('knows the tag of the Retry that the documents of %s give', (_, bytes) => {
  const view = hex(bytes);
  const packet = first(view);
  expect(packet.type).toBe('retry');
  expect(toHex(bytesOf(view).subarray(packet.token, packet.tokenEnd))).toBe('746f6b656e');
  expect(judgeRetry(view, packet, version(packet.version), ID)).toBe('valid');
  expect(judgeRetry(view, packet, version(packet.version), fromHex('8394c8f03e515709'))).toBe('invalid');
});

test('a draft without a tag has none to judge', () => {
  expect(retryTag(version(0xff00_0017), ID, ID)).toBeUndefined();
});

test('reads varints of all sizes, as RFC 9000, section A.1, has them', () => {
  const numbers = ['25', '4025', '7bbd', '9d7f3e7d', 'c2197c5eff14e88c'].map(hex);
  expect(numbers.map((view) => readVarint64(view, 0))).toEqual([
    37n,
    37n,
    15_293n,
    494_878_333n,
    151_288_809_941_952_652n,
  ]);
  expect(numbers.slice(0, 4).map((view) => readVarint(view, 0))).toEqual([37, 37, 15_293, 494_878_333]);
  expect([37, 15_293, 494_878_333].map((value) => toHex(varintBytes(value)))).toEqual(['25', '7bbd', '9d7f3e7d']);
});

const ids = { version: VERSION_1, dcid: ID, scid: fromHex('0102030405060708'), keyId: ID };
const hello = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length).map((_, place) => place & 0xff);
  bytes.set([1, (length - 4) >>> 16, ((length - 4) >>> 8) & 0xff, (length - 4) & 0xff]);
  return bytes;
};

test('what is sealed is opened again, whatever the version and the number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(VERSION_1, VERSION_2, 0xff00_001d, 0xff00_0017),
      fc.nat(255),
      fc.boolean(),
      fc.uint8Array({ minLength: 4, maxLength: 60 }),
      (number, count, fromServer, frames) => {
        const view = viewOf(initialPacket({ ...ids, version: number, number: count, frames, fromServer }));
        const opened = openPacket(view, first(view), initialKeys(version(number), ID, fromServer), count - 1);
        expect(opened?.number).toBe(count);
        expect(bytesOf(opened?.view ?? view)).toEqual(frames);
      },
    ),
    { numRuns: 30 },
  );
});

test('puts a ClientHello together from packets in any order, and again when they are sent again', () => {
  const bytes = hello(300);
  const stream = new CryptoStream();
  const piece = (from: number, to: number) => [{ offset: from, bytes: bytes.subarray(from, to) }];
  expect(stream.add(piece(200, 300))).toEqual([]);
  expect(stream.add(piece(50, 210))).toEqual([]);
  expect(stream.add(piece(0, 60))).toEqual([{ from: 0, bytes }]);
  expect(stream.bytes).toBe(0);
  expect(stream.add(piece(0, 60))).toEqual([]);
  expect(stream.add(piece(0, 300))).toEqual([{ from: 0, bytes: undefined }]);
});

test('a handshake message of 64 kB in crumbs, and ones that never end, are bounded', () => {
  const bytes = hello(65_535);
  const stream = new CryptoStream();
  let found = 0;
  for (let at = 0; at < bytes.length; at++)
    found += stream.add([{ offset: at, bytes: bytes.subarray(at, at + 1) }]).length;
  expect(found).toBe(1);
  const endless = new CryptoStream();
  for (let at = 1; at < 1 << 20; at += 977) endless.add([{ offset: at, bytes: bytes.subarray(0, 900) }]);
  expect(endless.bytes).toBeLessThanOrEqual(1 << 16);
});

test('a flood of Initials leaves a bounded number of connections, and one in its middle is found', () => {
  const connections = new QuicConnections(new KeyRing(), 256);
  const flow = (number: number) => ({ key: `a${number}`, reverse: `b${number}` });
  // Opened with other keys than it was sealed with: what counts here is not in the packet.
  const packet = (number: number) => {
    const bytes = initialPacket({ ...ids, number: 0, frames: padded([], 24) });
    viewOf(bytes).setUint32(6, number);
    return viewOf(bytes);
  };
  const answer = (number: number) => {
    const view = packet(number);
    return connections.add(flow(number), view, packetsAt(view, 0, all(view)).packets, false).told.number;
  };
  for (let number = 0; number < 600; number++) expect(answer(number)).toBe(number);
  expect(connections.size).toBe(256);
  expect(answer(500)).toBe(500);
  expect(connections.knows({ key: 'b599', reverse: 'a599' })).toBe(true);
  expect(connections.knows(flow(0))).toBe(false);
});

test('frames end where they contradict themselves', () => {
  const read = (bytes: Uint8Array) => {
    const { frames, broken } = framesIn(viewOf(bytes));
    return [frames.map(({ type, at, end }) => [type, at, end]), broken];
  };
  expect(read(concatenated([Uint8Array.of(1), ackFrame(5), cryptoFrame(7, hello(9)), Uint8Array.of(0, 0)]))).toEqual([
    [
      [1, 0, 1],
      [2, 1, 6],
      [6, 6, 18],
      [0, 18, 20],
    ],
    undefined,
  ]);
  expect(read(closeFrame(0x0b, 'no'))).toEqual([[[0x1c, 0, 6]], undefined]);
  expect(read(fromHex('010604'))).toEqual([[[1, 0, 1]], 1]);
  expect(read(fromHex('0108'))).toEqual([[[1, 0, 1]], 1]);
  expect(read(fromHex('02ff'))).toEqual([[], 0]);
});

const UDP = (payload: Uint8Array, from = 50_000, to = 4433): DataView => {
  const word = (value: number) => value.toString(16).padStart(4, '0');
  const length = payload.length + 8;
  return hex(
    `020000000002020000000001 0800 4500${word(length + 20)}00000000401100007f0000017f000001 ${word(from)}${word(to)}${word(length)}0000 ${toHex(payload)}`,
  );
};

test('what was not captured of an Initial is not opened, and told', () => {
  const frame = UDP(initialPacket({ ...ids, number: 0, frames: padded([cryptoFrame(0, hello(40))], 1100) }));
  const { layers, findings } = dissect(frame, 0, { captured: 200, wire: frame.byteLength }, 1, 1, liveReassembly());
  expect(layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'udp', 'quic']);
  expect(findings.map(({ code }) => code)).toContain('truncated');
});

test.each([
  ['an unknown version', `c0deadbeef08${'11'.repeat(8)}00004404${'00'.repeat(1200)}`],
  ['an id that is too long', `c00000000115${'11'.repeat(21)}00004404${'00'.repeat(1200)}`],
  ['a length beyond the datagram', `c00000000108${'11'.repeat(8)}00007fff${'00'.repeat(100)}`],
  ['a token beyond the datagram', `c00000000108${'11'.repeat(8)}007fff${'00'.repeat(100)}`],
  ['a short header of a flow that is not known', `42${'11'.repeat(60)}`],
  ['a list of versions that nobody knows', `80000000000000${'deadbeef'.repeat(2)}`],
  ['a list of versions that ends in the middle of one', '8000000000000000000001 6b33'],
])('does not take %s', (_, payload) => {
  const view = hex(payload);
  expect(isQuic(view, 0, all(view))).toBe(false);
});

test('takes versions that nobody speaks and lists of versions', () => {
  const negotiation = viewOf(negotiationPacket({ dcid: ID, scid: ID }, [0x1a2a_3a4a, VERSION_2]));
  expect(isQuic(negotiation, 0, all(negotiation))).toBe(true);
  const grease = hex(`c01a2a3a4a08${'11'.repeat(8)}00004404${'00'.repeat(1200)}`);
  expect(isQuic(grease, 0, all(grease))).toBe(true);
});

test('a short header is QUIC where its flow is, whichever way it goes', () => {
  const reassembly = liveReassembly();
  const names = (frame: DataView) =>
    dissect(frame, 0, all(frame), 1, 1, reassembly)
      .layers.map(({ name }) => name)
      .slice(3);
  const short = concatenated([Uint8Array.of(0x41), new Uint8Array(40)]);
  expect(names(UDP(short))).toEqual(['data']);
  expect(names(UDP(initialPacket({ ...ids, number: 0, frames: padded([], 30) })))).toEqual(['quic']);
  expect(names(UDP(short))).toEqual(['quic']);
  expect(names(UDP(short, 4433, 50_000))).toEqual(['quic']);
  expect(names(UDP(short, 4433, 50_001))).toEqual(['data']);
  expect(names(UDP(fromHex(`000100002112a442${'00'.repeat(12)}`)))).toEqual(['stun']);
});

test('only the first Retry whose tag is right changes the keys', () => {
  const reassembly = liveReassembly();
  const told = (payload: Uint8Array, from = 50_000, to = 4433) => {
    const frame = UDP(payload, from, to);
    const facts = dissect(frame, 0, all(frame), 1, 1, reassembly).layers[3]?.facts;
    return facts?.type === 'quic' ? [facts.told.retry, facts.opened.map((one) => one?.number)] : undefined;
  };
  const retry = (scid: string, original = ID) =>
    told(retryPacket({ ...ids, dcid: ids.scid, scid: fromHex(scid) }, fromHex('aabb'), original), 4433, 50_000);
  const ask = (dcid: Uint8Array, number: number, token?: Uint8Array) =>
    told(initialPacket({ ...ids, dcid, keyId: dcid, number, ...(token && { token }), frames: padded([], 30) }));
  expect(ask(ID, 0)).toEqual([undefined, [0]]);
  expect(retry('0909090909090909', fromHex('00'))).toEqual(['invalid', [undefined]]);
  expect(ask(ID, 1)).toEqual([undefined, [1]]);
  expect(retry('0a0a0a0a0a0a0a0a')).toEqual(['valid', [undefined]]);
  expect(retry('0b0b0b0b0b0b0b0b')).toEqual(['valid', [undefined]]);
  expect(ask(fromHex('0a0a0a0a0a0a0a0a'), 2, fromHex('aabb'))).toEqual([undefined, [2]]);
  // A Retry that the capture missed: the id of the Initial itself makes its keys.
  expect(ask(fromHex('0c0c0c0c0c0c0c0c'), 3, fromHex('aabb'))).toEqual([undefined, [3]]);
});

test('no bytes make QUIC throw, or read past the capture', () => {
  const real = readFileSync('fixtures/quic.pcap');
  const payloads = [82, 1338].map((at) => new Uint8Array(real.subarray(at, at + 300)));
  fc.assert(
    fc.property(
      fc.constantFrom(...payloads),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
      fc.nat(300),
      (payload, changes, cut) => {
        const bytes = payload.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const frame = UDP(bytes);
        const captured = Math.max(42, frame.byteLength - cut);
        const { layers } = dissect(frame, 0, { captured, wire: frame.byteLength }, 1, 1, liveReassembly());
        for (const layer of layers) if (layer.source === 0) expect(layer.end).toBeLessThanOrEqual(captured);
        const layer = layers.find(({ name }) => name === 'quic');
        if (layer) expect(linesOf(quic, frame, layer).end).toBeLessThanOrEqual(captured);
        if (layer) expect(quic.summary(frame, layer)).not.toBe('');
      },
    ),
  );
});

test('frames of any bytes end, and their data lies in them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const view = viewOf(bytes);
      for (const { at, end, data, dataEnd } of framesIn(view).frames) {
        expect([at < end, data <= dataEnd, dataEnd <= end, end <= bytes.length]).toEqual([true, true, true, true]);
      }
      for (const { bytes: own } of cryptoIn(view)) expect(own.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
