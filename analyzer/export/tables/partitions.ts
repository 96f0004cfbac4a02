/** By what the files of a table are put into folders. */
export const PARTITIONS = ['day', 'hour'] as const;
export type Partition = (typeof PARTITIONS)[number];

/** What Hive calls a partition of rows whose column is null. */
const NONE = '__HIVE_DEFAULT_PARTITION__';
const HOUR = 3600;

/** Tells in which folder rows of a time belong: `day=2026-12-01/hour=13`, as Hive, Spark and DuckDB read it. */
export class Partitioning {
  readonly #columns: readonly Partition[];
  #hour = Number.NaN;
  #folder = '';

  constructor(columns: readonly Partition[]) {
    this.#columns = columns;
  }

  /** @param seconds since 1970; undefined where there is no time */
  folderOf(seconds: number | undefined): string {
    if (this.#columns.length === 0) return '';
    const hour = seconds === undefined ? Number.POSITIVE_INFINITY : Math.floor(seconds / HOUR);
    // Most rows have the hour of the one before.
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#folder = this.#columns.map((column) => `${column}=${partitionValue(column, hour)}`).join('/');
    }
    return this.#folder;
  }
}

/** The value of a partition: the day or the hour of the day that an hour since 1970 is in. */
function partitionValue(column: Partition, hour: number): string {
  const date = new Date(hour * HOUR * 1000);
  // Days of five digits and more are no dates to those who read them.
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return NONE;
  return column === 'day' ? date.toISOString().slice(0, 10) : date.toISOString().slice(11, 13);
}
