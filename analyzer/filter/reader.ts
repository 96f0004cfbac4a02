import type { Layer } from '../../dissectors/layer.js';
import type { Value as FieldValue } from '../../dissectors/wire/field.js';
import type { Line } from '../../dissectors/wire/line.js';
import { cachedLine } from '../print/fields.js';
import type { Packet } from '../print/packet.js';
import { isDuration } from '../print/segment-lines.js';
import type { Value } from './types.js';

/** Is shown the values of a field one by one, until it returns true. */
export type Visit = (value: Value) => boolean;

/** Shows the values that a field has in one layer; returns whether a visit ended it. */
export type LayerReader = (packet: Packet, layer: Layer, visit: Visit) => boolean;

/** Shows the values that a field has in a packet; returns whether a visit ended it. */
export type Reader = (packet: Packet, visit: Visit) => boolean;

/** Reads a field from the tree of its layer; a name without a dot is there if any of its fields is. */
export function treeReader(path: string): LayerReader {
  const isPart = !path.includes('.');
  const matches = (line: Line) =>
    isPart ? line.path === path || line.path.startsWith(`${path}.`) : line.path === path;
  const read = isDuration(path) ? durationValue : plainValue;
  const walk = (line: Line, visit: Visit): boolean => {
    if (matches(line)) {
      if (isPart) return visit(1);
      if (line.field && line.value !== undefined && visit(read(line.value))) return true;
    }
    return line.children.some((child) => walk(child, visit));
  };
  return (packet, layer, visit) => walk(cachedLine(packet, layer), visit);
}

/** A field's value as filters compare it: a truth is 0 or 1. */
export const plainValue = (value: FieldValue): Value => (typeof value === 'boolean' ? (value ? 1 : 0) : value);

/** A length of time, told in seconds with nine digits behind the point, in nanoseconds. */
const durationValue = (value: FieldValue): Value => durationOf(String(value));

/** Nanoseconds from seconds with nine digits behind the point. */
export const durationOf = (seconds: string): bigint => BigInt(seconds.replace('.', ''));

export const NO_VIEW = new DataView(new ArrayBuffer(0));

/** The bytes that a layer lies in. */
export const viewOfLayer = ({ dissection }: Packet, { source }: Layer): DataView =>
  dissection.sources[source]?.view ?? NO_VIEW;
