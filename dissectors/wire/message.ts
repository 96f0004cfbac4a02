import { type Field, type Value, varintLength } from './field.js';
import { type Layout, locate, type Placed, type Values } from './layout.js';
import type { Limit } from './stop.js';

/**
 * The values of the message at `at`, which must be captured whole (`layout.size` bytes) if the layout is fixed.
 * Values of bytes are views, not copies.
 */
export function decode<L extends Layout>(layout: L, view: DataView, at: number): Values<L> {
  const limit: Limit = { captured: view.byteLength, wire: view.byteLength };
  const entries = locate(layout, view, at, limit).located.map(({ field, value }) => [field.key, value]);
  // Keys and values are the layout's own.
  return Object.fromEntries(entries) as Values<L>;
}

/** The values given for a message; what is left out is written as zero, or derived where a size follows from bytes. */
export type Given<L> = Partial<Values<L>>;

const sizeOfValue = ({ size }: Placed<Field>, value: Value | undefined): number => {
  if (typeof size === 'number') return size;
  if (size === 'varint') return varintLength(typeof value === 'number' ? value : 0);
  return value instanceof Uint8Array ? value.length : 0;
};

type Named = Readonly<Record<string, Value | undefined>>;

/** A length that was not given is that of the bytes it counts. */
function valueGiven(given: Named, { key, counts }: Placed<Field>): Value | undefined {
  const value = given[key];
  if (value !== undefined || counts === undefined) return value;
  const bytes = given[counts];
  return bytes instanceof Uint8Array ? bytes.length : value;
}

/** The bytes that a message takes with these values. */
export function encodedSize<L extends Layout>(layout: L, given: Given<L>): number {
  if (layout.fixed) return layout.size;
  let size = 0;
  for (const field of layout.list) {
    if (field.advance !== 0) size += sizeOfValue(field, valueGiven(given as Named, field));
  }
  return size;
}

/** Writes a message at `at` and returns the offset just after it. Bytes of fields left out are not touched. */
export function encode<L extends Layout>(layout: L, given: Given<L>, view: DataView, at: number): number {
  // Keys and values are the layout's own.
  const values = given as Named;
  return layout.fixed ? encodeFixed(layout, values, view, at) : encodeInOrder(layout, values, view, at);
}

/** Goes by what is given, which is little, and not by what could be. */
function encodeFixed({ fields, list, size }: Layout, given: Named, view: DataView, at: number): number {
  const known: Readonly<Record<string, Placed<Field> | undefined>> = fields;
  let hasOver = false;
  for (const key in given) {
    const field = known[key];
    const value = given[key];
    if (field === undefined || value === undefined) continue;
    if (field.isOver) hasOver = true;
    else field.write(view, at, value);
  }
  if (!hasOver) return at + size;
  for (const field of list) {
    const value = field.isOver ? given[field.key] : undefined;
    if (value !== undefined) field.write(view, at, value);
  }
  return at + size;
}

function encodeInOrder({ list }: Layout, given: Named, view: DataView, at: number): number {
  let start = at;
  for (const field of list) {
    const value = valueGiven(given, field);
    const place = start - field.offset;
    if (value !== undefined) field.write(view, place, value);
    else if (field.size === 'varint') field.write(view, place, 0);
    start += typeof field.advance === 'number' ? field.advance : sizeOfValue(field, value);
  }
  return start;
}
