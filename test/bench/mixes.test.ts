import { expect, test } from 'vitest';
import { type Dissection, dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';
import { framesOf } from './make-capture.js';
import { drawn } from './mix-fields.js';
import { MIXES, type MixName } from './mixes.js';

const COUNT = 3000;

/** The packets at the start of a mix, dissected in their order. */
function dissected(name: MixName): readonly Dissection[] {
  const reassembly = liveReassembly();
  return [...framesOf(MIXES[name], COUNT)].map((bytes, place) => {
    const limit = { captured: bytes.length, wire: bytes.length };
    return dissect(viewOf(bytes), 0, limit, MIXES[name].linkType, place + 1, reassembly);
  });
}

const layersOf = (packets: readonly Dissection[]): readonly string[] =>
  [...new Set(packets.map(({ layers }) => layers.map(({ name }) => name).join(':')))].sort();

const inUdp = ['eth:ip:udp:chan'];

test.each<[MixName, readonly string[]]>([
  ['bulk', inUdp],
  ['handshakes', inUdp],
  ['many', inUdp],
  ['zero', inUdp],
  ['vlan', ['eth:vlan:ip:udp:chan']],
  ['ipv6', ['eth:ipv6:udp:chan']],
  ['sll2', ['sll:ip:udp:chan']],
])('every packet of the mix %s is a channel packet, and nothing is wrong with it', (name, layers) => {
  const packets = dissected(name);
  expect(layersOf(packets)).toEqual(layers);
  expect(packets.flatMap(({ findings }) => findings)).toEqual([]);
  const statuses = packets.map((packet) => packet.layers.find((layer) => layer.name === 'udp')?.facts);
  const isBare = name === 'many' || name === 'zero';
  for (const facts of statuses) expect(facts).toMatchObject({ status: isBare ? 'absent' : 'good' });
});

test.each<[MixName, number]>([
  ['many', 16],
  ['handshakes', 12],
])('a channel of the mix %s has %i packets', (name, count) => {
  const next = MIXES[name].flows();
  expect([...next(0)].length).toBe(count);
  expect([...next(1)].length).toBe(count);
});

test('the mix stream holds channel packets that straddle segments', () => {
  const packets = dissected('stream');
  expect(packets.flatMap(({ findings }) => findings)).toEqual([]);
  expect(packets.flatMap(({ channels }) => channels).length).toBeGreaterThan(COUNT / 2);
  expect(packets.some(({ channels, sources }) => channels.length > 0 && sources.length > 1)).toBe(true);
});

test('the mix web holds TCP and UDP, no channel packet, and nothing that is wrong', () => {
  const packets = dissected('web');
  expect(packets.flatMap(({ findings }) => findings)).toEqual([]);
  expect(packets.flatMap(({ channels }) => channels)).toEqual([]);
  const web = ['eth:ip:tcp', 'eth:ip:tcp:tls', 'eth:ip:tcp:tls:tls', 'eth:ip:udp:data', 'eth:ip:udp:dns'];
  expect(layersOf(packets)).toEqual(web);
});

test.each(Object.keys(MIXES) as MixName[])(
  'the mix %s is the same each time, and a longer one starts with it',
  (name) => {
    const hexOf = (count: number) => [...framesOf(MIXES[name], count)].map(toHex);
    expect(hexOf(200)).toEqual(hexOf(300).slice(0, 200));
  },
);

test('fields are drawn by seed and mix, each once', () => {
  const fields = Array.from({ length: 40 }, (_, at) => `f${at}`);
  const first = drawn(fields, 7, 'bulk');
  expect(new Set(first).size).toBe(5);
  expect(drawn(fields, 7, 'bulk')).toEqual(first);
  expect(drawn(fields, 8, 'bulk')).not.toEqual(first);
  expect(drawn(fields, 7, 'many')).not.toEqual(first);
  expect(drawn(['one', 'two'], 7, 'bulk').toSorted()).toEqual(['one', 'two']);
});
