import { textOf } from '../../../analyzer/print/field-texts.js';
import { HOSTS, pathsOf } from '../../../analyzer/print/fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { tellLayerOf } from '../../../analyzer/print/tell-layer.js';
import { tellAfter, tellColumns, tellFrame } from '../../../analyzer/print/tell-packet.js';
import { tellWorkedOut } from '../../../analyzer/print/worked-out.js';
import type { Value } from '../../../dissectors/wire/field.js';
import type { Line } from '../../../dissectors/wire/line.js';
import { TreeSink } from '../../../dissectors/wire/tree-sink.js';

/** A value with the field that it is of. */
export interface FieldValue {
  readonly path: string;
  readonly value: Value;
  /** As `-T fields` prints it. */
  readonly text: string;
}

/** The lines of a packet, all fields told to one who wants everything. */
interface Told {
  readonly whole: readonly Line[];
  readonly layers: readonly { readonly name: string; readonly lines: readonly Line[] }[];
}

const TOLD = new WeakMap<Packet, Told>();

function toldOf(packet: Packet): Told {
  const known = TOLD.get(packet);
  if (known) return known;
  const tree = new TreeSink(0);
  for (const tell of [tellFrame, tellColumns, tellAfter]) tell(packet, tree);
  const layers = packet.dissection.layers.map((layer) => {
    const sink = new TreeSink(0);
    tellLayerOf(packet, layer, sink);
    tellWorkedOut(packet, layer, sink);
    return { name: layer.name, lines: sink.made };
  });
  const told = { whole: tree.made, layers };
  TOLD.set(packet, told);
  return told;
}

/**
 * The values of a field in a packet, in the order of the packet, found in the tree of everything: what those must get
 * who want one field only.
 */
export function fieldValues(packet: Packet, name: string): readonly FieldValue[] {
  const paths = pathsOf(name);
  const heads = paths.map((path) => path.split('.', 1)[0] ?? path);
  const { whole, layers } = toldOf(packet);
  const isIn = (layer: string) => heads.some((head) => layer === head || HOSTS.get(head)?.includes(layer));
  const groups = [whole, ...layers.filter((layer) => isIn(layer.name)).map(({ lines }) => lines)];
  return groups.flatMap((lines) => {
    const found: FieldValue[] = [];
    for (const line of lines) collect(line, paths, found);
    // Headers inside a layer have fields of their own, and most no line that heads them.
    const isNamed = found.length === 0 && !name.includes('.') && lines.some((line) => hasFieldsOf(line, `${name}.`));
    return isNamed ? [{ path: name, value: name, text: name }] : found;
  });
}

const hasFieldsOf = ({ path, children }: Line, prefix: string): boolean =>
  path.startsWith(prefix) || children.some((child) => hasFieldsOf(child, prefix));

function collect(line: Line, paths: readonly string[], found: FieldValue[]): void {
  const { path, field, value, children } = line;
  if (paths.includes(path)) {
    if (field && value !== undefined) found.push({ path, value, text: textOf(field, value) });
    else if (!path.includes('.')) found.push({ path, value: path, text: path });
  }
  for (const child of children) collect(child, paths, found);
}
