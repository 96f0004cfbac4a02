import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelPacket, message } from '../../crafter/channel-part.js';
import { ethernet } from '../../crafter/link-part.js';
import { ipv4, ipv4Fragments, ipv6 } from '../../crafter/network-part.js';
import { announced, build, fields, joined, type Part, raw, text } from '../../crafter/part.js';
import { udp } from '../../crafter/transport-part.js';
import { bridged, geneve, gre, gtp, mpls, udpLite, vxlan } from '../../crafter/tunnel-part.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { type Dissection, dissect } from '../../dissectors/dissect.js';
import { controlWord } from '../../dissectors/mpls/layout.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { DISSECTORS, dissectorNamed } from '../../dissectors/registry.js';
import { textOf } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import { fromHex, viewOf } from '../../dissectors/wire/view.js';
import { linesOf, valuesOf } from './dissecting.js';
import { readAll } from './file/read-all.js';

const ADDRESSES = { src: 0xc0000201, dst: 0xc0000202 };
const ADDRESSES6 = { src: Uint8Array.of(0x20, 1, ...new Array(14).fill(1)), dst: new Uint8Array(16).fill(0x20) };
const PORTS = { srcport: 4242, dstport: 4243 };
const hmac = dialectNamed('hmac');
const channel = channelPacket(hmac, { sender: new Uint8Array(16).fill(1), recipient: new Uint8Array(16).fill(2) }, [
  message(hmac, 'CHANNEL_NEW', { c1: 0x1a2b, cookie1: new Uint8Array(16) }),
]);
const packet = (payload: Part = channel): Part => ipv4(ADDRESSES, udp(PORTS, payload));
const over = (inside: Part): Part => ethernet({}, ipv4(ADDRESSES, inside));
const datagram = (dstport: number, inside: Part, srcport = 50000): Part => over(udp({ srcport, dstport }, inside));

function dissected(frame: Part, reassembly = liveReassembly(), number = 1): Dissection {
  const view = viewOf(build(frame));
  const limit = { captured: view.byteLength, wire: view.byteLength };
  return dissect(view, 0, limit, 1, number, reassembly);
}
const layersOf = ({ layers }: Dissection): string => layers.map(({ name }) => name).join(':');
/** What is told of the layers; how the channel packets fare is another matter. */
const toldOf = ({ findings }: Dissection): readonly string[] =>
  findings.filter(({ code }) => code !== 'new-unpadded').map(textOf);

test.each([1701, 2152, 3544, 4754, 4789, 4790, 6081, 6635, 9899])(
  'a channel packet is one on port %i too, where a tunnel has its place',
  (port) => {
    expect(layersOf(dissected(datagram(port, channel)))).toBe('eth:ip:udp:chan');
    expect(layersOf(dissected(datagram(50000, channel, port)))).toBe('eth:ip:udp:chan');
  },
);

test.each([
  ['VXLAN', 4789, vxlan({}, ethernet({}, packet()))],
  ['Geneve', 6081, geneve({}, bridged(ethernet({}, packet())))],
  ['GTP', 2152, gtp({}, packet())],
  ['MPLS', 6635, mpls([{}], packet())],
  ['GRE', 4754, gre({}, packet())],
])('%s is found by either of its two ports', (_, port, inside) => {
  for (const frame of [datagram(port, inside), datagram(50000, inside, port), datagram(80, inside, port)]) {
    expect(dissected(frame).channels).toHaveLength(1);
  }
});

test.each([
  ['GTP of version 2', 2152, gtp({ 'flags.version': 2 }, packet())],
  ["GTP'", 2152, gtp({ 'flags.payload': 0 }, packet())],
  ['L2TP of version 1', 1701, raw(Uint8Array.of(0, 1, 0, 1, 0, 2, 3, 4, 5))],
  ['what is no IPv6 on the port of Teredo', 3544, text('GET / HTTP/1.0')],
  ['nothing at all on the port of VXLAN', 4789, text('')],
])('%s is plain data, without a finding', (_, port, inside) => {
  const dissection = dissected(datagram(port, inside));
  expect(layersOf(dissection)).toBe(inside.size === 0 ? 'eth:ip:udp' : 'eth:ip:udp:data');
  expect(toldOf(dissection)).toEqual([]);
});

