import { afterAll, expect, test } from 'vitest';
import { accessOf } from '../../../analyzer/filter/access.js';
import { Names } from '../../../analyzer/filter/names.js';
import { plainValue, type Reader } from '../../../analyzer/filter/reader.js';
import type { Value } from '../../../analyzer/filter/types.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { isDuration } from '../../../analyzer/print/tell-segment.js';
import { DISSECTORS } from '../../../dissectors/registry.js';
import { isOnRequest } from '../../on-request.js';
import { makeFolder } from '../capture/files.js';
import { fieldValues } from '../print/tree-values.js';
import { eachPacket } from './reading.js';
import { trafficFile } from './traffic.js';

const folder = makeFolder();
afterAll(folder.remove);

/** The fixtures are compared where JSON is compared as well. */
const path = folder.write('traffic.pcapng', trafficFile());

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

/** What is read for one field only, and the same from the trees of everything. */
const READERS = [...knownFields().keys()].flatMap((path) => {
  const named = names.find(path);
  const owner = path.split('.', 1)[0] ?? '';
  if (!named || !LAYERS.has(owner) || isDuration(path)) return [];
  return [{ path, read: accessOf(named).some }];
});

const shown = (value: Value): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : `${value}`);

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

test('most fields are those of layers', () => {
  expect(READERS.length).toBeGreaterThan(100);
});

test('what is read for one field is what the tree shows, also in odd traffic', async () => {
  const differences = new Set<string>();
  let compared = 0;
  await eachPacket(path, (packet) => {
    for (const { path: field, read } of READERS) {
      if (isOnRequest(field)) continue;
      const found = valuesOf(read, packet).map(shown);
      const tree = fieldValues(packet, field).map(({ value }) => shown(plainValue(value)));
      compared += tree.length;
      if (JSON.stringify(found) === JSON.stringify(tree)) continue;
      differences.add(`${packet.number} ${field}: ${found.join()} for ${tree.join()}`);
    }
  });
  expect(compared).toBeGreaterThan(500);
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
