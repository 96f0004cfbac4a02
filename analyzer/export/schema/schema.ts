import type { ColumnSpec, ColumnType } from '../tables/column.js';
import type { Partition } from '../tables/partitions.js';
import type { TableName } from '../tables/table-names.js';
import { columnsOf } from '../tables/tables.js';
import type { Engine } from './engines.js';

/** What tables are declared, and where they lie. */
export interface SchemaOptions {
  readonly tables: readonly TableName[];
  /** Further columns of the table of packets. */
  readonly field: readonly string[];
  /** The folder that was exported to. */
  readonly output: string;
  readonly partition: readonly Partition[];
}

type Types = Readonly<Record<ColumnType, string>>;

const DUCKDB: Types = {
  int32: 'INTEGER',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  timestamp: 'TIMESTAMPTZ',
  nanoseconds: 'BIGINT',
};

const CLICKHOUSE: Types = {
  int32: 'Int32',
  int64: 'Int64',
  double: 'Float64',
  boolean: 'UInt8',
  string: 'String',
  timestamp: 'DateTime',
  nanoseconds: 'Int64',
};

const SPARK: Types = {
  int32: 'INT',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'STRING',
  timestamp: 'TIMESTAMP',
  nanoseconds: 'BIGINT',
};

/** The statements that make the tables of a database. */
export const schemaText = (engine: Engine, options: SchemaOptions): string =>
  options.tables.map((table) => STATEMENTS[engine](table, columnsOf(table, options.field), options)).join('\n');

type Statement = (table: TableName, columns: readonly ColumnSpec[], options: SchemaOptions) => string;

const STATEMENTS: Readonly<Record<Engine, Statement>> = { duckdb, clickhouse, spark };

const lines = (columns: readonly ColumnSpec[], line: (column: ColumnSpec) => string): string =>
  columns.map((column) => `  ${line(column)}`).join(',\n');

const text = (words: string): string => `'${words.replaceAll("'", "''")}'`;

/** A table of its own: files and lines of JSON go into it by the names of their columns. */
function duckdb(table: TableName, columns: readonly ColumnSpec[], { output }: SchemaOptions): string {
  const files = (ending: string) => text(`${output}/${table}/**/*.${ending}`);
  // Guessed types would take some texts for times or numbers, and of an empty file there is nothing to guess from.
  const types = columns.map(({ name, type }) => `${text(name)}: ${text(DUCKDB[type])}`).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${table} (
${lines(columns, ({ name, type }) => `"${name}" ${DUCKDB[type]}`)}
);
-- INSERT INTO ${table} BY NAME SELECT * FROM read_parquet(${files('parquet')}, hive_partitioning = false);
-- INSERT INTO ${table} BY NAME SELECT * FROM read_json(${files('ndjson')}, hive_partitioning = false, columns = {${types}});
`;
}

/** What orders and parts the rows is never null; all else may be. */
const KEYS: ReadonlySet<string> = new Set(['frame.file', 'frame.number', 'time', 'time_ns']);

/**
 * A table for lines of JSON. Its `time` is made from `time_ns`, for versions without times of fractions of a second
 * have no other.
 */
function clickhouse(table: TableName, columns: readonly ColumnSpec[]): string {
  const line = ({ name, type }: ColumnSpec): string => {
    const quoted = `\`${name}\``;
    if (type === 'timestamp')
      return `${quoted} DateTime('UTC') MATERIALIZED toDateTime(intDiv(time_ns, 1000000000), 'UTC')`;
    return `${quoted} ${KEYS.has(name) ? CLICKHOUSE[type] : `Nullable(${CLICKHOUSE[type]})`}`;
  };
  return `CREATE TABLE IF NOT EXISTS ${table} (
${lines(columns, line)}
) ENGINE = MergeTree()
PARTITION BY intDiv(time_ns, 86400000000000)
ORDER BY (time_ns, \`frame.file\`, \`frame.number\`);
`;
}

/** A table over the files where they lie. */
function spark(table: TableName, columns: readonly ColumnSpec[], { output, partition }: SchemaOptions): string {
  const parts: readonly string[] = partition.map((column) => `  \`${column}\` STRING`);
  const own = lines(columns, ({ name, type, about }) => `\`${name}\` ${SPARK[type]} COMMENT ${text(about)}`);
  const by = partition.length > 0 ? `\nPARTITIONED BY (${partition.map((column) => `\`${column}\``).join(', ')})` : '';
  const repair = partition.length > 0 ? `MSCK REPAIR TABLE ${table};\n` : '';
  return `CREATE TABLE IF NOT EXISTS ${table} (
${[own, ...parts].join(',\n')}
) USING parquet${by}
LOCATION ${text(`${output}/${table}`)};
${repair}`;
}
