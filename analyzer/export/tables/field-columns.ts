import { type Field, ipv4Text, ipv6Text, type Value } from '../../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../../dissectors/wire/layout.js';
import type { Line } from '../../../dissectors/wire/line.js';
import type { FieldSink, Named } from '../../../dissectors/wire/sink.js';
import { hexOf, viewOf } from '../../../dissectors/wire/view.js';
import { textOf } from '../../print/field-texts.js';
import type { Batch } from './batch.js';
import { type Column, type ColumnSpec, type ColumnType, NumberColumn, TextColumn } from './column.js';

/** The type of the column of a field: numbers where JSON has numbers, texts where it has texts. */
export function columnTypeOf(path: string, { kind, size }: Field): ColumnType {
  if (path === 'chan.msg.type') return 'string';
  if (kind === 'bool') return 'boolean';
  if (kind !== 'uint') return 'string';
  return typeof size === 'number' && size > 0 && size < 4 ? 'int32' : 'int64';
}

/** Up to so many bytes of a field are looked up before their text is made. */
const SHORT_BYTES = 32;

/** Where the wanted fields of a layout go: their places in it, and their columns. */
interface Wanted {
  readonly place: number;
  readonly column: number;
}

/**
 * Takes the first value of each field that is a column, in one visit of the packet: the others are not even read.
 */
export class FieldColumns implements FieldSink {
  readonly shows = false;
  source = 0;
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #layouts = new Map<Layout, readonly Wanted[]>();
  readonly #anyOf = new Map<ReadonlySet<string>, boolean>();
  #columns: readonly Column[] = [];
  #row = 0;

  /** @param columns the places of the columns of the wanted fields */
  constructor(columns: ReadonlyMap<string, number>) {
    this.#columnOf = columns;
  }

  /** What is told next goes into this row. */
  begin({ columns }: Batch, row: number): void {
    this.#columns = columns;
    this.#row = row;
  }

  wants(path: string): boolean {
    return this.#columnOf.has(path);
  }

  wantsAny(paths: ReadonlySet<string>): boolean {
    let any = this.#anyOf.get(paths);
    if (any === undefined) {
      any = [...paths].some((path) => this.wants(path));
      this.#anyOf.set(paths, any);
    }
    return any;
  }

  open(): void {}

  apart(): void {}

  close(): void {}

  openValue(field: Named, value: Value): void {
    this.value(field, value);
  }

  field(field: Placed<Field>, view: DataView, base: number): void {
    const column = this.#columnOf.get(field.path);
    if (column !== undefined) this.#read(field, column, view, base);
  }

  fields(layout: Layout, view: DataView, base: number, from: number, to: number): void {
    const wanted = this.#layouts.get(layout) ?? this.#wantedIn(layout);
    for (let at = 0; at < wanted.length; at++) {
      const { place, column } = wanted[at] as Wanted;
      if (place >= from && place < to) this.#read(layout.list[place] as Placed<Field>, column, view, base);
    }
  }

  #wantedIn(layout: Layout): readonly Wanted[] {
    const wanted = layout.list.flatMap(({ path }, place) => {
      const column = this.#columnOf.get(path);
      return column === undefined ? [] : [{ place, column }];
    });
    this.#layouts.set(layout, wanted);
    return wanted;
  }

  value(field: Named, value: Value): void {
    const column = this.#columnOf.get(field.path);
    if (column !== undefined) this.#set(field, column, value);
  }

  lines(lines: readonly Line[]): void {
    for (const { path, field, value, children } of lines) {
      const column = field && value !== undefined ? this.#columnOf.get(path) : undefined;
      if (column !== undefined && field && value !== undefined) this.#set(field, column, value);
      this.lines(children);
    }
  }

  /** Reads the value of a field; bytes that were seen before are not made into text again. */
  #read(field: Placed<Field>, place: number, view: DataView, base: number): void {
    const column = this.#columns[place];
    const { kind, size, offset } = field;
    if (column instanceof NumberColumn) {
      if (column.present[this.#row] !== 1) this.#set(field, place, field.read(view, base));
      return;
    }
    if (!(column instanceof TextColumn) || column.present[this.#row] === 1) return;
    const isShort = typeof size === 'number' && size <= SHORT_BYTES && size % 2 === 0;
    if (isShort && (kind === 'ether' || kind === 'ipv6' || kind === 'bytes')) {
      const make = kind === 'ether' ? etherOf : kind === 'ipv6' ? ipv6Of : hexDigitsOf;
      column.setKeyed(this.#row, keyOf(view, base + offset, size), make);
    } else this.#set(field, place, field.read(view, base));
  }

  #set(field: Field, place: number, value: Value): void {
    const column = this.#columns[place];
    if (column instanceof NumberColumn) {
      if (typeof value === 'number') column.set(this.#row, value);
      else if (typeof value === 'boolean') column.set(this.#row, value ? 1 : 0);
    } else if (column instanceof TextColumn) {
      if (typeof value === 'number' && field.kind === 'ipv4') column.setKeyed(this.#row, value, ipv4Of);
      else if (column.present[this.#row] !== 1) column.set(this.#row, textOf(field, value));
    }
  }
}

const ipv4Of = (key: number | string): string => ipv4Text(Number(key));

/** Bytes as characters of 16 bits: to look them up by. */
function keyOf(view: DataView, at: number, size: number): string {
  let key = '';
  for (let place = at; place < at + size; place += 2) key += String.fromCharCode(view.getUint16(place));
  return key;
}

/** The bytes that such a key was made of. */
function bytesOf(key: number | string): DataView {
  const text = String(key);
  const view = viewOf(new Uint8Array(2 * text.length));
  for (let place = 0; place < text.length; place++) view.setUint16(2 * place, text.charCodeAt(place));
  return view;
}

function etherOf(key: number | string): string {
  const view = bytesOf(key);
  return hexOf(view, 0, view.byteLength, ':');
}

const ipv6Of = (key: number | string): string => ipv6Text(bytesOf(key), 0);

function hexDigitsOf(key: number | string): string {
  const view = bytesOf(key);
  return hexOf(view, 0, view.byteLength);
}

/** The columns of a table by the fields that they hold, where those are fields of layers. */
export const placesOf = (specs: readonly ColumnSpec[], names: Iterable<string>): ReadonlyMap<string, number> =>
  new Map([...names].map((name) => [name, specs.findIndex((spec) => spec.name === name)]));
