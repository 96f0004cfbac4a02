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

/** What was told of a layer, or of no layer in particular: its lines by their paths, each with its place in their order. */
interface Group {
  readonly name: string;
  readonly lines: ReadonlyMap<string, readonly (readonly [place: number, line: Line])[]>;
  /** What the paths of its lines begin with, up to their first dot. */
  readonly heads: ReadonlySet<string>;
}

const TOLD = new WeakMap<Packet, readonly Group[]>();

/** All fields of a packet, told to one who wants everything: what belongs to no layer, and then each layer. */
function toldOf(packet: Packet): readonly Group[] {
  const known = TOLD.get(packet);
  if (known) return known;
  const tree = new TreeSink(0);
  for (const tell of [tellFrame, tellColumns, tellAfter]) tell(packet, tree);
  const layers = packet.dissection.layers.map((layer) => {
    const sink = new TreeSink(0);
    tellLayerOf(packet, layer, sink);
    tellWorkedOut(packet, layer, sink);
    return groupOf(layer.name, sink.made);
  });
  const told = [groupOf('', tree.made), ...layers];
  TOLD.set(packet, told);
  return told;
}

function groupOf(name: string, made: readonly Line[]): Group {
  const lines = new Map<string, [number, Line][]>();
  const heads = new Set<string>();
  let count = 0;
  const add = (line: Line): void => {
    const { path, children } = line;
    const known = lines.get(path);
    if (known) known.push([count++, line]);
    else lines.set(path, [[count++, line]]);
    if (path.includes('.')) heads.add(headOf(path));
    for (const child of children) add(child);
  };
  for (const line of made) add(line);
  return { name, lines, heads };
}

const headOf = (path: string): string => path.split('.', 1)[0] ?? path;

/**
 * The values of a field in a packet, in the order of the packet, found in the tree of everything: what those must get
 * who want one field only.
 */
export function fieldValues(packet: Packet, name: string): readonly FieldValue[] {
  const paths = pathsOf(name);
  const heads = paths.map(headOf);
  const isIn = (layer: string) =>
    layer === '' || heads.some((head) => layer === head || HOSTS.get(head)?.includes(layer));
  return toldOf(packet).flatMap((group) => {
    if (!isIn(group.name)) return [];
    const found = paths.flatMap((path) => group.lines.get(path) ?? []);
    if (paths.length > 1) found.sort(([one], [other]) => one - other);
    const values = found.flatMap(([, line]) => valuesOfLine(line));
    // Headers inside a layer have fields of their own, and most no line that heads them.
    const isNamed = values.length === 0 && !name.includes('.') && group.heads.has(name);
    return isNamed ? [{ path: name, value: name, text: name }] : values;
  });
}

function valuesOfLine({ path, field, value }: Line): readonly FieldValue[] {
  if (field && value !== undefined) return [{ path, value, text: textOf(field, value) }];
  return path.includes('.') ? [] : [{ path, value: path, text: path }];
}
