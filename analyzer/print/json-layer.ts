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
 */
export function writeLayerJson(packet: Packet, layer: Layer, into: Utf8Text): void {
  const layout = plainLayout(packet, layer);
  const view = packet.dissection.sources[layer.source]?.view;
  if (!layout || !view || !jsonMemory()?.layer(layout, view, layer.at, into)) into.add(linesJson(packet, layer));
}

/** A layer by the lines of its tree: every field once, or as a list where it occurs more often. */
export function linesJson(packet: Packet, layer: Layer): string {
  const values = new Map<string, string[]>();
  const collect = (line: Line): void => {
    if (line.field && line.value !== undefined && line.path.startsWith(`${layer.name}.`)) {
      const key = line.path.slice(layer.name.length + 1);
      const json = valueJson(line.field, line.value);
      const list = values.get(key);
      if (list) list.push(json);
      else values.set(key, [json]);
    }
    for (const child of line.children) collect(child);
  };
  collect(layerLine(packet, layer));
  const entries = [...values].map(([key, list]) => `"${key}":${list.length > 1 ? `[${list.join()}]` : list[0]}`);
  return `{${entries.join()}}`;
}

/** A value as JSON. */
function valueJson(field: Field, value: NonNullable<Line['value']>): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field.kind === 'uint') return `${value}`;
  return jsonText(plainText(field, value));
}
