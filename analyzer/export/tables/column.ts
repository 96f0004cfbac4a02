import { ByteKeys } from './byte-keys.js';

/** What the values of a column are. `timestamp` and `nanoseconds` are both a time: to the microsecond, and as a number. */
export type ColumnType = 'int32' | 'int64' | 'double' | 'boolean' | 'string' | 'timestamp' | 'nanoseconds';

/** A column as it is declared. */
export interface ColumnSpec {
  /** The name of the field that it holds. */
  readonly name: string;
  readonly type: ColumnType;
  /** Whether files tell the least and the greatest value of each group of rows, so that readers can pass over groups. */
  readonly bounded?: boolean;
  /** What the documents say of it. */
  readonly about: string;
}

/** Rows that a column has room for at first. */
const FIRST_ROWS = 1024;

/** What all columns have: which of their rows have a value. Rows are set once, in any order; all others are null. */
abstract class Presence {
  readonly spec: ColumnSpec;
  /** 1 where there is a value. Only as many rows count as the batch has. */
  present = new Uint8Array(FIRST_ROWS);

  constructor(spec: ColumnSpec) {
    this.spec = spec;
  }

  /** Makes room for twice as many rows. */
  grow(): void {
    const present = new Uint8Array(2 * this.present.length);
    present.set(this.present);
    this.present = present;
  }

  /** Forgets all values. */
  clear(): void {
    this.present.fill(0);
  }
}

/** Numbers and truths. */
export class NumberColumn extends Presence {
  values: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

  constructor(spec: ColumnSpec) {
    super(spec);
    const isWide = spec.type === 'int64' || spec.type === 'double';
    this.values = isWide ? new Float64Array(FIRST_ROWS) : new Int32Array(FIRST_ROWS);
  }

  set(row: number, value: number): void {
    if (this.present[row] === 1) return;
    this.present[row] = 1;
    this.values[row] = value;
  }

  override grow(): void {
    super.grow();
    const { values } = this;
    const larger =
      values instanceof Float64Array ? new Float64Array(2 * values.length) : new Int32Array(2 * values.length);
    larger.set(values);
    this.values = larger;
  }
}

/** Seconds around 1970 that a number of nanoseconds with 64 bits has room for. */
const MOST_SECONDS = 9_223_372_036;

/** Times. Those that are no 64-bit number of nanoseconds, before 1677 and after 2262, are null. */
export class TimeColumn extends Presence {
  seconds = new Float64Array(FIRST_ROWS);
  nanos = new Int32Array(FIRST_ROWS);

  set(row: number, seconds: number, nanos: number): void {
    if (!(Math.abs(seconds) < MOST_SECONDS)) return;
    this.present[row] = 1;
    this.seconds[row] = seconds;
    this.nanos[row] = nanos;
  }

  override grow(): void {
    super.grow();
    const seconds = new Float64Array(2 * this.seconds.length);
    const nanos = new Int32Array(2 * this.nanos.length);
    seconds.set(this.seconds);
    nanos.set(this.nanos);
    this.seconds = seconds;
    this.nanos = nanos;
  }
}

/** What the texts of several columns come to. */
export interface Weight {
  characters: number;
}

/** Texts: each different one is kept once. */
export class TextColumn extends Presence {
  /** The place of each row's text among `texts`. */
  places = new Int32Array(FIRST_ROWS);
  readonly texts: string[] = [];
  /** Characters of all texts. */
  size = 0;
  readonly #weight: Weight;
  readonly #seed: number;
  readonly #byText = new Map<string, number>();
  readonly #byNumber = new Map<number, number>();
  /** By the bytes of each field that the column holds. */
  readonly #byBytes: (ByteKeys | undefined)[] = [];
  #last: string | undefined;
  #lastPlace = 0;

  /** @param seed any number that strangers do not know */
  constructor(spec: ColumnSpec, weight: Weight, seed: number) {
    super(spec);
    this.#weight = weight;
    this.#seed = seed;
  }

  set(row: number, text: string): void {
    if (this.present[row] === 1) return;
    this.present[row] = 1;
    this.places[row] = this.#placeOf(text);
  }

  /** Sets a text that a number stands for: it is made only if the number is new. */
  setNumbered(row: number, number: number, text: (number: number) => string): void {
    if (this.present[row] === 1) return;
    let place = this.#byNumber.get(number);
    if (place === undefined) {
      place = this.#placeOf(text(number));
      this.#byNumber.set(number, place);
    }
    this.present[row] = 1;
    this.places[row] = place;
  }

  /**
   * Sets a text that some bytes stand for: it is made only if the bytes are new.
   * @param field which of several fields that the column holds, from 0; the bytes of each have one size
   * @returns whether the text must be made, and set
   */
  setBytes(row: number, field: number, view: DataView, at: number, size: number): boolean {
    if (this.present[row] === 1) return false;
    let keys = this.#byBytes[field];
    if (!keys) {
      keys = new ByteKeys(size, this.#seed);
      this.#byBytes[field] = keys;
    }
    const place = keys.find(view, at, size);
    if (place < 0) return true;
    this.present[row] = 1;
    this.places[row] = place;
    return false;
  }

  /** Sets the text of the bytes that `setBytes` was asked for last. */
  setNew(row: number, field: number, text: string): void {
    this.set(row, text);
    this.#byBytes[field]?.add(this.places[row] as number);
  }

  #placeOf(text: string): number {
    if (text === this.#last) return this.#lastPlace;
    let place = this.#byText.get(text);
    if (place === undefined) {
      place = this.texts.push(text) - 1;
      this.#byText.set(text, place);
      this.size += text.length;
      this.#weight.characters += text.length;
    }
    this.#last = text;
    this.#lastPlace = place;
    return place;
  }

  override grow(): void {
    super.grow();
    const places = new Int32Array(2 * this.places.length);
    places.set(this.places);
    this.places = places;
  }

  override clear(): void {
    super.clear();
    this.texts.length = 0;
    this.size = 0;
    this.#byText.clear();
    this.#byNumber.clear();
    for (const keys of this.#byBytes) keys?.clear();
    this.#last = undefined;
  }
}

export type Column = NumberColumn | TimeColumn | TextColumn;

/** An empty column. @param seed any number that strangers do not know */
export function newColumn(spec: ColumnSpec, weight: Weight, seed: number): Column {
  switch (spec.type) {
    case 'string':
      return new TextColumn(spec, weight, seed);
    case 'timestamp':
    case 'nanoseconds':
      return new TimeColumn(spec);
    default:
      return new NumberColumn(spec);
  }
}
