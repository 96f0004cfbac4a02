import { type Column, type NumberColumn, TextColumn, TimeColumn } from '../tables/column.js';
import { ByteWriter } from './byte-writer.js';
import { bitWidth, writeHybrid } from './hybrid.js';
import { highHalf, lowHalf, scaledTime } from './wide-number.js';

/** The values of a column in a group of rows, encoded; not yet compressed. */
export interface EncodedColumn {
  /** Each different value once, where the values are places among them; null where they stand for themselves. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
  /** Which rows have a value, and the values. */
  readonly data: Uint8Array;
  readonly nulls: number;
  /** The least and the greatest value, where the column is to tell them and has any. */
  readonly bounds: readonly [least: Uint8Array, greatest: Uint8Array] | undefined;
}

/** Encodes the first `rows` rows of a column. Source: Parquet format, "Encodings" and "Data Pages". */
export function encodeColumn(column: Column, rows: number): EncodedColumn {
  const data = new ByteWriter(4 * rows + 64);
  const nulls = rows - writeLevels(column.present, rows, data);
  const count = rows - nulls;
  if (column instanceof TextColumn) return { ...encodeTexts(column, rows, count, data), nulls };
  if (column instanceof TimeColumn) return { ...encodeTimes(column, rows, data), nulls };
  return { ...encodeNumbers(column, rows, count, data), nulls };
}

/** Writes which rows have a value, in runs with their length before them. @returns how many do */
function writeLevels(present: Uint8Array, rows: number, into: ByteWriter): number {
  const start = into.length;
  into.u32(0);
  writeHybrid(present, rows, 1, into);
  const { length } = into;
  into.length = start;
  into.u32(length - start - 4);
  into.length = length;
  let count = 0;
  for (let row = 0; row < rows; row++) count += present[row] as number;
  return count;
}

type Values = Omit<EncodedColumn, 'nulls'>;

/** Of the values that a column has, so many may be different for places in a dictionary to be worth while. */
const worthDictionary = (different: number, count: number): boolean => different <= count / 2 || different <= 16;

function encodeTexts(column: TextColumn, rows: number, count: number, data: ByteWriter): Values {
  const { texts, places, present, spec } = column;
  const bytes = texts.map((text) => Buffer.from(text));
  const bounds = spec.bounded && count > 0 ? boundsOf(bytes) : undefined;
  if (!worthDictionary(texts.length, count)) {
    for (let row = 0; row < rows; row++) if (present[row] === 1) writeText(bytes[places[row] as number], data);
    return { dictionary: null, data: data.bytes, bounds };
  }
  const dictionary = new ByteWriter(column.size + 4 * texts.length);
  for (const text of bytes) writeText(text, dictionary);
  writePlaces(places, present, rows, texts.length, data);
  return { dictionary: { bytes: dictionary.bytes, count: texts.length }, data: data.bytes, bounds };
}

function writeText(bytes: Uint8Array = NOTHING, into: ByteWriter): void {
  into.u32(bytes.length);
  into.add(bytes);
}
const NOTHING = new Uint8Array(0);

/** The least and the greatest, byte by byte. */
function boundsOf(texts: readonly Uint8Array[]): readonly [Uint8Array, Uint8Array] {
  const [first = NOTHING] = texts;
  let [least, greatest] = [first, first];
  for (const text of texts) {
    if (Buffer.compare(text, least) < 0) least = text;
    if (Buffer.compare(text, greatest) > 0) greatest = text;
  }
  return [least, greatest];
}

/** Writes, for each row with a value, its place in a dictionary. */
function writePlaces(places: Int32Array, present: Uint8Array, rows: number, different: number, into: ByteWriter): void {
  const packed = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (present[row] === 1) packed[count++] = places[row] as number;
  const width = bitWidth(Math.max(0, different - 1));
  into.byte(width);
  if (count > 0) writeHybrid(packed, count, width, into);
}

