import { type Bits, bitsOf, type Field, readVarint, type Size, VARINT_MAX, type Value, varintSize } from './field.js';
import { type Limit, malformed, type Stop, shortOf } from './stop.js';
import { slice } from './view.js';

export type Fields = Readonly<Record<string, Field>>;

/** A field with its place: its filter name, and its offset where all fields before it have a fixed size. */
export type Placed<F> = F & {
  readonly path: string;
  readonly key: string;
  readonly offset: number;
  /** Whether it shares bits with a field before it, which must then be written first. */
  readonly isOver: boolean;
  /** The field whose bytes this one counts, by its key. */
  readonly counts: string | undefined;
  /** What it reads, where that is some bits of an unsigned big-endian integer. */
  readonly bits: Bits | undefined;
};

export interface Layout<F extends Fields = Fields> {
  readonly name: string;
  /** The bytes of all its fixed fields; a layout of variable size has at least these. */
  readonly size: number;
  /** Whether every field's place is known without reading. */
  readonly fixed: boolean;
  readonly fields: { readonly [K in keyof F]: Placed<F[K]> };
  readonly list: readonly Placed<Field>[];
}

/** The values of one message, by field name. */
export type Values<L> =
  L extends Layout<infer F> ? { readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never } : never;

const fixedSize = (size: Size): number => (typeof size === 'number' ? size : size === 'varint' ? 1 : 0);

/**
 * Declares a message: its fields in order. Offsets, sizes, filter names (`name.key`), value types, the reader,
 * the writer and the lines of the tree all come from this one declaration.
 */
export function layout<F extends Record<string, Field>>(name: string, fields: F): Layout<F> {
  let size = 0;
  const entries = Object.entries(fields);
  const list: Placed<Field>[] = [];
  for (const [key, field] of entries) {
    const offset = size;
    size += fixedSize(field.advance);
    const { read, write } = field;
    list.push({
      ...field,
      key,
      path: `${name}.${key}`,
      offset,
      isOver: list.some((before) => sharesBits(before, field, offset)),
      counts: entries.find(([, counted]) => typeof counted.size === 'object' && counted.size.by === key)?.[0],
      bits: bitsOf(field),
      read: (view: DataView, at: number) => read(view, at + offset),
      write: (view: DataView, at: number, value: Value) => write(view, at + offset, value),
    });
  }
  const fixed = list.every((field) => typeof field.size === 'number');
  // The keys are those of `fields`; Object.fromEntries cannot say so.
  const placed = Object.fromEntries(list.map((field) => [field.key, field])) as unknown as Layout<F>['fields'];
  return { name, size, fixed, fields: placed, list };
}

/** Whether a field at `offset` shares bits with one before it, where both have a place of their own. */
function sharesBits(before: Placed<Field>, field: Field, offset: number): boolean {
  if (typeof before.size !== 'number' || typeof field.size !== 'number') return false;
  if (before.offset + before.size <= offset || offset + field.size <= before.offset) return false;
  const isSameWord = before.offset === offset && before.size === field.size;
  return !isSameWord || before.mask === 0 || field.mask === 0 || (before.mask & field.mask) !== 0;
}

/** The fields of several layouts, one for each path: the widest, which has room for what any of them can hold. */
export function fieldsOf(...layouts: readonly Layout[]): readonly Placed<Field>[] {
  const fields = new Map<string, Placed<Field>>();
  for (const field of layouts.flatMap(({ list }) => list)) {
    if (!isWider(fields.get(field.path), field)) fields.set(field.path, field);
  }
  return [...fields.values()];
}

/** Whether a field takes more bytes than another of the same name. */
export const isWider = (one: Field | undefined, { size }: Field): boolean =>
  typeof one?.size === 'number' && typeof size === 'number' && one.size > size;

/** Where a field of one message lies, and what it holds. */
export interface Located {
  readonly field: Placed<Field>;
  readonly start: number;
  readonly end: number;
  readonly value: Value;
}

/**
 * Reads the message at `at` field by field, whatever its size: the way for layouts that are not `fixed`.
 * Stops where the next field does not fit the limit; the fields before it are in `located`.
 */
export function locate(layout: Layout, view: DataView, at: number, limit: Limit): { located: Located[]; stop?: Stop } {
  const located: Located[] = [];
  const numbers = new Map<string, number>();
  let start = at;
  for (const field of layout.list) {
    let size = typeof field.size === 'object' ? (numbers.get(field.size.by) ?? 0) : field.size;
    if (size === 'rest') size = Math.max(0, limit.captured - start);
    if (size === 'varint') {
      size = varintSize(view, start, limit.captured);
      if (size === 0) {
        const have = limit.captured - start;
        // Five bytes that all continue are a broken number; fewer are a number cut off.
        const stop =
          have >= VARINT_MAX
            ? malformed(field.path, start, VARINT_MAX, have)
            : shortOf(field.path, start, Math.max(1, have + 1), limit);
        return { located, stop };
      }
    }
    if (start + size > limit.captured) return { located, stop: shortOf(field.path, start, size, limit) };
    const value =
      field.size === 'varint'
        ? readVarint(view, start)
        : typeof field.size !== 'number'
          ? slice(view, start, start + size)
          : field.read(view, start - field.offset);
    if (typeof value === 'number') numbers.set(field.key, value);
    located.push({ field, start, end: start + size, value });
    start += typeof field.advance === 'number' ? field.advance : size;
  }
  return { located };
}

/** Where the last field ends of the message at `at` that fits the limit; `at` where none does. */
export const reachOf = (layout: Layout, view: DataView, at: number, limit: Limit): number =>
  locate(layout, view, at, limit).located.at(-1)?.end ?? at;

/**
 * Where the message at `at` ends, whatever its size, or 0 where it does not fit before `end`: what `locate` finds,
 * without making anything.
 */
export function endOf(layout: Layout, view: DataView, at: number, end: number): number {
  let start = at;
  let last = 0;
  for (const { size, advance } of layout.list) {
    let length = typeof size === 'number' ? size : 0;
    if (size === 'varint') {
      length = varintSize(view, start, end);
      if (length === 0) return 0;
      last = readVarint(view, start);
    } else if (size === 'rest') {
      length = Math.max(0, end - start);
    } else if (typeof size === 'object') {
      // A count stands right before what it counts.
      length = last;
    }
    if (start + length > end) return 0;
    if (advance !== 0) start += length;
  }
  return start;
}