test('Teredo between peers is known on any port by the addresses inside', () => {
  const teredo = { ...ADDRESSES6, src: Uint8Array.of(0x20, 1, 0, 0, ...new Array(12).fill(1)) };
  const inside = (addresses: typeof ADDRESSES6) => ipv6(addresses, udp(PORTS, channel));
  expect(layersOf(dissected(datagram(5001, inside(teredo))))).toBe('eth:ip:udp:teredo:ipv6:udp:chan');
  expect(layersOf(dissected(datagram(5001, inside(ADDRESSES6))))).toBe('eth:ip:udp:data');
  // One byte too many: a datagram of something else that looks alike.
  const longer = joined([raw(build(inside(teredo)).subarray(0, -1))]);
  expect(layersOf(dissected(datagram(5001, longer)))).toBe('eth:ip:udp:data');
});

const word = fields(controlWord, { 'cw.sequence_number': 3 });

test.each([
  ['an Ethernet frame', ethernet({ dst: new Uint8Array(6) }, packet()), 'eth:mpls:eth:ip:udp:chan'],
  ['one behind a control word', joined([word, ethernet({}, packet())]), 'eth:mpls:pwethcw:eth:ip:udp:chan'],
  ['an IPv4 packet', packet(), 'eth:mpls:ip:udp:chan'],
  ['an IPv6 packet', ipv6(ADDRESSES6, udp(PORTS, channel)), 'eth:mpls:ipv6:udp:chan'],
  ['anything else', raw(new Uint8Array(60).fill(0x55)), 'eth:mpls:data'],
  ['nothing', text(''), 'eth:mpls'],
])('under a label %s is guessed by its first bits', (_, inside, expected) => {
  const dissection = dissected(ethernet({}, mpls([{ label: 16 }], inside)));
  expect(layersOf(dissection)).toBe(expected);
  expect(toldOf(dissection)).toEqual([]);
});

test('a stack of labels is one layer, however high, and one without a bottom is malformed', () => {
  const labels = Array.from({ length: 100 }, (_, label) => ({ label }));
  expect(layersOf(dissected(ethernet({}, mpls(labels, packet()))))).toBe('eth:mpls:ip:udp:chan');
  const bottomless = dissected(ethernet({}, mpls([{ bottom: 0 }, { bottom: 0 }], text(''))));
  expect(toldOf(bottomless)).toEqual(['mpls: needs 4 bytes, there are 0']);
});

test('tunnels in tunnels are followed to a depth, and no further', () => {
  const nested = (depth: number): Part => (depth === 0 ? packet() : ipv4(ADDRESSES, gre({}, nested(depth - 1))));
  expect(dissected(ethernet({}, nested(10))).channels).toHaveLength(1);
  const deep = dissected(ethernet({}, nested(100)));
  expect(deep.layers.length).toBe(32);
  expect(toldOf(deep)).toEqual(['more than 32 layers']);
});

test.each([
  ['version 4', 0x86dd, packet(), 'eth:ipv6:ip:udp:chan', 'IP version 4 where version 6 was announced'],
  [
    'version 6',
    0x0800,
    ipv6(ADDRESSES6, udp(PORTS, channel)),
    'eth:ip:ipv6:udp:chan',
    'IP version 6 where version 4 was announced',
  ],
])('an IP packet of %s is one, whatever announced it', (_, etherType, inside, expected, told) => {
  const dissection = dissected(ethernet({}, announced({ etherType }, inside)));
  expect(layersOf(dissection)).toBe(expected);
  expect(toldOf(dissection)).toEqual([told]);
});

test.each([
  ['VXLAN', (id: number, inside: Part) => datagram(4789, vxlan({ vni: id }, ethernet({}, inside)))],
  ['Geneve', (id: number, inside: Part) => datagram(6081, geneve({ vni: id }, bridged(ethernet({}, inside))))],
  ['GTP', (id: number, inside: Part) => datagram(2152, gtp({ teid: id }, inside))],
  ['MPLS', (id: number, inside: Part) => ethernet({}, mpls([{ label: 7 }, { label: id }], inside))],
  ['GRE', (id: number, inside: Part) => over(gre({}, inside, { key: id, checksum: true }))],
])('fragments of two networks in %s are not joined', (_, tunnel) => {
  const [first, last] = ipv4Fragments({ ...ADDRESSES, id: 9 }, udp(PORTS, channel), 64) as [Part, Part];
  const apart = liveReassembly();
  dissected(tunnel(1, first), apart, 1);
  expect(dissected(tunnel(2, last), apart, 2).channels).toHaveLength(0);
  expect(dissected(tunnel(1, last), apart, 3).channels).toHaveLength(1);
});

