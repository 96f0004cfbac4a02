import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as arpLayouts from '../../dissectors/arp/layout.js';
import * as bcpLayouts from '../../dissectors/bcp/layout.js';
import * as cephLayouts from '../../dissectors/ceph/layout.js';
import * as chdlcLayouts from '../../dissectors/chdlc/layout.js';
import * as dnsLayouts from '../../dissectors/dns/layout.js';
import * as erspanLayouts from '../../dissectors/erspan/layout.js';
import * as espLayouts from '../../dissectors/esp/layout.js';
import * as etheripLayouts from '../../dissectors/etherip/layout.js';
import * as ethernetLayouts from '../../dissectors/ethernet/layout.js';
import * as frameRelayLayouts from '../../dissectors/frame-relay/layout.js';
import * as geneveLayouts from '../../dissectors/geneve/layout.js';
import * as greLayouts from '../../dissectors/gre/layout.js';
import * as gtpLayouts from '../../dissectors/gtp/layout.js';
import * as hipLayouts from '../../dissectors/hip/layout.js';
import * as icmpLayouts from '../../dissectors/icmp/layout.js';
import * as optionLayouts from '../../dissectors/icmp/layout-options.js';
import * as icmpv6Layouts from '../../dissectors/icmp/layout-v6.js';
import * as ahLayouts from '../../dissectors/ieee8021ah/layout.js';
import * as ipv4Layouts from '../../dissectors/ipv4/layout.js';
import { EXTENSION_KEY, ipv6Extensions } from '../../dissectors/ipv6/dissect.js';
import { EXTENSIONS } from '../../dissectors/ipv6/extensions.js';
import * as ipv6Layouts from '../../dissectors/ipv6/layout.js';
import * as isakmpLayouts from '../../dissectors/isakmp/layout.js';
import * as l2tpLayouts from '../../dissectors/l2tp/layout.js';
import { type Context, type Dissector, NOT_MINE } from '../../dissectors/layer.js';
import { loopHeader, nullHeader } from '../../dissectors/loopback/layout.js';
import * as mplsLayouts from '../../dissectors/mpls/layout.js';
import * as nflogLayouts from '../../dissectors/nflog/layout.js';
import * as openvpnLayouts from '../../dissectors/openvpn/layout.js';
import * as pflogLayouts from '../../dissectors/pflog/layout.js';
import * as ppiLayouts from '../../dissectors/ppi/layout.js';
import * as pppLayouts from '../../dissectors/ppp/layout.js';
import { LINK_TYPE_PPP_BARE } from '../../dissectors/ppp/link-types.js';
import * as pppoeLayouts from '../../dissectors/pppoe/layout.js';
import * as prismLayouts from '../../dissectors/prism/layout.js';
import * as radiotapLayouts from '../../dissectors/radiotap/layout.js';
import { DISSECTORS, dissectorFor } from '../../dissectors/registry.js';
import * as sctpLayouts from '../../dissectors/sctp/layout.js';
import * as parameterLayouts from '../../dissectors/sctp/parameters.js';
import * as sllLayouts from '../../dissectors/sll/layout.js';
import * as stunLayouts from '../../dissectors/stun/layout.js';
import * as tcpLayouts from '../../dissectors/tcp/layout.js';
import * as teredoLayouts from '../../dissectors/teredo/layout.js';
import * as tlsLayouts from '../../dissectors/tls/layout.js';
import * as udpLayouts from '../../dissectors/udp/layout.js';
import * as udpliteLayouts from '../../dissectors/udplite/layout.js';
import * as vlanLayouts from '../../dissectors/vlan/layout.js';
import * as vntagLayouts from '../../dissectors/vntag/layout.js';
import * as vxlanLayouts from '../../dissectors/vxlan/layout.js';
import * as wgLayouts from '../../dissectors/wg/layout.js';
import type { Value } from '../../dissectors/wire/field.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import type { Line } from '../../dissectors/wire/line.js';
import { decode, encode } from '../../dissectors/wire/message.js';
import type { Limit } from '../../dissectors/wire/stop.js';
import { bytesOf, toHex, viewOf } from '../../dissectors/wire/view.js';
import * as wlanLayouts from '../../dissectors/wlan/layout.js';
import { WLAN_KEYS } from '../../dissectors/wlan/link-types.js';
import { hex } from '../hex.js';
import { context, layerOf, linesOf, network, walk } from './dissecting.js';
import { LINK_SAMPLES } from './link-samples.js';

