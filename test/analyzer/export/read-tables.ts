import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance, DuckDBTimestampTZValue } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';

/** A row of a table, without what is null: numbers, truths and texts as they are, times as digits. */
export type Row = Readonly<Record<string, unknown>>;

/** A value in one form, whichever program read it. */
function plain(name: string, value: unknown): unknown {
  if (value instanceof DuckDBTimestampTZValue) return `${value.micros}`;
  if (typeof value !== 'bigint') return value;
  return name.startsWith('time') ? `${value}` : Number(value);
}

const plainRow = (row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, plain(name, value)]),
  );

const exact = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

/** What a Parquet file tells of itself, as hyparquet reads it. */
export const parquetFooter = (path: string) => parquetMetadata(exact(readFileSync(path)));

/** The rows of a Parquet file, as hyparquet reads them. */
export async function parquetRows(path: string): Promise<readonly Row[]> {
  const rows = await parquetReadObjects({
    file: exact(readFileSync(path)),
    compressors: { GZIP: (bytes) => gunzipSync(bytes) },
    parsers: { timestampFromMicroseconds: (micros) => micros },
  });
  return rows.map(plainRow);
}

/** The rows of the last of some statements, as DuckDB gives them. */
export async function duckRows(...statements: readonly string[]): Promise<readonly Row[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    const reader = await connection.runAndReadAll(statements.at(-1) ?? '');
    return reader.getRowObjects().map(plainRow);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A line of JSON as a row. */
export function jsonRow(line: string): Row {
  const row = JSON.parse(line) as Record<string, unknown>;
  const [, nanos] = /"time_ns":(-?\d+)/.exec(line) ?? [];
  const { time } = row;
  if (nanos !== undefined) row.time_ns = nanos;
  if (typeof time === 'string') {
    expect6Digits(time);
    row.time = `${BigInt(Date.parse(`${time.slice(0, -8)}Z`)) * 1000n + BigInt(time.slice(-7, -1))}`;
  }
  return row;
}

function expect6Digits(time: string): void {
  if (!/^[-+\d]+-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time)) throw new Error(`not a time: ${time}`);
}
