import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelPacket, data, message } from '../../crafter/channel-part.js';
import { ChannelRewriter } from '../../crafter/channel-rewriter.js';
import { type AddressChange, rewriteFrame } from '../../crafter/frame-rewriter.js';
import { ethernet } from '../../crafter/link-part.js';
import { ipv4, ipv4Fragments, ipv6 } from '../../crafter/network-part.js';
import { build, type Part, raw } from '../../crafter/part.js';
import { sctp, sctpData, tcp, udp } from '../../crafter/transport-part.js';
import { gre, mpls, udpLite, vxlan } from '../../crafter/tunnel-part.js';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';

const hmac = dialectNamed('hmac');
const id16 = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
const [ALICE, BOB, CAROL] = [id16(0xa1), id16(0xb0), id16(0xca)];
const V4 = { src: 0x0a000001, dst: 0x0a000002 };
const [FROM6, TO6, NEW6] = [id16(0x20), id16(0x21), id16(0x22)];
const CHANGES: readonly AddressChange[] = [
  { end: 'src', to: Uint8Array.of(192, 0, 2, 9) },
  { end: 'dst', from: Uint8Array.of(10, 0, 0, 2), to: Uint8Array.of(198, 51, 100, 7) },
  { end: 'dst', to: NEW6 },
];
const NEW_V4 = { src: 0xc0000209, dst: 0xc6336407 };
const SECRET = Uint8Array.of(1, 2, 3);

const ids = () => new ChannelRewriter({ ids: new Map([[toHex(ALICE), CAROL]]), initiatorSecret: SECRET });

/** A packet with NEW, from Alice as she is, or as she is to be. */
const packet = (sender: Uint8Array, cookie1 = id16(0)): Part =>
  channelPacket(hmac, { sender, recipient: BOB }, [message(hmac, 'CHANNEL_NEW', { c1: 0x1a2b, cookie1 })]);
const before = packet(ALICE);
const after = packet(CAROL, cookieKey(hmac, SECRET)({ initiator: CAROL, responder: BOB, c1: 0x1a2b }));

/** A frame after its rewriting, and what could not be rewritten in it. */
function rewritten(bytes: Uint8Array, channel = ids(), keep = bytes.length) {
  const kept = bytes.slice(0, keep);
  const limit = { captured: kept.length, wire: bytes.length };
  const dissection = dissect(viewOf(kept), 0, limit, 1, 1, liveReassembly());
  const copy = kept.slice();
  const left = rewriteFrame(viewOf(copy), dissection, CHANGES, channel);
  return { hex: toHex(copy), left };
}

const over4 = (given: typeof V4, inside: Part): Uint8Array => build(ethernet({}, ipv4(given, inside)));
const over6 = (dst: Uint8Array, inside: Part): Uint8Array => build(ethernet({}, ipv6({ src: FROM6, dst }, inside)));
const PORTS = { srcport: 4242, dstport: 4243 };

test.each([
  ['UDP', (inside: Part) => udp(PORTS, inside)],
  ['UDP without a checksum', (inside: Part) => udp({ ...PORTS, checksum: 0 }, inside)],
  ['TCP', (inside: Part) => tcp({ ...PORTS, seq_raw: 7 }, inside)],
  ['SCTP', (inside: Part) => sctp(PORTS, [sctpData({}, inside)])],
])('a frame over %s is as if it had been built anew', (_, transport) => {
  expect(rewritten(over4(V4, transport(before)))).toEqual({ hex: toHex(over4(NEW_V4, transport(after))), left: 0 });
});

/** Between the ends of tunnels, whose addresses stay. */
const OUTER = { src: 0xcb007101, dst: 0xcb007102 };
const inner = (given: typeof V4, inside: Part): Part => ipv4(given, udp(PORTS, inside));
const inDatagram = (inside: Part): Part => ipv4(OUTER, udp({ srcport: 50000, dstport: 4789 }, inside));

test.each([
  ['VXLAN', (given: typeof V4, inside: Part) => inDatagram(vxlan({ vni: 7 }, ethernet({}, inner(given, inside))))],
  ['GRE', (given: typeof V4, inside: Part) => ipv4(OUTER, gre({}, inner(given, inside), { key: 1, checksum: true }))],
  ['GRE without a checksum', (given: typeof V4, inside: Part) => ipv4(OUTER, gre({}, inner(given, inside)))],
  [
    'GRE in VXLAN',
    (given: typeof V4, inside: Part) =>
      inDatagram(vxlan({ vni: 7 }, ethernet({}, ipv4(OUTER, gre({}, inner(given, inside), { checksum: true }))))),
  ],
  ['MPLS', (given: typeof V4, inside: Part) => mpls([{ label: 16 }], inner(given, inside))],
  ['UDP-Lite', (given: typeof V4, inside: Part) => ipv4(given, udpLite(PORTS, inside))],
  [
    'UDP-Lite that covers its header',
    (given: typeof V4, inside: Part) => ipv4(given, udpLite({ ...PORTS, checksum_coverage: 8 }, inside)),
  ],
  [
    'SCTP in UDP',
    (given: typeof V4, inside: Part) =>
      ipv4(given, udp({ srcport: 9899, dstport: 9899 }, sctp(PORTS, [sctpData({}, inside)]))),
  ],
])('checksums around a packet in %s are as if it had been built anew', (_, tunnel) => {
  const frame = (given: typeof V4, inside: Part) => build(ethernet({}, tunnel(given, inside)));
  expect(rewritten(frame(V4, before))).toEqual({ hex: toHex(frame(NEW_V4, after)), left: 0 });
});