/** Bytes like those of headers: many zeros and small numbers, so that lengths and types often make sense. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.nat(255) },
  { weight: 3, arbitrary: fc.nat(12) },
  { weight: 1, arbitrary: fc.constantFrom(0x45, 0x60, 0x50, 0x80, 0xff, 17, 43, 44, 58, 60, 132) },
);
const bytes = fc.array(byte, { maxLength: 160 }).map((values) => Uint8Array.from(values));
const setting = fc.record({
  bytes,
  at: fc.nat(6),
  cut: fc.nat(40),
  more: fc.nat(80),
  version: fc.constantFrom<4 | 6>(4, 6),
  quoted: fc.constantFrom<true | undefined>(true, undefined),
  known: fc.boolean(),
  key: fc.oneof(fc.nat(300), fc.constantFrom(...WLAN_KEYS, LINK_TYPE_PPP_BARE)),
});
type Setting = typeof setting extends fc.Arbitrary<infer S> ? S : never;

const contextOf = ({ key, known, version, quoted }: Setting): Context =>
  context({ key, quoted, network: known ? network(version, 0x1234, 6) : undefined });

function limitOf({ bytes: { length }, at, cut, more }: Setting): Limit {
  const captured = Math.max(Math.min(at, length), length - cut);
  return { captured, wire: captured + more };
}

function expectInside(line: Line, at: number, captured: number): void {
  expect(line.start).toBeGreaterThanOrEqual(at);
  expect(line.end).toBeLessThanOrEqual(captured);
  expect(line.start).toBeLessThanOrEqual(line.end);
  for (const child of line.children) expectInside(child, at, captured);
}

/** Everything that a dissector says of some bytes, without the view that it points into. */
function said(dissector: Dissector, given: Setting, view: DataView) {
  const limit = limitOf(given);
  const at = Math.min(given.at, limit.captured);
  const found = dissector.dissect(view, at, limit, contextOf(given));
  const layer = layerOf(dissector.name, at, limit, found);
  const line = linesOf(dissector, view, layer);
  const text = JSON.stringify([found, line, dissector.summary(view, layer)], (key, value) =>
    key === 'view' ? undefined : typeof value === 'bigint' ? `${value}` : value,
  );
  return { at, limit, found, line, text };
}

const everyDissector = [
  ...DISSECTORS.map((dissector) => [dissector.title, dissector] as const),
  [
    'IPv6 extension headers',
    {
      ...ipv6Extensions,
      dissect: (view, at, limit, told) =>
        ipv6Extensions.dissect(view, at, limit, {
          ...told,
          key: EXTENSION_KEY + (EXTENSIONS[told.key % EXTENSIONS.length] ?? 0),
        }),
    } satisfies Dissector,
  ] as const,
] as const;

test.each(everyDissector)('no bytes make %s throw, or point past the capture', (_, dissector) => {
  fc.assert(
    fc.property(setting, (given) => {
      const { at, limit, found, line } = said(dissector, given, viewOf(given.bytes));
      expectInside(line, at, limit.captured);
      if (!found) return;
      if (!found.ok) {
        expect(found.have).toBeLessThan(found.need);
        return;
      }
      for (const payload of [found, ...(found.more ?? [])]) {
        expect(payload.at).toBeGreaterThanOrEqual(at);
        expect(payload.at).toBeLessThanOrEqual(limit.captured);
        expect(payload.limit.captured).toBeLessThanOrEqual(limit.captured);
        expect(payload.limit.captured).toBeLessThanOrEqual(payload.limit.wire);
        const isSliced = found.findings?.some(({ code }) => code === 'packet-sliced');
        if (!given.quoted && !isSliced) expect(payload.limit.wire).toBeLessThanOrEqual(limit.wire);
      }
    }),
    { numRuns: 400 },
  );
});

