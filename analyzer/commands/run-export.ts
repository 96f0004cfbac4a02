import { randomBytes, randomInt } from 'node:crypto';
import { basename, join } from 'node:path';
import { CaptureError } from '../capture/capture-error.js';
import type { NamedCaptures } from '../capture/named-captures.js';
import { ParquetFile } from '../export/parquet/parquet-file.js';
import type { ColumnSpec } from '../export/tables/column.js';
import { NdjsonFile } from '../export/tables/ndjson-file.js';
import { FolderOutput, makeFolder, type RowFile, type TableOutput } from '../export/tables/output.js';
import type { Partition } from '../export/tables/partitions.js';
import { FOLLOWED_TABLES, TABLES, type TableName } from '../export/tables/table-names.js';
import { CaptureTables, columnsOf } from '../export/tables/tables.js';
import type { UnnamedFile } from '../export/unnamed-file.js';
import { compileFilter } from '../filter/compile.js';
import { pathsOf } from '../print/fields.js';
import { knownFields, nearestField } from '../print/known-fields.js';
import type { Packet } from '../print/packet.js';
import { version } from '../version.js';
import { CaptureDigest } from './capture-digest.js';
import { capturesNamed } from './captures-named.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { openSource, packetsOf, type Reading, sourceOf, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { RowPrinter } from './row-printer.js';
import { asksForLinks, lookAhead } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** The options of `handshark export parquet` and `handshark export ndjson`. */
export interface ExportOptions extends ReadingOptions {
  /** The folder of the tables. */
  readonly output?: string;
  /** All, or of what goes to standard output the first, if there are none. */
  readonly table: readonly TableName[];
  /** Further columns of the table of packets. */
  readonly field: readonly string[];
  readonly partition: readonly Partition[];
}

/** Writes captures as tables; several are read as one. */
export async function exportTables(
  form: 'parquet' | 'ndjson',
  files: readonly string[],
  options: ExportOptions,
  io: Io,
): Promise<void> {
  if (await explained(options, io)) return;
  const captures = await capturesNamed(files, options);
  const tables = tablesNamed(options);
  const { output, filter, partition } = options;
  checkColumns(options.field);
  const passes = filter === undefined ? () => true : compileFilter(filter);
  if (output === undefined && partition.length > 0)
    throw new UsageError(`--partition: ${partition}: goes with a folder, -o DIR`);
  // A wrong folder is told of before hours are spent on reading.
  if (output !== undefined) for (const table of tables) makeFolder(join(output, table));
  const stop = io.interrupted();
  const digest = await CaptureDigest.of(captures.paths, stop);
  const wantsLinks = await asksForLinks(captures, options);
  const source = { ...(await sourceOf(captures, options, stop, io.remark)), stdin: digest.stdin };
  const reading = await openSource(source, { links: await lookAhead(source, wantsLinks) });
  const printer = output === undefined ? new Output(io.stdout) : undefined;
  const name = fileName(captures.paths, digest.name);
  const outputs = new Map<TableName, TableOutput>();
  for (const table of tables) {
    const columns = columnsOf(table, options.field);
    outputs.set(
      table,
      printer ? new RowPrinter(columns, printer) : folderOutput(table, columns, name, form, digest, options),
    );
  }
  await exportReading(reading, captures, outputs, passes, () => printer?.closed === true, options, io);
}

async function exportReading(
  reading: Reading,
  captures: NamedCaptures,
  outputs: ReadonlyMap<TableName, TableOutput>,
  passes: (packet: Packet) => boolean,
  isOver: () => boolean,
  { field, count }: ExportOptions,
  io: Io,
): Promise<void> {
  const { tracker, handshakes } = reading.examiner;
  const followed = { channels: tracker.table.channels, handshakes: handshakes.table.rows };
  const [path = ''] = captures.paths;
  const rows = new CaptureTables(path, outputs, followed, field, randomInt(2 ** 31));
  let problem: string | undefined;
  try {
    problem = await fill(rows, packetsOf(reading, count), passes, isOver);
    await rows.end();
  } catch (error) {
    await rows.abandon();
    throw error;
  } finally {
    await reading.capture.close();
  }
  if (problem !== undefined) io.complain(problem, 1);
  tellForgotten(reading, captures, outputs, io);
  tellProblems(reading, io);
}

