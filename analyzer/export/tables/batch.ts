import { randomInt } from 'node:crypto';
import {
  type Column,
  type ColumnSpec,
  NumberColumn,
  newColumn,
  TextColumn,
  TimeColumn,
  type Weight,
} from './column.js';

/** Rows of a group: as many as DuckDB has in one of its own. */
export const GROUP_ROWS = 122_880;

/** Characters of different texts that a batch holds before it is written, whatever its rows: this bounds its memory. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Rows of a table that wait to be written, a column each. */
export class Batch {
  readonly columns: readonly Column[];
  readonly #most: number;
  readonly #weight: Weight = { characters: 0 };
  #rows = 0;
  #capacity: number;

  /** @param most rows, after which it is full */
  constructor(specs: readonly ColumnSpec[], most = GROUP_ROWS) {
    const seed = randomInt(2 ** 31);
    this.columns = specs.map((spec) => newColumn(spec, this.#weight, seed));
    this.#most = most;
    this.#capacity = this.columns[0]?.present.length ?? 0;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Whether it should be written before the next row. */
  get isFull(): boolean {
    return this.#rows >= this.#most || this.#weight.characters >= MOST_TEXT;
  }

  /** Begins the next row, in which all is null. @returns its place */
  add(): number {
    const row = this.#rows++;
    if (row === this.#capacity) {
      for (const column of this.columns) column.grow();
      this.#capacity *= 2;
    }
    return row;
  }

  setNumber(row: number, place: number, value: number | undefined): void {
    const column = this.columns[place];
    if (value !== undefined && column instanceof NumberColumn) column.set(row, value);
  }

  setText(row: number, place: number, text: string | undefined): void {
    const column = this.columns[place];
    if (text !== undefined && column instanceof TextColumn) column.set(row, text);
  }

  /** A number or a text, as the column has them. */
  setValue(row: number, place: number, value: number | string | undefined): void {
    if (typeof value === 'string') this.setText(row, place, value);
    else this.setNumber(row, place, value);
  }

  /** A text that a number stands for. */
  setNumbered(row: number, place: number, number: number, text: (number: number) => string): void {
    const column = this.columns[place];
    if (column instanceof TextColumn) column.setNumbered(row, number, text);
  }

  setTime(row: number, place: number, seconds: number, nanos: number): void {
    const column = this.columns[place];
    if (column instanceof TimeColumn) column.set(row, seconds, nanos);
  }

  clear(): void {
    this.#rows = 0;
    this.#weight.characters = 0;
    for (const column of this.columns) column.clear();
  }
}
