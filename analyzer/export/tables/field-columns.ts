import type { Field, Value } from '../../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../../dissectors/wire/layout.js';
import type { Line } from '../../../dissectors/wire/line.js';
import type { FieldSink, Named } from '../../../dissectors/wire/sink.js';
import { textOf } from '../../print/field-texts.js';
import type { Batch } from './batch.js';
import { type ColumnSpec, type ColumnType, NumberColumn, TextColumn } from './column.js';

/** The type of the column of a field: numbers where JSON has numbers, texts where it has texts. */
export function columnTypeOf({ kind, size }: Field): ColumnType {
  if (kind === 'bool') return 'boolean';
  if (kind !== 'uint') return 'string';
  return typeof size === 'number' && size > 0 && size < 4 ? 'int32' : 'int64';
}

/** Up to so many bytes of a field are looked up before their text is made. */
const SHORT_BYTES = 32;

/** How the value of a field is found: as some bits of an integer, by its bytes, or by reading it. */
const FORMS = { bits: 0, bytes: 1, value: 2 } as const;
type Form = (typeof FORMS)[keyof typeof FORMS];

/** A field of a layout that is a column: all are of one shape. */
class Wanted {
  readonly field: Placed<Field>;
  /** Its place in the layout, and that of its column. */
  readonly place: number;
  readonly column: number;
  /** From 0: among all such fields. */
  readonly number: number;
  readonly form: Form;
  readonly offset: number;
  readonly size: number;
  readonly mask: number;
  readonly shift: number;
  readonly scale: number;
  readonly isTruth: boolean;

  constructor(field: Placed<Field>, place: number, column: number, number: number, isText: boolean) {
    const { bits, size, kind } = field;
    this.field = field;
    this.place = place;
    this.column = column;
    this.number = number;
    const isShort = typeof size === 'number' && size > 0 && size <= SHORT_BYTES;
    if (isText) this.form = isShort ? FORMS.bytes : FORMS.value;
    else this.form = bits ? FORMS.bits : FORMS.value;
    this.offset = field.offset;
    this.size = isText ? Number(size) : (bits?.size ?? 0);
    this.mask = bits?.mask ?? 0;
    this.shift = bits?.shift ?? 0;
    this.scale = bits?.scale ?? 1;
    this.isTruth = kind === 'bool';
  }
}

/**
 * Takes the first value of each field that is a column, in one visit of the packet: the others are not even read.
 */
export class FieldColumns implements FieldSink {
  readonly shows = false;
  source = 0;
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #isText: ReadonlySet<number>;
  readonly #layouts = new Map<Layout, readonly Wanted[]>();
  readonly #single = new Map<Placed<Field>, Wanted>();
  readonly #anyOf = new Map<ReadonlySet<string>, boolean>();
  #fields = 0;
  #batch: Batch | undefined;
  /** The columns of the batch by their places, each in the list of its kind. */
  #numbers: readonly (NumberColumn | undefined)[] = [];
  #texts: readonly (TextColumn | undefined)[] = [];
  #row = 0;

  /** @param wanted names of fields of layers that are among the columns */
  constructor(specs: readonly ColumnSpec[], wanted: Iterable<string>) {
    this.#columnOf = placesOf(specs, wanted);
    this.#isText = new Set(specs.flatMap(({ type }, place) => (type === 'string' ? [place] : [])));
  }

  /** What is told next goes into this row. */
  begin(batch: Batch, row: number): void {
    this.#row = row;
    if (batch === this.#batch) return;
    this.#batch = batch;
    this.#numbers = batch.columns.map((column) => (column instanceof NumberColumn ? column : undefined));
    this.#texts = batch.columns.map((column) => (column instanceof TextColumn ? column : undefined));
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
    let wanted = this.#single.get(field);
    if (!wanted) {
      const column = this.#columnOf.get(field.path);
      if (column === undefined) return;
      wanted = this.#wanted(field, 0, column);
      this.#single.set(field, wanted);
    }
    this.#read(wanted, view, base);
  }

  fields(layout: Layout, view: DataView, base: number, from: number, to: number): void {
    const wanted = this.#layouts.get(layout) ?? this.#wantedIn(layout);
    for (let at = 0; at < wanted.length; at++) {
      const one = wanted[at] as Wanted;
      if (one.place >= from && one.place < to) this.#read(one, view, base);
    }
  }

  #wantedIn(layout: Layout): readonly Wanted[] {
    const wanted = layout.list.flatMap((field, place) => {
      const column = this.#columnOf.get(field.path);
      return column === undefined ? [] : [this.#wanted(field, place, column)];
    });
    this.#layouts.set(layout, wanted);
    return wanted;
  }

  #wanted(field: Placed<Field>, place: number, column: number): Wanted {
    return new Wanted(field, place, column, this.#fields++, this.#isText.has(column));
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
  #read(wanted: Wanted, view: DataView, base: number): void {
    const { form, column, field } = wanted;
    const at = base + wanted.offset;
    if (form === FORMS.bits) {
      const bits = (wordAt(view, at, wanted.size) & wanted.mask) >>> wanted.shift;
      this.#numbers[column]?.set(this.#row, wanted.isTruth ? Math.min(bits, 1) : bits * wanted.scale);
    } else if (form === FORMS.bytes) {
      const texts = this.#texts[column];
      if (texts?.setBytes(this.#row, wanted.number, view, at, wanted.size))
        texts.setNew(this.#row, wanted.number, textOf(field, field.read(view, base)));
    } else this.#set(field, column, field.read(view, base));
  }

  #set(field: Field, place: number, value: Value): void {
    const numbers = this.#numbers[place];
    if (numbers) {
      if (typeof value === 'number') numbers.set(this.#row, value);
      else if (typeof value === 'boolean') numbers.set(this.#row, value ? 1 : 0);
    } else if (this.#texts[place]?.present[this.#row] === 0) {
      this.#texts[place]?.set(this.#row, textOf(field, value));
    }
  }
}

const wordAt = (view: DataView, at: number, size: number): number => {
  if (size === 2) return view.getUint16(at);
  if (size === 1) return view.getUint8(at);
  return size === 4 ? view.getInt32(at) : (view.getUint8(at) << 16) | view.getUint16(at + 1);
};

/** The columns of a table by the fields that they hold, where those are fields of layers. */
export const placesOf = (specs: readonly ColumnSpec[], names: Iterable<string>): ReadonlyMap<string, number> =>
  new Map([...names].map((name) => [name, specs.findIndex((spec) => spec.name === name)]));
