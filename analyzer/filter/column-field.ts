import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Columns, PacketIndex } from '../index/packet-index.js';
import type { Shape } from '../index/shapes.js';
import type { Value } from './types.js';

/** What the rows of a capture say: its columns, and what their numbers stand for. */
export interface ColumnSource {
  readonly index: Pick<PacketIndex, 'columns' | 'pool' | 'shapes' | 'addresses'>;
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
  readonly one: (columns: Columns) => SmallColumn;
  readonly other: ((columns: Columns) => SmallColumn) | undefined;
  readonly place: (shape: Shape) => Place;
  /** Whether the columns of a row hold them. */
  readonly holds: (columns: Columns, row: number) => boolean;
  readonly value: (code: number) => Value;
}

/** Where the values of packets of a shape are: there are none, in the columns, or in the packet. */
export type Place = 'absent' | 'columns' | 'packet';

/** What is known is gathered row by row. */
export interface RowsField {
  readonly kind: 'rows';
  readonly known: (row: number) => Known;
  /** Rows with the same key, of at least 0, have the same values. */
  readonly key?: (row: number) => number;
  /** The only value, where each row has one and it is a number. */
  readonly number?: (row: number) => number;
  /** The only value, where each row has one and it is a moment: its seconds, and nanoseconds of the last one. */
  readonly moment?: readonly [seconds: (row: number) => number, nanos: (row: number) => number];
}

/** How a field is told from columns. */
export type ColumnField = CodesField | PairField | RowsField;
