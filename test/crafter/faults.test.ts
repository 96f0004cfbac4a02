import { describe, expect, test } from 'vitest';
import { channelPacket, data, message } from '../../crafter/channel-part.js';
import { FAULTS, faultNamed } from '../../crafter/fault-names.js';
import * as faults from '../../crafter/faults.js';
import { build, joined, raw } from '../../crafter/part.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../dissectors/channel/dissect.js';
import { fromHex, toHex, viewOf } from '../../dissectors/wire/view.js';

const hmac = dialectNamed('hmac');
const peers = { sender: new Uint8Array(16).fill(0xaa), recipient: new Uint8Array(16).fill(0xbb) };
const id = 0x1a2b3c4d;

const finalize = channelPacket(
  hmac,
  peers,
  [message(hmac, 'CHANNEL_FINALIZE', { id, cookie2: new Uint8Array(16).fill(0xc2), caps: 7 })],
  { padding: 2 },
);
const hello = channelPacket(hmac, { ...peers, id, sequence: 9 }, [data(hmac, fromHex('6869'))]);

const read = (bytes: Uint8Array) => dissectChannel(viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length });

/** What the dissector says of a damaged packet, by code. */
const codes = (bytes: Uint8Array) => read(bytes).findings.map(({ code }) => code);

describe('each fault of a channel packet makes it wrong in one way', () => {
  test.each([
    // fault, packet, what the dissector finds, a stop
    ['badChecksum', hello, faults.badChecksum(), ['checksum-bad'], undefined],
    ['flip', hello, faults.flip(8 * 47), ['checksum-bad'], 'chan.payload_size'],
    ['trailing', hello, faults.trailing(3), ['trailing-bytes'], undefined],
    ['lieAboutSize, too large', hello, faults.lieAboutSize(57), [], 'chan.size'],
    ['lieAboutSize, too small', hello, faults.lieAboutSize(51), [], 'chan.size'],
    ['lieAboutPayload', hello, faults.lieAboutPayload(5), [], 'chan.payload_size'],
    ['lieAboutData', hello, faults.lieAboutData(7), ['message-cut'], undefined],
    ['reservedFlags', hello, faults.reservedFlags(), ['flags-reserved'], undefined],
    ['reservedCaps', finalize, faults.reservedCaps(), ['caps-reserved'], undefined],
    ['spinning', hello, faults.spinning(), [], undefined],
    ['encrypted', hello, faults.encrypted(), ['encrypted'], undefined],
    ['sentToSelf', hello, faults.sentToSelf(), ['sent-to-self'], undefined],
    ['swappedPeers', hello, faults.swappedPeers(), [], undefined],
    ['onChannel', finalize, faults.onChannel(id), ['message-misplaced'], undefined],
    ['onChannel', hello, faults.onChannel(0xf0f0f0f0), ['message-misplaced'], undefined],
    ['swappedHalves', hello, faults.swappedHalves(), [], undefined],
    ['reservedHalf', hello, faults.reservedHalf(), ['half-reserved'], undefined],
    ['wrongCookie', finalize, faults.wrongCookie(), [], undefined],
    ['noisyPadding', finalize, faults.noisyPadding(), [], undefined],
    ['unknownType', hello, faults.unknownType(), ['message-unknown'], undefined],
    ['oversizedVarint', hello, faults.oversizedVarint(), ['varint-bad'], undefined],
    ['cutVarint', hello, faults.cutVarint(), ['varint-bad'], undefined],
    ['cutMessage', finalize, faults.cutMessage(1), ['message-cut'], undefined],
    ['cutMessage', hello, faults.cutMessage(3), ['varint-bad'], undefined],
    ['numberedControl', hello, faults.numberedControl(), ['numbered-control'], undefined],
  ] as const)('%s', (_, packet, fault, found, stop) => {
    const bytes = build(faults.damaged(packet, fault));
    // A packet of wrong size has no place for its checksum.
    expect([...codes(bytes)].filter((code) => stop === undefined || code !== 'checksum-bad')).toEqual(
      [...found].filter((code) => stop === undefined || code !== 'checksum-bad'),
    );
    expect(read(bytes).stop?.what).toBe(stop);
    expect(toHex(bytes)).not.toBe(toHex(build(packet)));
  });
});

