import { type Field, readVarint, type Size, type Value, varintSize } from './field.js';
import type { Layout, Placed } from './layout.js';
import { derivedText, type Line } from './line.js';
import type { Limit } from './stop.js';
import { slice } from './view.js';

/** A field with its filter name. */
export type Named = Field & { readonly path: string };

/**
 * Takes the fields of a layer one by one, in their order, as its dissector tells them: the detail tree is made of them,
 * JSON, and the values that a filter or a column asks for. Nothing is made for those who want nothing of it.
 */
export interface FieldSink {
  /** Whether texts are wanted: without it any text may be empty. */
  readonly shows: boolean;
  /** Which of the packet's byte sources what follows is about. */
  source: number;
  /** Whether values of this field are wanted: one that must be worked out is left out for those who do not. */
  wants(path: string): boolean;
  /** Whether any of some fields is wanted: what holds none that is can be passed over. */
  wantsAny(paths: ReadonlySet<string>): boolean;
  /**
   * Begins a group of fields over the bytes `[start, end)`; its path is that of a layer or header, or empty.
   * @param end `AT_LAST` for a group that ends where the last of its fields does
   */
  open(path: string, text: string, start: number, end: number): void;
  /** Begins a group whose heading is a field itself: all options as bytes, say, and beneath them each one. */
  openValue(field: Named, value: Value, start: number, end: number, text?: string): void;
  /** What follows continues no field before it, whatever it is named. */
  apart(): void;
  /** @param least where a group that ends with the last of its fields ends at the earliest */
  close(least?: number): void;
  /** A field of fixed size whose message starts at `base`; it is read only if it is wanted. */
  field(field: Placed<Field>, view: DataView, base: number): void;
  /** Fields of a message of fixed size at `base`, from one place of its layout up to another. */
  fields(layout: Layout, view: DataView, base: number, from: number, to: number): void;
  /**
   * A value that was found or worked out, and the bytes that it is about.
   * @param text what the tree reads, where that is not the field's name and its value
   */
  value(field: Named, value: Value, start: number, end: number, text?: string): void;
  /** Lines that are made already. */
  lines(lines: readonly Line[]): void;
}

/** The end of a group that ends where the last of its fields does. */
export const AT_LAST = -1;

/** The filter names of fields, for `wantsAny`. */
export const pathSet = (fields: readonly { readonly path: string }[]): ReadonlySet<string> =>
  new Set(fields.map(({ path }) => path));

/**
 * Tells the fields of the message at `at` in their order, up to the first that does not fit the limit.
 * @param from the place in the layout of the first that is told
 * @param to where to end, in the same count
 * @returns whether all of them fit
 */
export function tellLayout(
  sink: FieldSink,
  layout: Layout,
  view: DataView,
  at: number,
  limit: Limit,
  from = 0,
  to = layout.list.length,
): boolean {
  const { list, fixed, size } = layout;
  if (!fixed) return tellInOrder(sink, layout, view, at, limit);
  let end = to;
  if (at + size > limit.captured) {
    end = from;
    while (end < to && fits(list[end] as Placed<Field>, at, limit.captured)) end++;
  }
  sink.fields(layout, view, at, from, end);
  return end === to;
}

const fits = ({ offset, size }: Placed<Field>, at: number, end: number): boolean => at + offset + Number(size) <= end;

/** The same for layouts of which only their own bytes tell the places. */
function tellInOrder(sink: FieldSink, { list, fields }: Layout, view: DataView, at: number, limit: Limit): boolean {
  let start = at;
  for (const field of list) {
    const { size, advance } = field;
    const length = lengthAt(size, fields, view, at, start, limit.captured);
    if (length < 0 || start + length > limit.captured) return false;
    if (typeof size === 'number') sink.field(field, view, start - field.offset);
    else if (size === 'varint') sink.value(field, readVarint(view, start), start, start + length);
    else if (sink.wants(field.path)) sink.value(field, slice(view, start, start + length), start, start + length);
    if (advance !== 0) start += typeof advance === 'number' ? advance : length;
  }
  return true;
}

/** The bytes of a field at `start`, in a message at `at`; −1 for a number that does not end before `end`. */
function lengthAt(
  size: Size,
  fields: Layout['fields'],
  view: DataView,
  at: number,
  start: number,
  end: number,
): number {
  if (typeof size === 'number') return size;
  if (size === 'varint') return varintSize(view, start, end) || -1;
  if (size === 'rest') return Math.max(0, end - start);
  // Counts stand before everything whose place must be found out.
  return Number(fields[size.by]?.read(view, at) ?? 0);
}

/** The place in a layout that follows a field, for what is told between two of them. */
export const placeAfter = ({ list }: Layout, key: string): number => list.findIndex((field) => field.key === key) + 1;

/** Tells a value that is worked out, not read; brackets say so in the tree. */
export const tellDerived = (sink: FieldSink, field: Named, value: Value, start: number, end: number): void =>
  sink.value(field, value, start, end, sink.shows ? derivedText(field, value) : '');
