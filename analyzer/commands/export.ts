import { Argument, type Command, Option } from 'commander';
import { ENGINES, type Engine } from '../export/schema/engines.js';
import { PARTITIONS, type Partition } from '../export/tables/partitions.js';
import { TABLES, type TableName } from '../export/tables/table-names.js';
import type { Io } from './io.js';
import { withReadingOptions } from './reading-options.js';
import type { ExportOptions } from './run-export.js';
import { UsageError } from './usage-error.js';

/** Declares `handshark export`. Source: the command line page. */
export function exportCommand(program: Command, io: Io): void {
  const command = program
    .command('export')
    .description('make what other programs read: tables of captures, a dissector for Wireshark')
    .addHelpText('after', EXAMPLES);
  command
    .command('lua')
    .description('print a Wireshark dissector for all dialects')
    .addHelpText('after', LUA_EXAMPLES)
    .action(async () => {
      const { luaDissector } = await import('../export/lua.js');
      io.stdout.write(luaDissector());
    });
  tableCommand(command, 'parquet')
    .description('write captures as tables in Parquet files, for DuckDB, Spark, Trino, ClickHouse, pandas')
    .requiredOption('-o, --output <dir>', 'the folder of the tables; each has a folder in it')
    .addHelpText('after', PARQUET_EXAMPLES)
    .action(exporting('parquet', io));
  tableCommand(command, 'ndjson')
    .description('print the same tables as JSON, a row a line: one table to standard output, or all into a folder')
    .option('-o, --output <dir>', 'write into a folder, as `export parquet` does, instead of standard output')
    .addHelpText('after', NDJSON_EXAMPLES)
    .action(exporting('ndjson', io));
  command
    .command('schema')
    .description('print the SQL that makes these tables')
    .addArgument(new Argument('<engine>', 'for which database').choices(ENGINES))
    .addOption(tableOption())
    .addOption(fieldOption())
    .option('-o, --output <dir>', 'the folder that `export parquet -o` names', 'tables')
    .addOption(partitionOption())
    .addHelpText('after', SCHEMA_EXAMPLES)
    .action(async (engine: Engine, options: SchemaOptions) => {
      const { schemaText } = await import('../export/schema/schema.js');
      const { table, field, output, partition } = options;
      const { checkColumns } = await import('./run-export.js');
      checkColumns(field);
      io.stdout.write(schemaText(engine, { tables: table.length > 0 ? table : TABLES, field, output, partition }));
    });
}

interface SchemaOptions {
  readonly table: readonly TableName[];
  readonly field: readonly string[];
  readonly output: string;
  readonly partition: readonly Partition[];
}

const tableCommand = (command: Command, name: string): Command =>
  // Where tables go is `-o`, as the command line page has it.
  withReadingOptions(command.command(name), '--setting <name:value>')
    .argument('[files...]', 'the captures to read, several as one; - for standard input')
    .addOption(tableOption())
    .addOption(fieldOption())
    .addOption(partitionOption());

const tableOption = (): Option =>
  new Option('--table <name>', `which table: ${TABLES.join(', ')}; repeatable`)
    .choices(TABLES)
    .argParser((value: string, before: readonly TableName[]) => [...before, ...named(TABLES, value, '--table')])
    .default([]);

const fieldOption = (): Option =>
  new Option('-e, --field <field>', 'a further column of the table packets; repeatable')
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([]);

const partitionOption = (): Option =>
  new Option('--partition <columns>', 'put rows into folders by their time: day, or day,hour')
    .argParser((value: string) => partitionOf(value))
    .default([]);

/** The names in a list with commas. @throws {UsageError} for one that there is not */
function named<Name extends string>(known: readonly Name[], text: string, flag: string): readonly Name[] {
  return text.split(',').map((word) => {
    const found = known.find((name) => name === word);
    if (found === undefined) throw new UsageError(`${flag}: ${word}: expected ${known.join(', ')}`);
    return found;
  });
}

function partitionOf(text: string): readonly Partition[] {
  const columns = named(PARTITIONS, text, '--partition');
  // An hour without its day would put the same hours of all days together.
  if (columns.join() !== 'day' && columns.join() !== 'day,hour')
    throw new UsageError(`--partition: ${text}: expected day or day,hour`);
  return columns;
}

const exporting =
  (form: 'parquet' | 'ndjson', io: Io) =>
  async (files: readonly string[], options: ExportOptions): Promise<void> => {
    const { exportTables } = await import('./run-export.js');
    await exportTables(form, files, options, io);
  };

const EXAMPLES = `
Examples:
  handshark export lua > ~/.local/lib/wireshark/plugins/handshark.lua  for all that Wireshark opens
  handshark export parquet ring-*.pcapng -o tables                     for DuckDB, Spark, Trino
  handshark export ndjson trace.pcap --table channels | jq .           a line a channel
  handshark export schema clickhouse                                   where to put it`;

const LUA_EXAMPLES = `
Examples:
  handshark export lua > ~/.local/lib/wireshark/plugins/handshark.lua  for all that Wireshark opens
  handshark export lua > chan.lua; tshark -X lua_script:chan.lua -r x.pcap -Y 'chan.msg.type == 10'`;

const PARQUET_EXAMPLES = `
Examples:
  handshark export parquet trace.pcapng -o tables
  handshark export parquet --secrets peers.secrets --partition day,hour ring-*.pcapng -o tables
  handshark export parquet --table packets -e dns.qry.name trace.pcapng -o tables
  duckdb -c "SELECT \\"channel.state\\", count(*) FROM 'tables/channels/**/*.parquet' GROUP BY ALL"`;

const NDJSON_EXAMPLES = `
Examples:
  handshark export ndjson trace.pcapng --table handshakes | jq .
  ssh probe tcpdump -U -w - | handshark export ndjson - | clickhouse-client -q 'INSERT INTO packets FORMAT JSONEachRow'`;

const SCHEMA_EXAMPLES = `
Examples:
  handshark export schema clickhouse | clickhouse-client -n
  handshark export schema duckdb -o tables | duckdb traffic.db
  handshark export schema spark --table packets --partition day`;