test.each([
  ['all of it', {}, 'good', []],
  ['its header', { checksum_coverage: 8 }, 'good', []],
  ['some of it', { checksum_coverage: 10 }, 'good', []],
  [
    'less than its header',
    { checksum_coverage: 7 },
    'unverified',
    ['udp.checksum_coverage: needs 7 bytes, there are 13'],
  ],
  [
    'more than there is',
    { checksum_coverage: 99 },
    'unverified',
    ['udp.checksum_coverage: needs 99 bytes, there are 13'],
  ],
  ['nothing: it is zero', { checksum: 0 }, 'illegal', ['UDP-Lite checksum of zero']],
  ['all of it, and is wrong', { checksum: 1 }, 'bad', ['UDP-Lite checksum should be 0x166f']],
])('a checksum of UDP-Lite that covers %s', (_, given, status, told) => {
  const dissection = dissected(over(udpLite({ ...PORTS, ...given }, text('hello'))));
  const layer = dissection.layers.find(({ name }) => name === 'udplite');
  expect(layer?.facts).toMatchObject({ type: 'checksum', status });
  expect(toldOf(dissection)).toEqual(told);
});

test('a bad checksum of GRE is told, and what it carries is read', () => {
  const bytes = build(over(gre({}, packet(), { checksum: true })));
  bytes[14 + 20 + 4] = (bytes[14 + 20 + 4] ?? 0) ^ 0x40;
  const dissection = dissected(raw(bytes));
  expect(toldOf(dissection)).toEqual([expect.stringMatching(/^GRE checksum should be 0x/)]);
  expect(dissection.channels).toHaveLength(1);
});

/** Captures of the collection that consist of tunnels. */
const CAPTURES = ['gre', 'erspan', 'vxlan', 'geneve', 'mpls', 'gtp', 'l2tp', 'teredo', 'ah', 'udplite', 'ip-in-ip'];
const FRAMES = CAPTURES.flatMap((name) =>
  readAll(new Uint8Array(readFileSync(`fixtures/${name}.pcap`))).rows.map(({ bytes }) => fromHex(bytes)),
);

function expectInside(line: Line, captured: number): void {
  expect(line.start).toBeLessThanOrEqual(line.end);
  expect(line.end).toBeLessThanOrEqual(captured);
  for (const child of line.children) expectInside(child, captured);
}

test('frames of tunnels changed and cut at random are dissected to an end', () => {
  const change = fc.record({ place: fc.nat(120), value: fc.oneof(fc.nat(255), fc.nat(8)) });
  fc.assert(
    fc.property(fc.constantFrom(...FRAMES), fc.array(change, { maxLength: 5 }), fc.nat(160), (frame, changes, cut) => {
      const bytes = frame.slice(0, Math.max(14, frame.length - cut));
      for (const { place, value } of changes) if (place < bytes.length) bytes[place] = value;
      const view = viewOf(bytes);
      const limit = { captured: bytes.length, wire: frame.length };
      const { layers, sources } = dissect(view, 0, limit, 1, 1, liveReassembly());
      for (const layer of layers) {
        const bytesOfLayer = sources[layer.source]?.view ?? view;
        const dissector = dissectorNamed(layer.name);
        if (!dissector) continue;
        expectInside(linesOf(dissector, bytesOfLayer, layer), bytesOfLayer.byteLength);
        expect(dissector.summary(bytesOfLayer, layer)).not.toBe('');
      }
    }),
    { numRuns: 1500 },
  );
});

test('every field that a layer of a tunnel shows is one that its dissector declares', () => {
  for (const frame of FRAMES) {
    const view = viewOf(frame);
    const limit = { captured: frame.length, wire: frame.length };
    for (const layer of dissect(view, 0, limit, 1, 1, liveReassembly()).layers) {
      const dissector = DISSECTORS.find(({ name }) => name === layer.name);
      if (!dissector) continue;
      const declared = new Set(dissector.fields.map(({ path }) => path));
      expect(Object.keys(valuesOf(linesOf(dissector, view, layer))).filter((path) => !declared.has(path))).toEqual([]);
    }
  }
});
