import { expect, test } from 'vitest';
import { accessOf } from '../../../analyzer/filter/access.js';
import { Names } from '../../../analyzer/filter/names.js';
import { plainValue } from '../../../analyzer/filter/reader.js';
import type { Value } from '../../../analyzer/filter/types.js';
import { replay } from '../../../analyzer/index/replay.js';
import { textsOf } from '../../../analyzer/print/field-texts.js';
import { EITHER, pathsOf } from '../../../analyzer/print/fields.js';
import { JsonPackets } from '../../../analyzer/print/json.js';
import { fieldNamed, isHeading, knownFields } from '../../../analyzer/print/known-fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { isDuration } from '../../../analyzer/print/tell-segment.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import { DISSECTORS } from '../../../dissectors/registry.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { isOnRequest } from '../../on-request.js';
import { FIXTURES, indexed } from '../pipeline/pipeline.js';
import { askedOf } from './asked-of.js';
import { fieldValues } from './tree-values.js';

/** Every name that a filter or `-e` could know: fields, those that stand for several, layers and other headings. */
const FIELDS = [...new Set([...knownFields().keys(), ...Object.keys(EITHER)])];
const HEADS = [...new Set(FIELDS.map((path) => path.split('.', 1)[0] ?? path))];

/** Filters compare times as moments and lengths of time as nanoseconds, which `-e` prints in words and seconds. */
const COMPARED = FIELDS.filter((path) => !path.startsWith('frame.time') && !isDuration(path));

/** Layers whose JSON has a key for each of their fields. */
const IN_JSON = new Set<string>(DISSECTORS.flatMap(({ fields }) => fields.map(({ path }) => path)));

const names = new Names();
const READERS = COMPARED.map((name) => {
  const named = names.find(name);
  const isInJson = IN_JSON.has(name) && pathsOf(name).length === 1;
  return { name, read: named && accessOf(named).some, texts: textsOf(name), isInJson };
});

const plain = (value: Value): string => (value instanceof Uint8Array ? toHex(value) : `${value}`);

/** The values that a filter compares, in their order. */
function filterValues(read: ReturnType<typeof accessOf>['some'] | undefined, packet: Packet): readonly string[] {
  const found: string[] = [];
  read?.(packet, (value) => {
    found.push(plain(value));
    return false;
  });
  return found;
}

type Json = Readonly<Record<string, unknown>>;

/** How often each field of a lower layer stands in a packet's JSON. */
function jsonCounts(packet: Packet): ReadonlyMap<string, number> {
  const text = new Utf8Text();
  new JsonPackets().write(packet, text);
  const counts = new Map<string, number>();
  for (const [layer, value] of Object.entries(JSON.parse(text.toString()) as Json)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one !== 'object' || one === null) continue;
      for (const [key, held] of Object.entries(one as Json)) {
        const path = `${layer}.${key}`;
        counts.set(path, (counts.get(path) ?? 0) + (Array.isArray(held) ? held.length : 1));
      }
    }
  }
  return counts;
}

test('filters and -e know the same names', () => {
  for (const name of [...FIELDS, ...HEADS]) {
    const printed = fieldNamed(name) !== undefined || isHeading(name);
    expect([name, names.find(name) !== undefined]).toEqual([name, printed]);
  }
});

test.each(FIXTURES)('filters, -e and JSON have the same values of every field in %s', async (fixture) => {
  const capture = await indexed(`fixtures/${fixture}`);
  for (let number = 1; number <= capture.index.length; number++) {
    const packet = replay(capture, number);
    const counts = jsonCounts(packet);
    const isAsked = askedOf(packet);
    for (const [place, { name, read, texts: textsIn, isInJson }] of READERS.entries()) {
      // Readings of a number as a SYN cookie are told only to those who ask for them by name.
      if (!isAsked(name, place) || isOnRequest(name)) continue;
      const values = fieldValues(packet, name);
      const printed = values.map(({ value }) => plain(plainValue(value)));
      const filtered = filterValues(read, packet);
      if (filtered.join() !== printed.join()) {
        expect.fail(`packet ${number}: ${name}: ${filtered} in filters, ${printed} in -e`);
      }
      const texts = textsIn(packet);
      if (texts.length !== values.length) expect.fail(`packet ${number}: ${name}: ${texts} in a column of -e`);
      if (!isInJson) continue;
      const count = counts.get(name) ?? 0;
      if (count !== values.length) expect.fail(`packet ${number}: ${name}: ${count} in JSON, ${values.length} in -e`);
    }
  }
  await capture.close();
});