test.each(everyDissector)('%s reads nothing past the capture, and nothing before its layer', (_, dissector) => {
  fc.assert(
    fc.property(setting, fc.nat(255), (given, noise) => {
      const { captured } = limitOf(given);
      const at = Math.min(given.at, captured);
      const other = given.bytes.map((value, place) => (place < at || place >= captured ? value ^ noise : value));
      const longer = new Uint8Array(other.length + 64).fill(noise);
      longer.set(other);
      const { text } = said(dissector, given, viewOf(given.bytes));
      expect(said(dissector, given, viewOf(other)).text).toBe(text);
      expect(said(dissector, given, viewOf(longer)).text).toBe(text);
      // A view that ends where the capture does: a read beyond would throw.
      expect(said(dissector, given, viewOf(given.bytes.slice(0, captured))).text).toBe(text);
    }),
    { numRuns: 200 },
  );
});

const SEEDS: readonly (readonly [linkType: number, packet: string])[] = [
  ...LINK_SAMPLES.map(({ linkType, packet }) => [linkType, toHex(packet)] as const),
  // Ethernet, VLAN, IPv4 with a source route, UDP.
  [
    1,
    '020000000002 020000000001 8100 0064 0800 4700 002c 0001 0000 40 11 0000 0a000001 0a000002 8307040506070801 c000 0035 0010 0000 0102030405060708',
  ],
  // Cooked, IPv6 with options and routing, TCP with options.
  [
    113,
    '0000 0001 0006 020000000001 0000 86dd 60000000 0046 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002 2b00 0502 0000 0100 0602 0001 00000000 20010db8000000000000000000000007 c000 0050 00000001 00000002 8018 0200 0000 0000 0101080a 00000001 00000002 aabb',
  ],
  // Raw, IPv4, ICMP that quotes IPv4 and UDP, with extensions.
  [
    101,
    '4500 0050 0001 0000 40 01 0000 0a000001 0a000002 0b 00 0000 00 07 0000 4500 0064 0001 0000 40 11 0000 0a000001 0a000002 c000 0035 0050 1234 20000000 00080101 0006413f 00080202 08657468',
  ],
  // Loopback, IPv4, SCTP with DATA and SACK.
  [
    0,
    '02000000 4500 0058 0001 0000 40 84 0000 0a000001 0a000002 1388 1092 deadbeef 00000000 03000010 000003e8 00001388 00000000 00030015 000003e8 0001 0002 0000002e 68656c6c6f000000',
  ],
  // IPv4, UDP, DNS: a response with a compressed name, an address and an OPT record with cookies.
  [
    101,
    '4500 0083 0001 0000 40 11 0000 0a000001 0a000002 0035 c000 006f 0000 ab87 8500 0001 0001 0000 0001 03777777 0474657374 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201 00 0029 04d0 00000000 001c 000a 0018 a1a2a3a4a5a6a7a8 010000006b0e4f3e48f15faad2031112',
  ],
  // IPv6, ICMPv6 router advertisement with options.
  [
    229,
    '60000000 0038 3a ff 20010db8000000000000000000000001 20010db8000000000000000000000002 86 00 0000 40 c8 0708 00000000 00000001 0501 0000 000005dc 1902 0000 00000001 0102030405060708 1f02 0000 00000001 0161016200016300',
  ],
];

test('packets changed at random are walked to an end', () => {
  const change = fc.record({ place: fc.nat(200), value: byte });
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 6 }), fc.nat(40), (seed, changes, cut) => {
      const [linkType, packet] = seed;
      const view = hex(packet);
      for (const { place, value } of changes) view.setUint8(place % view.byteLength, value);
      const captured = Math.max(0, view.byteLength - cut);
      const steps = walk(view, 0, { captured, wire: view.byteLength }, linkType);
      // Some protocols decline what is not of theirs.
      const first = dissectorFor('link', linkType)?.dissect(view, 0, { captured, wire: view.byteLength }, context());
      expect(steps.length > 0).toBe(first !== NOT_MINE);
      for (const { dissector, layer } of steps) {
        expectInside(linesOf(dissector, view, layer), layer.at, captured);
        expect(dissector.summary(view, layer)).not.toBe('');
      }
    }),
    { numRuns: 1000 },
  );
});

