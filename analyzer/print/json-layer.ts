import type { Layer } from '../../dissectors/layer.js';
import type { Field } from '../../dissectors/wire/field.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { jsonMemory } from './json-memory.js';
import { jsonText } from './json-text.js';
import type { Packet } from './packet.js';
import { plainLayout } from './plain-layer.js';
import { layerLine } from './tree.js';
import type { Utf8Text } from './utf8-text.js';

/**
 * Writes a layer as JSON. The layers of most packets are written by code made from their layouts; whatever is unusual
 * (options, damage, other layers) by the lines of the tree. Both say the same: the tests compare them.
 * @param inner where the headers inside the layer go that have names of their own
 */
export function writeLayerJson(packet: Packet, layer: Layer, into: Utf8Text, inner: InnerHeaders): void {
  const layout = plainLayout(packet, layer);
  const view = packet.dissection.sources[layer.source]?.view;
  if (layout && view && jsonMemory()?.layer(layout, view, layer.at, into)) return;
  for (const [name, json] of linesJson(packet, layer)) {
    if (name === layer.name) into.add(json);
    else listAt(inner, name).push(json);
  }
}

/** Headers inside layers, such as `llc` and `ah`, by name: an object for each layer that has one. */
export type InnerHeaders = Map<string, string[]>;

/**
 * A layer by the lines of its tree, and the headers inside it, by name: every field once, or as a list where it occurs
 * more often.
 */
export function linesJson(packet: Packet, layer: Layer): ReadonlyMap<string, string> {
  const headers = new Map<string, Map<string, string[]>>([[layer.name, new Map()]]);
  const collect = (line: Line): void => {
    const dot = line.path.indexOf('.');
    if (line.field && line.value !== undefined && dot > 0) {
      const name = line.path.slice(0, dot);
      const fields = headers.get(name) ?? new Map<string, string[]>();
      headers.set(name, fields);
      listAt(fields, line.path.slice(dot + 1)).push(valueJson(line.field, line.value));
    }
    for (const child of line.children) collect(child);
  };
  collect(layerLine(packet, layer));
  return new Map([...headers].map(([name, fields]) => [name, objectJson(fields)]));
}

function listAt(lists: Map<string, string[]>, key: string): string[] {
  const known = lists.get(key);
  if (known) return known;
  const list: string[] = [];
  lists.set(key, list);
  return list;
}

const objectJson = (fields: ReadonlyMap<string, readonly string[]>): string =>
  `{${[...fields].map(([key, list]) => `"${key}":${list.length > 1 ? `[${list.join()}]` : list[0]}`).join()}}`;

/** A value as JSON. */
function valueJson(field: Field, value: NonNullable<Line['value']>): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field.kind === 'uint') return `${value}`;
  return jsonText(plainText(field, value));
}
