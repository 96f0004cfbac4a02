import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ParquetFile } from '../../../analyzer/export/parquet/parquet-file.js';
import { Batch } from '../../../analyzer/export/tables/batch.js';
import type { ColumnSpec } from '../../../analyzer/export/tables/column.js';
import { UnnamedFile } from '../../../analyzer/export/unnamed-file.js';
import { makeFolder } from '../capture/files.js';
import { duckRows, parquetFooter, parquetRows, type Row } from './read-tables.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const SPECS: readonly ColumnSpec[] = [
  { name: 'small.int', type: 'int32', bounded: true, about: '' },
  { name: 'wide.int', type: 'int64', bounded: true, about: '' },
  { name: 'real', type: 'double', about: '' },
  { name: 'truth', type: 'boolean', about: '' },
  { name: 'text', type: 'string', bounded: true, about: '' },
  { name: 'time', type: 'timestamp', bounded: true, about: '' },
  { name: 'time_ns', type: 'nanoseconds', bounded: true, about: '' },
];

/** A row to write; undefined where it has no value. */
interface Given {
  readonly small: number | undefined;
  readonly wide: number | undefined;
  readonly real: number | undefined;
  readonly truth: boolean | undefined;
  readonly text: string | undefined;
  readonly time: readonly [seconds: number, nanos: number] | undefined;
}

function put(batch: Batch, { small, wide, real, truth, text, time }: Given): void {
  const row = batch.add();
  batch.setNumber(row, 0, small);
  batch.setNumber(row, 1, wide);
  batch.setNumber(row, 2, real);
  batch.setNumber(row, 3, truth === undefined ? undefined : Number(truth));
  batch.setText(row, 4, text);
  if (!time) return;
  batch.setTime(row, 5, ...time);
  batch.setTime(row, 6, ...time);
}

function asRead({ small, wide, real, truth, text, time }: Given): Row {
  const nanos = time && BigInt(time[0]) * 1_000_000_000n + BigInt(time[1]);
  const micros = time && BigInt(time[0]) * 1_000_000n + BigInt(Math.floor(time[1] / 1000));
  const row = {
    'small.int': small,
    'wide.int': wide,
    real,
    truth,
    text,
    time: micros?.toString(),
    time_ns: nanos?.toString(),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

let files = 0;
async function written(groups: readonly (readonly Given[])[]): Promise<string> {
  const path = folder.path(`${files++}.parquet`);
  const file = new UnnamedFile(path);
  const parquet = new ParquetFile(file, SPECS);
  const batch = new Batch(SPECS);
  for (const rows of groups) {
    for (const row of rows) put(batch, row);
    const done = parquet.add(batch);
    // What it needs it has taken by now.
    batch.clear();
    await done;
  }
  await parquet.end({ key: 'välue' }, 'test');
  await file.completeAs(path);
  return path;
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 4 });
const few = fc.constantFrom('', 'a', 'ä', 'null', '\u{1f988}');
const row: fc.Arbitrary<Given> = fc.record({
  small: maybe(fc.oneof(fc.nat(3), fc.integer())),
  wide: maybe(fc.oneof(fc.nat(70_000), fc.maxSafeInteger())),
  real: maybe(fc.double({ noNaN: true })),
  truth: maybe(fc.boolean()),
  text: maybe(fc.oneof(few, fc.string({ unit: 'grapheme' }))),
  time: maybe(fc.tuple(fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), fc.nat(999_999_999))),
});
/** Rows one by one, and runs of equal ones, which are encoded in another way. */
const rows = fc
  .array(fc.tuple(row, fc.oneof(fc.constant(1), fc.nat(40))), { maxLength: 40 })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)));

test('hyparquet and DuckDB read what was written, whatever it is', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 3 }), async (given) => {
    const groups = given.filter(({ length }) => length > 0);
    const path = await written(groups);
    const expected = groups.flat().map(asRead);
    expect(await parquetRows(path)).toEqual(expected);
    expect(await duckRows(`SELECT * FROM '${path}'`)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 25 });
});

