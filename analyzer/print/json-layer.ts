import type { Layer } from '../../dissectors/layer.js';
import { etherText, type Field } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { jsonText } from './json-text.js';
import type { Packet } from './packet.js';
import { GOOD, PLAIN_LAYOUTS, plainLayout } from './plain-layer.js';
import { layerLine } from './tree.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

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

function valueJson(field: Field, value: NonNullable<Line['value']>): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field.kind === 'uint') return `${value}`;
  return jsonText(plainText(field, value));
}

type Write = (view: DataView, at: number, into: Utf8Text) => void;

/** How the value of one field is written. */
function writerOf(field: Placed<Field>): Write {
  const { offset } = field;
  switch (field.kind) {
    case 'ether':
      return (view, at, into) => into.add(`"${etherText(view, at + offset)}"`);
    case 'ipv4':
      return (view, at, into) => {
        into.add('"');
        into.addIpv4(view.getUint32(at + offset));
        into.add('"');
      };
    case 'uint':
      return (view, at, into) => into.addNumber(Number(field.read(view, at)));
    default:
      return (view, at, into) => into.add(valueJson(field, field.read(view, at)));
  }
}

/** Writes all fields of a layout of fixed size, and that its checksum is good, if it has one. */
function template({ list }: Layout): Write {
  const writers = list.map((field, place) => ({
    before: utf8(`${place === 0 ? '{' : ','}"${field.key}":`),
    write: writerOf(field),
    after: utf8(field.key === 'checksum' ? `,"checksum.status":${GOOD}` : ''),
  }));
  return (view, at, into) => {
    for (const { before, write, after } of writers) {
      into.addBytes(before);
      write(view, at, into);
      into.addBytes(after);
    }
    into.add('}');
  };
}

const TEMPLATES: ReadonlyMap<Layout, Write> = new Map(PLAIN_LAYOUTS.map((layout) => [layout, template(layout)]));
