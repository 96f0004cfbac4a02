import type { Layer } from '../../dissectors/layer.js';
import { etherText, type Field, ipv4Text } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { jsonText } from './json-text.js';
import type { Packet } from './packet.js';
import { GOOD, PLAIN_LAYOUTS, plainLayout } from './plain-layer.js';
import { layerLine } from './tree.js';

/**
 * A layer as JSON. The layers of most packets are written by templates made from their layouts; whatever is unusual
 * (options, damage, other layers) by the lines of the tree. Both say the same: the tests compare them.
 */
export function layerJson(packet: Packet, layer: Layer): string {
  return templateJson(packet, layer) ?? linesJson(packet, layer);
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

function valueJson(field: Field, value: NonNullable<Line['value']>): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field.kind === 'uint') return `${value}`;
  return jsonText(plainText(field, value));
}

type Write = (view: DataView, at: number) => string;

/** How one field is written, with its key. */
function writerOf(field: Placed<Field>): Write {
  const key = `"${field.key}":`;
  switch (field.kind) {
    case 'ether':
      return (view, at) => `${key}"${etherText(view, at + field.offset)}"`;
    case 'ipv4':
      return (view, at) => `${key}"${ipv4Text(view.getUint32(at + field.offset))}"`;
    case 'uint':
    case 'bool':
      return (view, at) => key + field.read(view, at);
    default:
      return (view, at) => key + valueJson(field, field.read(view, at));
  }
}

/** Writes all fields of a layout of fixed size; `status` goes behind the field `checksum`, where it is given. */
function template(layout: Layout): (view: DataView, at: number, status?: number) => string {
  const writers = layout.list.map((field) => ({ write: writerOf(field), isChecksum: field.key === 'checksum' }));
  return (view, at, status) => {
    let text = '';
    for (const { write, isChecksum } of writers) {
      text += (text === '' ? '{' : ',') + write(view, at);
      if (isChecksum && status !== undefined) text += `,"checksum.status":${status}`;
    }
    return `${text}}`;
  };
}

const TEMPLATES = new Map(PLAIN_LAYOUTS.map((layout) => [layout, template(layout)]));

/** The JSON of a layer that a template fits; undefined where it is unusual. */
function templateJson(packet: Packet, layer: Layer): string | undefined {
  const layout = plainLayout(packet, layer);
  const view = packet.dissection.sources[layer.source]?.view;
  return layout && view && TEMPLATES.get(layout)?.(view, layer.at, GOOD);
}
