import { readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { accessOf, inLayers, ownersOf } from '../../../analyzer/filter/access.js';
import { Names } from '../../../analyzer/filter/names.js';
import { type Reader, treeReader } from '../../../analyzer/filter/reader.js';
import type { Value } from '../../../analyzer/filter/types.js';
import { fieldValues } from '../../../analyzer/print/fields.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { DISSECTORS } from '../../../dissectors/registry.js';
import { makeFolder } from '../capture/files.js';
import { eachPacket } from './reading.js';
import { trafficFile } from './traffic.js';

const folder = makeFolder();
afterAll(folder.remove);

const captures = readdirSync('fixtures').filter((name) => /\.pcap(ng)?$/.test(name));
const paths = [...captures.map((name) => `fixtures/${name}`), folder.write('traffic.pcapng', trafficFile())];

const LAYERS = new Set<string>(['chan', 'data', ...DISSECTORS.map(({ name }) => name)]);
const names = new Names();

const valuesOf = (read: Reader, packet: Packet): readonly Value[] => {
  const values: Value[] = [];
  read(packet, (value) => {
    values.push(value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
    return false;
  });
  return values;
};

/** What is read where it stands, and the same from the trees of all layers. */
const READERS = [...knownFields().keys()].flatMap((path) => {
  const named = names.find(path);
  const access = named && accessOf(named);
  const owner = path.split('.', 1)[0] ?? '';
  if (!access || access.how === 'tree' || !LAYERS.has(owner) || path === 'ip.version') return [];
  return [{ path, direct: access.some, tree: inLayers(new Set(ownersOf(path)), treeReader(path)) }];
});

test.each([
  ['ah', 'ah.pcap', true],
  ['ah', 'ipv6.pcap', false],
  ['vxlan', 'vxlan.pcap', true],
  ['vxlan', 'geneve.pcap', false],
  ['udp.srcport', 'udplite.pcap', true],
])('%s is in every packet of %s, or in none: %s', async (name, capture, expected) => {
  const named = names.find(name);
  const read = named && accessOf(named).some;
  await eachPacket(`fixtures/${capture}`, (packet) => {
    expect(read?.(packet, () => true)).toBe(expected);
  });
});

test('most fields are read where they stand', () => {
  expect(READERS.length).toBeGreaterThan(100);
});

test('what is read where it stands is what the tree shows, in every packet of every fixture', async () => {
  const differences = new Set<string>();
  let compared = 0;
  for (const path of paths) {
    await eachPacket(path, (packet) => {
      for (const reader of READERS) {
        const [direct, tree] = [valuesOf(reader.direct, packet), valuesOf(reader.tree, packet)];
        compared += tree.length;
        if (JSON.stringify(direct) === JSON.stringify(tree)) continue;
        differences.add(`${path} ${packet.number} ${reader.path}: ${direct.join()} for ${tree.join()}`);
      }
    });
  }
  expect(compared).toBeGreaterThan(10_000);
  expect([...differences].slice(0, 10)).toEqual([]);
});

test('fields of the packet as a whole are those that are printed', async () => {
  const whole = [...knownFields().keys()].filter((path) => /^(?:frame|channel|expert)\.(?!time)/.test(path));
  const readers = whole.flatMap((path) => {
    const named = names.find(path);
    return named ? [{ path, read: accessOf(named).some }] : [];
  });
  expect(readers.length).toBe(whole.length);
  for (const path of ['fixtures/demo.pcapng', 'fixtures/faults.pcapng', 'fixtures/modes.pcap']) {
    await eachPacket(path, (packet) => {
      for (const { path: field, read } of readers) {
        const printed = fieldValues(packet, field).map(({ value }) => value);
        expect([field, valuesOf(read, packet)]).toEqual([field, printed]);
      }
    });
  }
});