test('so is one over IPv6', () => {
  const [was, is] = [over6(TO6, udp(PORTS, before)), over6(NEW6, udp(PORTS, after))];
  expect(rewritten(was)).toEqual({ hex: toHex(is), left: 0 });
});

test('checksums that were wrong are as wrong as before', () => {
  const wrong = (given: typeof V4, inside: Part) => over4(given, udp({ ...PORTS, checksum: 1 }, inside));
  const { hex } = rewritten(wrong(V4, before));
  const right = toHex(over4(NEW_V4, udp(PORTS, after)));
  expect(hex).not.toBe(right);
  // Everything but the checksum, two bytes at 40, is as it should be.
  expect(hex.slice(0, 80) + hex.slice(84)).toBe(right.slice(0, 80) + right.slice(84));
});

test('a frame that the capture cut is rewritten as far as it reaches', () => {
  const keep = 14 + 20 + 8 + 40;
  const idle = new ChannelRewriter({ ids: new Map() });
  const { hex } = rewritten(over4(V4, udp(PORTS, before)), idle, keep);
  expect(hex).toBe(toHex(over4(NEW_V4, udp(PORTS, before)).subarray(0, keep)));
});

test('the first fragment carries the change of the checksum, the others their addresses', () => {
  const pieces = (given: typeof V4) =>
    ipv4Fragments(given, udp(PORTS, raw(new Uint8Array(100).fill(7))), 64).map((part) => build(ethernet({}, part)));
  const idle = new ChannelRewriter({ ids: new Map() });
  expect(pieces(V4).map((bytes) => rewritten(bytes, idle).hex)).toEqual(pieces(NEW_V4).map(toHex));
});

test('nothing to change changes nothing, whatever the bytes', () => {
  const idle = new ChannelRewriter({ ids: new Map() });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0x0800, 0x86dd), (noise, type) => {
      const bytes = build(ethernet({ type }, raw(noise)));
      const limit = { captured: bytes.length, wire: bytes.length };
      const copy = bytes.slice();
      const dissection = dissect(viewOf(bytes), 0, limit, 1, 1, liveReassembly());
      rewriteFrame(viewOf(copy), dissection, [], idle);
      expect(toHex(copy)).toBe(toHex(bytes));
    }),
  );
});

test('any bytes can be rewritten', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0x0800, 0x86dd), (noise, type) => {
      const bytes = build(ethernet({ type }, raw(noise)));
      expect(rewritten(bytes).hex).toHaveLength(2 * bytes.length);
    }),
  );
});

test('cookies on a channel are those of whoever opened it', () => {
  const id = 0x1a2b3c4d;
  const responderSecret = Uint8Array.of(9);
  const channel = new ChannelRewriter({ ids: new Map(), initiatorSecret: SECRET, responderSecret });
  const play = (part: Part): string => {
    const bytes = build(part);
    const limit = { captured: bytes.length, wire: bytes.length };
    const { channels } = dissect(viewOf(bytes), 0, limit, 147, 1, liveReassembly());
    const copy = bytes.slice();
    for (const one of channels) channel.rewrite(one, viewOf(copy), 0);
    return toHex(copy);
  };
  const acknowledge = (cookie1: Uint8Array, cookie2: Uint8Array) =>
    channelPacket(hmac, { sender: BOB, recipient: ALICE }, [
      message(hmac, 'CHANNEL_ACKNOWLEDGE', { id, cookie1, cookie2 }),
    ]);
  const early = (from: Uint8Array, to: Uint8Array, cookie: Uint8Array) =>
    channelPacket(hmac, { sender: from, recipient: to, id }, [
      message(hmac, 'CHANNEL_COOKIE', { cookie, caps: 0 }),
      data(hmac, Uint8Array.of(1)),
    ]);
  const roles = { initiator: ALICE, responder: BOB, c1: 0x1a2b };
  const cookie1 = cookieKey(hmac, SECRET)(roles);
  const cookie2 = cookieKey(hmac, responderSecret)({ ...roles, c2: 0x3c4d });
  expect(play(acknowledge(id16(0), id16(0)))).toBe(toHex(build(acknowledge(cookie1, cookie2))));
  expect(play(early(BOB, ALICE, id16(0)))).toBe(toHex(build(early(BOB, ALICE, cookie1))));
  expect(play(early(ALICE, BOB, id16(0)))).toBe(toHex(build(early(ALICE, BOB, cookie2))));
});