test('a cookie is wrong by one bit of its last byte', () => {
  const right = toHex(build(finalize));
  expect(toHex(build(faults.damaged(finalize, faults.wrongCookie()))).slice(106, 142)).toBe(
    right.slice(106, 142).replace(/c20007$/, 'c30007'),
  );
});

test('the second cookie of an ACKNOWLEDGE can be the wrong one', () => {
  const cookies = { cookie1: new Uint8Array(16).fill(0xc1), cookie2: new Uint8Array(16).fill(0xc2) };
  const part = channelPacket(hmac, peers, [message(hmac, 'CHANNEL_ACKNOWLEDGE', { id, ...cookies })]);
  const bytes = build(faults.damaged(part, faults.wrongCookie(1)));
  expect(toHex(bytes.subarray(49, 85))).toBe(`1a2b3c4d${'c1'.repeat(16)}${'c2'.repeat(15)}c3`);
});

test('bits count from the first one sent', () => {
  expect(faults.flip(0)(fromHex('0000'))).toEqual(fromHex('8000'));
  expect(faults.flip(15)(fromHex('0000'))).toEqual(fromHex('0001'));
});

test('swapped peers are each in the place of the other', () => {
  const bytes = faults.swappedPeers()(build(hello));
  expect(toHex(bytes.subarray(4, 36))).toBe('bb'.repeat(16) + 'aa'.repeat(16));
});

test('a cut goes no further than the start', () => {
  expect(faults.cut(2)(fromHex('010203'))).toEqual(fromHex('01'));
  expect(faults.cut(9)(fromHex('010203'))).toEqual(new Uint8Array(0));
});

test('a layer around a damaged part sees the damage', () => {
  const part = joined([faults.damaged(raw(fromHex('010203')), faults.cut(1)), raw(fromHex('ff'))]);
  expect(build(part)).toEqual(fromHex('0102ff'));
});

test('faults are applied in the order given', () => {
  const bytes = build(faults.damaged(raw(fromHex('00')), faults.trailing(1), faults.flip(15)));
  expect(bytes).toEqual(fromHex('00ef'));
});

test('what comes in is not changed', () => {
  const bytes = build(hello);
  const before = toHex(bytes);
  for (const [name, { argument }] of Object.entries(FAULTS)) {
    if (name.endsWith('-caps') || name.endsWith('-cookie')) continue;
    faultNamed(argument === 'needed' ? `${name}:1` : name)(bytes);
    expect(toHex(bytes)).toBe(before);
  }
});

describe('a fault by name', () => {
  test('takes numbers, decimal or hex', () => {
    expect(faultNamed('flip:1')(fromHex('00'))).toEqual(fromHex('40'));
    expect(toHex(faultNamed('protocol:0xdeadbeef')(build(hello))).slice(0, 8)).toBe('deadbeef');
  });

  test.each([
    ['flop', 'unknown fault "flop", expected one of cut, flip, '],
    ['cut', 'fault "cut" needs a number, as in cut:7'],
    ['spin:1', 'fault "spin" takes no number'],
    ['cut:x', '"x" is no number for fault "cut"'],
  ])('is refused as %s', (name, why) => {
    expect(() => faultNamed(name)).toThrow(why);
  });

  test.each([
    ['wrong-cookie', 'no cookie 1 in the packet'],
    ['reserved-caps', 'no capabilities in the packet'],
    ['cut-message:99', 'no 99 bytes in a payload of 4'],
    ['flip:9999', 'no bit 9999 in 56 bytes'],
  ])('%s is refused where the packet has no place for it', (name, why) => {
    expect(() => faultNamed(name)(build(hello))).toThrow(why);
  });

  test('is refused for what is no channel packet', () => {
    expect(() => faultNamed('spin')(new Uint8Array(60))).toThrow('not a channel packet');
  });
});