test('many rows: packed and repeated values, dictionaries and none, in groups', async () => {
  const given = Array.from({ length: 20_000 }, (_, place): Given => {
    const isRare = place % 1000 === 7;
    return {
      small: place % 3000 < 1500 ? 443 : place % 70_000,
      wide: place * 1_000_003 - 5_000_000_000,
      real: isRare ? undefined : place / 7,
      truth: place % 5 === 0,
      text: place < 5000 ? `text ${place}` : `text ${place % 300}`,
      time: isRare ? undefined : [1_767_323_045 + place, (place * 7_919) % 1_000_000_000],
    };
  });
  const path = await written([given.slice(0, 12_288), given.slice(12_288)]);
  expect(await parquetRows(path)).toEqual(given.map(asRead));
  expect(await duckRows(`SELECT * FROM '${path}'`)).toEqual(given.map(asRead));
  const nanos = given.slice(0, 12_288).map((row) => BigInt(String(asRead(row).time_ns ?? 0)));
  const greatest = nanos.reduce((one, other) => (one > other ? one : other));
  const footer = parquetFooter(path);
  expect(footer.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([12_288, 7712]);
  const chunks = footer.row_groups[0]?.columns.map(({ meta_data }) => meta_data) ?? [];
  expect(chunks.map((chunk) => [chunk?.path_in_schema.join(), chunk?.encodings.includes('RLE_DICTIONARY')])).toEqual([
    ['small.int', true],
    ['wide.int', false],
    ['real', false],
    ['truth', false],
    ['text', true],
    ['time', false],
    ['time_ns', false],
  ]);
  expect(chunks.map((chunk) => chunk?.codec)).toEqual(Array(7).fill('GZIP'));
  expect(chunks[6]?.statistics).toMatchObject({
    null_count: 13n,
    min_value: 1_767_323_045_000_000_000n,
    max_value: greatest,
  });
});

test('DuckDB passes over groups by what they tell of their values', async () => {
  const path = await written(
    [0, 1, 2].map((group) =>
      [100, 200].map((more) => ({
        small: 1000 * group + more,
        wide: undefined,
        real: undefined,
        truth: undefined,
        text: `t${1000 * group + more}`,
        time: undefined,
      })),
    ),
  );
  const bounds = await duckRows(
    `SELECT path_in_schema AS name, stats_min_value AS least, stats_max_value AS greatest FROM parquet_metadata('${path}')
     WHERE path_in_schema IN ('small.int', 'text') ORDER BY row_group_id, path_in_schema`,
  );
  expect(bounds.map(({ name, least, greatest }) => `${name} ${least} ${greatest}`)).toEqual([
    'small.int 100 200',
    'text t100 t200',
    'small.int 1100 1200',
    'text t1100 t1200',
    'small.int 2100 2200',
    'text t2100 t2200',
  ]);
});

test('a batch says that it is full by its rows, and by its texts', () => {
  const batch = new Batch(SPECS, 3);
  const full: boolean[] = [];
  for (let count = 0; count < 4; count++) {
    full.push(batch.isFull);
    batch.add();
  }
  expect(full).toEqual([false, false, false, true]);
  batch.clear();
  batch.setText(batch.add(), 4, 'x'.repeat(17 * 1024 * 1024));
  expect(batch.isFull).toBe(true);
});

test('no file is there before it is complete, and none after it was given up', async () => {
  const path = folder.path('late.parquet');
  const file = new UnnamedFile(path);
  file.write([Uint8Array.of(1, 2, 3)]);
  await file.flushed();
  writeFileSync(folder.path('other'), '');
  await expect(parquetRows(path)).rejects.toThrow('ENOENT');
  file.abandon();
  await expect(parquetRows(path)).rejects.toThrow('ENOENT');
});