/** The tables that a command line names. */
function tablesNamed({ table, output, track }: ExportOptions): readonly TableName[] {
  const named = [...new Set(table)];
  if (output === undefined && named.length > 1)
    throw new UsageError(`--table: ${named}: standard output takes one table; -o DIR takes all`);
  const followed = named.find((name) => FOLLOWED_TABLES.has(name));
  if (!track && followed) throw new UsageError(`--no-track: the table of ${followed} is what is followed`);
  if (named.length > 0) return named;
  if (output === undefined) return ['packets'];
  return track ? TABLES : TABLES.filter((name) => !FOLLOWED_TABLES.has(name));
}

/** @throws {UsageError} for a column that is no field, or stands for another, or for two */
export function checkColumns(names: readonly string[]): void {
  const known = knownFields();
  for (const name of names) {
    if (known.has(name)) continue;
    const meant = pathsOf(name).filter((path) => path !== name && known.has(path));
    if (meant.length > 0) throw new UsageError(`-e: ${name}: it stands for ${meant.join(' and ')}: name those`);
    const near = nearestField(name);
    throw new UsageError(`-e: ${name}: no such field${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
}

/** Takes all packets. @returns why they ended early, where the system could not read on */
async function fill(
  rows: CaptureTables,
  steps: ReturnType<typeof packetsOf>,
  passes: (packet: Packet) => boolean,
  isOver: () => boolean,
): Promise<string | undefined> {
  while (!isOver()) {
    let next: (() => Packet | undefined) | undefined;
    try {
      next = (await steps.next()).value ?? undefined;
    } catch (error) {
      // What was read stays: the tables get it.
      if (error instanceof CaptureError) return error.message;
      throw error;
    }
    if (!next) return undefined;
    for (let packet = next(); packet; packet = next()) {
      rows.take(packet, passes(packet));
      if (rows.isFull) await rows.flush();
    }
    await rows.pause();
  }
  return undefined;
}

function folderOutput(
  table: TableName,
  columns: readonly ColumnSpec[],
  name: string,
  form: 'parquet' | 'ndjson',
  digest: CaptureDigest,
  { output = '', partition }: ExportOptions,
): TableOutput {
  const metadata = (): Readonly<Record<string, string>> => {
    const sha256 = digest.value;
    return {
      'handshark.version': version(),
      'handshark.command': commandLine(),
      'handshark.table': table,
      ...(sha256 !== undefined && { 'handshark.capture.sha256': sha256 }),
    };
  };
  const open = (file: UnnamedFile): RowFile => {
    if (form === 'ndjson') return new NdjsonFile(file);
    const parquet = new ParquetFile(file, columns);
    return {
      add: (batch) => parquet.add(batch),
      end: () => parquet.end(metadata(), `handshark version ${version()}`),
    };
  };
  return new FolderOutput(columns, { folder: join(output, table), name, ending: `.${form}`, partition, open });
}

/** What was typed, as a shell would take it. */
const commandLine = (): string =>
  ['handshark', ...process.argv.slice(2)]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');

/** Characters of a capture's name that the names of its files have. */
const NAME_KEPT = 100;
/** Digits of the digest that they have. */
const DIGITS = 12;

/** The name of the files of captures: others have other digests. @param digest a random name, where that is not known */
function fileName(paths: readonly string[], digest = randomBytes(DIGITS).toString('hex')): string {
  const [first = 'captures'] = paths;
  const base = first === '-' ? 'stdin' : basename(first);
  const kept = [...base].slice(0, NAME_KEPT).join('');
  const more = paths.length > 1 ? `+${paths.length - 1}` : '';
  return `${kept}${more}-${digest.slice(0, DIGITS)}`;
}

/** Tells of rows that were dropped while the capture was read. */
function tellForgotten(
  { examiner }: Reading,
  { title }: NamedCaptures,
  tables: ReadonlyMap<TableName, unknown>,
  io: Io,
) {
  const forgotten = {
    channels: examiner.tracker.table.forgotten,
    handshakes: examiner.handshakes.table.forgotten,
  };
  for (const table of ['channels', 'handshakes'] as const) {
    if (!tables.has(table) || forgotten[table] === 0) continue;
    io.remark(`${table} forgotten to stay within bounds, oldest first: ${title}: ${forgotten[table]}`);
  }
}