function encodeTimes(column: TimeColumn, rows: number, data: ByteWriter): Values {
  const { present, seconds, nanos, spec } = column;
  const isMicros = spec.type === 'timestamp';
  const [scale, divisor] = isMicros ? [1e6, 1000] : [1e9, 1];
  let [least, greatest] = [-1, -1];
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) continue;
    writeTime(seconds[row] as number, Math.floor((nanos[row] as number) / divisor), scale, data);
    if (least < 0 || isEarlier(column, row, least)) least = row;
    if (greatest < 0 || isEarlier(column, greatest, row)) greatest = row;
  }
  const boundOf = (row: number): Uint8Array => {
    const bytes = new ByteWriter(8);
    writeTime(seconds[row] as number, Math.floor((nanos[row] as number) / divisor), scale, bytes);
    return bytes.bytes;
  };
  const bounds = spec.bounded && least >= 0 ? ([boundOf(least), boundOf(greatest)] as const) : undefined;
  return { dictionary: null, data: data.bytes, bounds };
}

const isEarlier = ({ seconds, nanos }: TimeColumn, one: number, other: number): boolean => {
  const apart = (seconds[one] as number) - (seconds[other] as number);
  return apart < 0 || (apart === 0 && (nanos[one] as number) < (nanos[other] as number));
};

function writeTime(seconds: number, part: number, scale: number, into: ByteWriter): void {
  const [high, low] = scaledTime(seconds, scale, part);
  into.i64(high, low);
}

/** Whole numbers below this are looked up in a table, to find whether few of them are different. */
const SMALL = 1 << 16;

function encodeNumbers(column: NumberColumn, rows: number, count: number, data: ByteWriter): Values {
  const { present, values, spec } = column;
  const bounds = spec.bounded && count > 0 ? numberBounds(column, rows) : undefined;
  if (spec.type === 'boolean') {
    writeTruths(column, rows, data);
    return { dictionary: null, data: data.bytes, bounds };
  }
  const small = smallPlaces(column, rows);
  if (small && worthDictionary(small.different.length, count)) {
    const dictionary = new ByteWriter(8 * small.different.length);
    for (const value of small.different) writeNumber(value, spec.type, dictionary);
    writePlaces(small.places, present, rows, small.different.length, data);
    return { dictionary: { bytes: dictionary.bytes, count: small.different.length }, data: data.bytes, bounds };
  }
  for (let row = 0; row < rows; row++) if (present[row] === 1) writeNumber(values[row] as number, spec.type, data);
  return { dictionary: null, data: data.bytes, bounds };
}

/** The different values of a column and where each row's is among them; undefined if one is not small and whole. */
function smallPlaces({ present, values }: NumberColumn, rows: number) {
  const placeOf = new Int32Array(SMALL).fill(-1);
  const places = new Int32Array(rows);
  const different: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) continue;
    const value = values[row] as number;
    if (!(value >= 0 && value < SMALL && Number.isInteger(value)) || Object.is(value, -0)) return undefined;
    let place = placeOf[value] as number;
    if (place < 0) {
      place = different.push(value) - 1;
      placeOf[value] = place;
    }
    places[row] = place;
  }
  return { different, places };
}

function writeNumber(value: number, type: string, into: ByteWriter): void {
  if (type === 'int32') into.u32(value);
  else if (type === 'double') into.double(value);
  else into.i64(highHalf(value), lowHalf(value));
}

function writeTruths({ present, values }: NumberColumn, rows: number, into: ByteWriter): void {
  let [byte, bits] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) continue;
    if (values[row] !== 0) byte |= 1 << bits;
    if (++bits < 8) continue;
    into.byte(byte);
    [byte, bits] = [0, 0];
  }
  if (bits > 0) into.byte(byte);
}

function numberBounds({ present, values, spec }: NumberColumn, rows: number): readonly [Uint8Array, Uint8Array] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) continue;
    least = Math.min(least, values[row] as number);
    greatest = Math.max(greatest, values[row] as number);
  }
  const bytesOf = (value: number): Uint8Array => {
    const bytes = new ByteWriter(8);
    writeNumber(value, spec.type, bytes);
    return bytes.bytes;
  };
  return [bytesOf(least), bytesOf(greatest)];
}