const isLayout = (value: unknown): value is Layout => typeof value === 'object' && value !== null && 'list' in value;

/** Every layout that a module of layouts holds, in tables or on its own. */
const layoutsIn = (value: unknown): readonly Layout[] => {
  if (isLayout(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(layoutsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(layoutsIn) : [];
};

/** Without truths of several bits: they do not tell which bits, as the word above them does. */
const writable = (layout: Layout, values: Record<string, Value>) =>
  Object.fromEntries(
    layout.list
      .filter(({ kind, mask }) => kind !== 'bool' || (mask & (mask - 1)) === 0)
      .map(({ key }) => [key, values[key]]),
  );

const LAYOUTS = [
  arpLayouts,
  ethernetLayouts,
  icmpLayouts,
  icmpv6Layouts,
  optionLayouts,
  ipv4Layouts,
  ipv6Layouts,
  sctpLayouts,
  parameterLayouts,
  sllLayouts,
  stunLayouts,
  hipLayouts,
  tcpLayouts,
  udpLayouts,
  vlanLayouts,
  cephLayouts,
  dnsLayouts,
  ahLayouts,
  bcpLayouts,
  chdlcLayouts,
  frameRelayLayouts,
  nflogLayouts,
  pflogLayouts,
  ppiLayouts,
  pppLayouts,
  pppoeLayouts,
  prismLayouts,
  radiotapLayouts,
  vntagLayouts,
  wlanLayouts,
  erspanLayouts,
  etheripLayouts,
  geneveLayouts,
  greLayouts,
  gtpLayouts,
  l2tpLayouts,
  mplsLayouts,
  teredoLayouts,
  udpliteLayouts,
  vxlanLayouts,
  espLayouts,
  isakmpLayouts,
  openvpnLayouts,
  tlsLayouts,
  wgLayouts,
].flatMap((module) => layoutsIn({ ...module }));

test('what a layout writes, it reads back', () => {
  const fixed = LAYOUTS.filter((layout) => layout.fixed);
  expect(fixed.length).toBeGreaterThan(100);
  for (const layout of fixed) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: layout.size, maxLength: layout.size }), (given) => {
        const values = decode(layout, viewOf(given), 0);
        const written = new DataView(new ArrayBuffer(layout.size + 8));
        expect(encode(layout, writable(layout, values), written, 3)).toBe(3 + layout.size);
        expect(decode(layout, written, 3)).toEqual(values);
        expect([...bytesOf(written).subarray(0, 3), ...bytesOf(written).subarray(3 + layout.size)]).toEqual(
          Array(8).fill(0),
        );
      }),
      { numRuns: 20 },
    );
  }
});

test('addresses of any size are written and read back', () => {
  const { arpOther } = arpLayouts;
  const address = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(fc.nat(0xffff), fc.tuple(address, address), (opcode, [hardware, protocol]) => {
      const values = {
        'hw.type': 7,
        'proto.type': 0x1234,
        'hw.size': hardware.length,
        'proto.size': protocol.length,
        opcode,
        'src.hw': hardware,
        'src.proto': protocol,
        'dst.hw': hardware,
        'dst.proto': protocol,
      };
      const written = new DataView(new ArrayBuffer(100));
      expect(encode(arpOther, values, written, 0)).toBe(8 + 2 * (hardware.length + protocol.length));
      expect(decode(arpOther, written, 0)).toEqual(values);
    }),
  );
});

test.each([2, 7, 24, 28, 30])('the family %i of a loopback packet reads back in either byte order', (family) => {
  const written = new DataView(new ArrayBuffer(4));
  for (const layout of [nullHeader, loopHeader]) {
    encode(layout, { family }, written, 0);
    expect(decode(nullHeader, written, 0)).toEqual({ family });
  }
});
