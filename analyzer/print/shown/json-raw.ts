import type { Kind } from '../../../dissectors/wire/field.js';
import { jsonText } from '../json-text.js';
import type { Packet } from '../packet.js';
import type { Utf8Text } from '../utf8-text.js';
import { indexName } from './elastic.js';
import { type Json, Members } from './members.js';
import { maskOf, type NameFilter, type Shown, shownOf, valueHex } from './shown-fields.js';

/** Wireshark's numbers of types. Source: Wireshark 4.0, epan/ftypes/ftypes.h, `enum ftenum`. */
const TYPES: Readonly<Record<Exclude<Kind, 'uint' | 'id'>, number>> = {
  bool: 2,
  uint64: 11,
  string: 26,
  ether: 29,
  bytes: 30,
  ipv4: 32,
  ipv6: 33,
};
const [NONE, PROTOCOL] = [0, 1];
/** Of unsigned integers, by their size in bytes. */
const UINTS: readonly number[] = [7, 4, 5, 6, 7];

/** Writes the bytes of each field of a packet: in hex, where they stand, how many, which of their bits, and the type. */
export function writeJsonRaw(packet: Packet, filter: NameFilter, into: Utf8Text): void {
  const layers = new Members();
  for (const layer of shownOf(packet)) {
    const { name, children } = layer;
    layers.add(`${name}_raw`, rawJson(layer, PROTOCOL));
    const fields = new Members();
    if (!filter.opens(name, false)) fields.add('filtered', jsonText(name));
    else for (const child of children) addField(child, filter, INDENT, fields);
    layers.add(name, fields.json(INDENT));
  }
  const index = indexName(packet);
  into.add(`  {
    "_index": "${index}",
    "_type": "doc",
    "_score": null,
    "_source": {
      "layers": ${layers.json('      ')}
    }
  }`);
}

/** Of the objects of layers. */
const INDENT = '        ';

function addField(shown: Shown, filter: NameFilter, indent: string, into: Members): void {
  const { name, text, field, children } = shown;
  const isText = name === '';
  if (!isText) into.add(`${name}_raw`, rawJson(shown, typeOf(shown)));
  if (children.length === 0) return;
  const inside = new Members();
  if (isText || filter.opens(name, true)) for (const child of children) addField(child, filter, `${indent}  `, inside);
  else inside.add('filtered', jsonText(name));
  into.add(isText ? text : field ? `${name}_tree` : name, inside.json(`${indent}  `));
}

const rawJson = (shown: Shown, type: number): Json =>
  `[${jsonText(valueHex(shown))}, ${shown.start}, ${shown.size}, ${maskOf(shown)}, ${type}]`;

function typeOf({ field }: Shown): number {
  if (!field) return NONE;
  if (field.kind !== 'uint' && field.kind !== 'id') return TYPES[field.kind];
  return UINTS[typeof field.size === 'number' ? field.size : 0] ?? 7;
}
