import type { ColumnSpec, ColumnType } from '../tables/column.js';
import { structBytes, type ThriftStruct } from './thrift.js';

/** Types that Parquet stores. Source: Parquet format, `parquet.thrift`, "Type". */
const STORED = { boolean: 0, int32: 1, int64: 2, double: 5, bytes: 6 } as const;

/** How each type is stored. */
export const STORED_AS: Readonly<Record<ColumnType, number>> = {
  boolean: STORED.boolean,
  int32: STORED.int32,
  int64: STORED.int64,
  nanoseconds: STORED.int64,
  timestamp: STORED.int64,
  double: STORED.double,
  string: STORED.bytes,
};

/** Source: `parquet.thrift`, "Encoding", "CompressionCodec", "FieldRepetitionType", "ConvertedType". */
export const ENCODINGS = { plain: 0, rle: 3, dictionary: 8 } as const;
export const CODECS = { none: 0, gzip: 2 } as const;
const OPTIONAL = 1;
const CONVERTED = { utf8: 0, micros: 10 } as const;

/** A column of a group of rows as it stands in the file. */
export interface WrittenChunk {
  readonly spec: ColumnSpec;
  readonly codec: number;
  /** Where the dictionary's page begins, if there is one, and that of the data. */
  readonly dictionaryAt: number | undefined;
  readonly dataAt: number;
  readonly size: number;
  readonly inflated: number;
  readonly nulls: number;
  readonly bounds: readonly [Uint8Array, Uint8Array] | undefined;
}

export interface WrittenGroup {
  readonly rows: number;
  readonly chunks: readonly WrittenChunk[];
}

/** What ends a file: what its columns are, and where they stand. */
export function footerBytes(
  specs: readonly ColumnSpec[],
  groups: readonly WrittenGroup[],
  metadata: Readonly<Record<string, string>>,
  program: string,
): Uint8Array {
  return structBytes((file) => {
    file.i32(1, 2);
    file.structs(2, [undefined, ...specs], (element, spec) => {
      if (spec) writeElement(element, spec);
      else {
        element.text(4, 'schema');
        element.i32(5, specs.length);
      }
    });
    file.i64(
      3,
      sum(groups, ({ rows }) => rows),
    );
    file.structs(4, groups, writeGroup);
    file.structs(5, Object.entries(metadata), (pair, [key, value]) => {
      pair.text(1, key);
      pair.text(2, value);
    });
    file.text(6, program);
    // Bounds are compared as the type of the column says.
    file.structs(7, specs, (order) => order.struct(1, () => {}));
  });
}

function writeElement(element: ThriftStruct, { name, type }: ColumnSpec): void {
  element.i32(1, STORED_AS[type]);
  element.i32(3, OPTIONAL);
  element.text(4, name);
  if (type === 'string') {
    element.i32(6, CONVERTED.utf8);
    element.struct(10, (logical) => logical.struct(1, () => {}));
  } else if (type === 'timestamp') {
    element.i32(6, CONVERTED.micros);
    element.struct(10, (logical) =>
      logical.struct(8, (timestamp) => {
        timestamp.bool(1, true);
        timestamp.struct(2, (unit) => unit.struct(2, () => {}));
      }),
    );
  }
}

function writeGroup(group: ThriftStruct, { rows, chunks }: WrittenGroup): void {
  group.structs(1, chunks, (chunk, written) => {
    chunk.i64(2, 0);
    chunk.struct(3, (meta) => writeChunk(meta, written, rows));
  });
  group.i64(
    2,
    sum(chunks, ({ inflated }) => inflated),
  );
  group.i64(3, rows);
}

function writeChunk(meta: ThriftStruct, chunk: WrittenChunk, rows: number): void {
  const { spec, codec, dictionaryAt, dataAt, size, inflated, nulls, bounds } = chunk;
  meta.i32(1, STORED_AS[spec.type]);
  const values = dictionaryAt === undefined ? ENCODINGS.plain : ENCODINGS.dictionary;
  meta.numbers(2, [...new Set([ENCODINGS.plain, ENCODINGS.rle, values])]);
  meta.texts(3, [spec.name]);
  meta.i32(4, codec);
  meta.i64(5, rows);
  meta.i64(6, inflated);
  meta.i64(7, size);
  meta.i64(9, dataAt);
  if (dictionaryAt !== undefined) meta.i64(11, dictionaryAt);
  meta.struct(12, (statistics) => {
    statistics.i64(3, nulls);
    if (!bounds) return;
    const [least, greatest] = bounds;
    statistics.bytes(5, greatest);
    statistics.bytes(6, least);
  });
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** What stands before a dictionary. */
export const dictionaryHeader = (count: number, inflated: number, size: number): Uint8Array =>
  structBytes((page) => {
    page.i32(1, 2);
    page.i32(2, inflated);
    page.i32(3, size);
    page.struct(7, (header) => {
      header.i32(1, count);
      header.i32(2, ENCODINGS.plain);
    });
  });

/** What stands before the values of a column. */
export const dataHeader = (rows: number, encoding: number, inflated: number, size: number): Uint8Array =>
  structBytes((page) => {
    page.i32(1, 0);
    page.i32(2, inflated);
    page.i32(3, size);
    page.struct(5, (header) => {
      header.i32(1, rows);
      header.i32(2, encoding);
      header.i32(3, ENCODINGS.rle);
      header.i32(4, ENCODINGS.rle);
    });
  });
