import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Batch } from '../tables/batch.js';
import type { ColumnSpec } from '../tables/column.js';
import type { UnnamedFile } from '../unnamed-file.js';
import { type EncodedColumn, encodeColumn } from './encode.js';
import {
  CODECS,
  dataHeader,
  dictionaryHeader,
  ENCODINGS,
  footerBytes,
  type WrittenChunk,
  type WrittenGroup,
} from './footer.js';

const compress = promisify(gzip);
/** Higher levels take several times as long for a tenth of the size. */
const LEVEL = 1;
/** What is shorter stays as it is: a compressor costs more than it saves. */
const WORTH_COMPRESSING = 1024;

/** How every Parquet file begins and ends. */
const MAGIC = Buffer.from('PAR1');

/** A column of a group, compressed: what goes into the file, in order. */
interface Pages {
  readonly encoded: EncodedColumn;
  readonly codec: number;
  readonly dictionary: readonly Uint8Array[];
  readonly data: readonly Uint8Array[];
  readonly inflated: number;
}

/** Writes a Parquet file, a group of rows after another. Source: Parquet format, "File format". */
export class ParquetFile {
  readonly #file: UnnamedFile;
  readonly #specs: readonly ColumnSpec[];
  readonly #groups: WrittenGroup[] = [];

  constructor(file: UnnamedFile, specs: readonly ColumnSpec[]) {
    this.#file = file;
    this.#specs = specs;
    file.write([MAGIC]);
  }

  /** Writes the rows of a batch, which may change as soon as this returns. @returns when they are written */
  add({ columns, rows }: Batch): Promise<void> {
    const encoded = columns.map((column) => encodeColumn(column, rows));
    return this.#write(encoded, rows);
  }

  async #write(columns: readonly EncodedColumn[], rows: number): Promise<void> {
    const pages = await Promise.all(columns.map((column) => pagesOf(column, rows)));
    const chunks = pages.map((written, place) => this.#place(written, this.#specs[place] as ColumnSpec));
    await this.#file.flushed();
    this.#groups.push({ rows, chunks });
  }

  #place({ encoded, codec, dictionary, data, inflated }: Pages, spec: ColumnSpec): WrittenChunk {
    const { nulls, bounds } = encoded;
    const start = this.#file.size;
    this.#file.write(dictionary);
    const dataAt = this.#file.size;
    this.#file.write(data);
    const dictionaryAt = dictionary.length > 0 ? start : undefined;
    return { spec, codec, dictionaryAt, dataAt, size: this.#file.size - start, inflated, nulls, bounds };
  }

  /** Ends the file. @param metadata what it tells of itself */
  async end(metadata: Readonly<Record<string, string>>, program: string): Promise<void> {
    const footer = footerBytes(this.#specs, this.#groups, metadata, program);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    this.#file.write([footer, length, MAGIC]);
    await this.#file.flushed();
  }
}

async function pagesOf(encoded: EncodedColumn, rows: number): Promise<Pages> {
  const { dictionary, data } = encoded;
  const size = data.length + (dictionary?.bytes.length ?? 0);
  const codec = size < WORTH_COMPRESSING ? CODECS.none : CODECS.gzip;
  const pack = (bytes: Uint8Array) => (codec === CODECS.none ? bytes : compress(bytes, { level: LEVEL }));
  const [small, large] = await Promise.all([dictionary && pack(dictionary.bytes), pack(data)]);
  const before =
    dictionary && small ? [dictionaryHeader(dictionary.count, dictionary.bytes.length, small.length), small] : [];
  const encoding = dictionary ? ENCODINGS.dictionary : ENCODINGS.plain;
  const head = dataHeader(rows, encoding, data.length, large.length);
  const heads = head.length + (before[0]?.length ?? 0);
  return { encoded, codec, dictionary: before, data: [head, large], inflated: heads + size };
}
