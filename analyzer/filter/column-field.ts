import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Columns } from '../index/columns.js';
import type { RowCursor } from '../index/row-cursor.js';
import type { Shape } from '../index/shapes.js';
import type { Value } from './types.js';

/** What the rows of a run of packets say: its columns, and what their numbers stand for. */
export interface ColumnSource {
  readonly index: RowCursor;
  readonly interfaces: readonly CaptureInterface[];
  /** By the packet's number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
}

/** The values that a packet surely has of a field, and those that it may have besides; undefined for any. */
export interface Known {
  readonly sure: readonly Value[];
  readonly perhaps: readonly Value[] | undefined;
}

export const NOTHING: Known = { sure: [], perhaps: [] };
export const ANYTHING: Known = { sure: [], perhaps: undefined };
export const exactly = (...sure: readonly Value[]): Known => ({ sure, perhaps: [] });

/** A column of few different numbers. */
export type SmallColumn = Uint8Array | Uint16Array;

/** A number a row stands for what is known of the field. */
export interface CodesField {
  readonly kind: 'codes';
  readonly column: (columns: Columns) => SmallColumn;
  /** The bits of the number that count. */
  readonly mask: number;
  /** Whether what is known are all values in their order: not only which there are, but how many. */
  readonly list: boolean;
  readonly known: (code: number) => Known;
}

/** One column, or two, hold the values, where the shape of the packet says so. */
export interface PairField {
  readonly kind: 'pair';
  readonly one: (columns: Columns) => Uint16Array;
  readonly other: ((columns: Columns) => Uint16Array) | undefined;
  readonly place: (shape: Shape) => Place;
  /** The bits of the `messages` column that are set where the columns hold them. */
  readonly flags: number;
  /** What a number stands for; undefined where it does not tell. */
  readonly value: (code: number) => Value | undefined;
}

/** Where the values of packets of a shape are: there are none, in the columns, or in the packet. */
export type Place = 'absent' | 'columns' | 'packet';

/** Each row has one number. */
export interface NumberField {
  readonly kind: 'number';
  /** The column of the numbers; undefined for the number of the packet. */
  readonly column: ((columns: Columns) => Uint32Array) | undefined;
}

/** Each row has one time, in nanoseconds. */
export interface MomentField {
  readonly kind: 'moment';
  /** What it counts from: 1970, the first packet, or the one before. */
  readonly since: 'epoch' | 'first' | 'before';
}

/** What is known is gathered row by row. */
export interface RowsField {
  readonly kind: 'rows';
  readonly known: (row: number) => Known;
  /** Writes a key for each of the rows `[from, to)`: rows with the same one, of at least 0, have the same values. */
  readonly keys: (from: number, to: number, keys: Float64Array) => void;
}

/** How a field is told from columns. */
export type ColumnField = CodesField | PairField | NumberField | MomentField | RowsField;
