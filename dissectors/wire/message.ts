import { type Field, type Value, varintBytes } from './field.js';
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
  if (size === 'varint') return varintBytes(typeof value === 'number' ? value : 0).length;
  return value instanceof Uint8Array ? value.length : 0;
};

/** A length that was not given is that of the bytes it counts. */
function valueGiven(layout: Layout, given: Readonly<Record<string, Value | undefined>>, field: Placed<Field>) {
  const value = given[field.key];
  if (value !== undefined || field.size !== 'varint') return value;
  const counted = layout.list.find(({ size }) => typeof size === 'object' && size.by === field.key);
  const bytes = counted && given[counted.key];
  return bytes instanceof Uint8Array ? bytes.length : value;
}

/** The bytes that a message takes with these values. */
export function encodedSize<L extends Layout>(layout: L, given: Given<L>): number {
  if (layout.fixed) return layout.size;
  let size = 0;
  for (const field of layout.list) {
    if (field.advance !== 0) size += sizeOfValue(field, valueGiven(layout, given as Record<string, Value>, field));
  }
  return size;
}

/** Writes a message at `at` and returns the offset just after it. Bytes of fields left out are not touched. */
export function encode<L extends Layout>(layout: L, given: Given<L>, view: DataView, at: number): number {
  const values = given as Readonly<Record<string, Value | undefined>>;
  let start = at;
  for (const field of layout.list) {
    const value = valueGiven(layout, values, field);
    const place = layout.fixed ? at : start - field.offset;
    if (value !== undefined) field.write(view, place, value);
    else if (field.size === 'varint') field.write(view, place, 0);
    start += typeof field.advance === 'number' ? field.advance : sizeOfValue(field, value);
  }
  return start;
}
