import type { Layer } from '../../dissectors/layer.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import type { Line } from '../../dissectors/wire/line.js';
import { template, valueJson, type Write } from './json-template.js';
import type { Packet } from './packet.js';
import { PLAIN_LAYOUTS, plainLayout } from './plain-layer.js';
import { layerLine } from './tree.js';
import type { Utf8Text } from './utf8-text.js';

/**
 * Writes a layer as JSON. The layers of most packets are written by templates made from their layouts; whatever is
 * unusual (options, damage, other layers) by the lines of the tree. Both say the same: the tests compare them.
 */
export function writeLayerJson(packet: Packet, layer: Layer, into: Utf8Text): void {
  const layout = plainLayout(packet, layer);
  const write = layout && TEMPLATES.get(layout);
  const view = packet.dissection.sources[layer.source]?.view;
  if (write && view) write(view, layer.at, into);
  else into.add(linesJson(packet, layer));
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

const TEMPLATES: ReadonlyMap<Layout, Write> = new Map(PLAIN_LAYOUTS.map((layout) => [layout, template(layout)]));
