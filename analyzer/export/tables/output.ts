import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CaptureError, systemError } from '../../capture/capture-error.js';
import { UnnamedFile } from '../unnamed-file.js';
import { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import { type Partition, Partitioning } from './partitions.js';

/** Takes the rows of a table and writes them, each batch whole. */
export interface RowFile {
  /** Writes the rows of a batch. What it needs of them it has taken when its first promise is awaited. */
  add(batch: Batch): Promise<void>;
  /** Writes what comes after all rows. */
  end(): Promise<void>;
}

/** Takes the rows of a table. */
export interface TableOutput {
  /** The batch that a row belongs to. @param seconds when it was captured; undefined where there is no time */
  batchAt(seconds: number | undefined): Batch;
  /** Whether a batch is full: `flush` must come before more rows. */
  readonly isFull: boolean;
  /** Writes full batches. */
  flush(): Promise<void>;
  /** No row comes for now. */
  pause(): Promise<void>;
  /** Writes what is left, and gives files their names. */
  end(): Promise<void>;
  /** Takes away what has no name yet. */
  abandon(): Promise<void>;
}

/** Partitions of which rows wait at once; each takes some 40 MB at most. Times hardly ever jump between more. */
const MOST_BATCHES = 2;
/** Files that are open at once. */
const MOST_OPEN = 32;
/** Files that a table of one capture may come to. */
const MOST_FILES = 4096;

interface Part {
  readonly path: string;
  readonly file: UnnamedFile;
  readonly rows: RowFile;
}

/** Where the files of a table go, and how they are called and written. */
export interface FolderOptions {
  /** Of the table. */
  readonly folder: string;
  /** Of the capture, for all its files. */
  readonly name: string;
  /** `.parquet` */
  readonly ending: string;
  readonly partition: readonly Partition[];
  readonly open: (file: UnnamedFile) => RowFile;
}

/** The rows of a table in a folder: a file for each partition, all with names only once they are complete. */
export class FolderOutput implements TableOutput {
  readonly #specs: readonly ColumnSpec[];
  readonly #options: FolderOptions;
  readonly #partitioning: Partitioning;
  /** Rows that wait, by partition; the one that was used last comes last. */
  readonly #batches = new Map<string, Batch>();
  readonly #spare: Batch[] = [];
  /** Files by partition; the one that was written last comes last. */
  readonly #parts = new Map<string, Part>();
  /** Files that each partition has had. */
  readonly #counts = new Map<string, number>();
  #files = 0;
  #partition: string | undefined;
  #batch: Batch | undefined;
  /** What is written meanwhile: one batch, while the next is filled. */
  #writing: Promise<void> = Promise.resolve();

  constructor(specs: readonly ColumnSpec[], options: FolderOptions) {
    this.#specs = specs;
    this.#options = options;
    this.#partitioning = new Partitioning(options.partition);
  }

  batchAt(seconds: number | undefined): Batch {
    const partition = this.#partitioning.folderOf(seconds);
    if (partition !== this.#partition || !this.#batch) {
      this.#partition = partition;
      this.#batch = this.#batches.get(partition) ?? this.#spare.pop() ?? new Batch(this.#specs);
      this.#batches.delete(partition);
      this.#batches.set(partition, this.#batch);
    }
    return this.#batch;
  }

  get isFull(): boolean {
    return this.#batch?.isFull === true || this.#batches.size > MOST_BATCHES;
  }

  async flush(): Promise<void> {
    for (const [partition, batch] of [...this.#batches]) {
      if (batch.isFull || this.#batches.size > MOST_BATCHES) await this.#write(partition, batch);
    }
  }

  async pause(): Promise<void> {}

  async #write(partition: string, batch: Batch): Promise<void> {
    await this.#writing;
    const part = await this.#partOf(partition);
    this.#writing = part.rows.add(batch);
    // Whoever waits for it next is told.
    this.#writing.catch(() => {});
    batch.clear();
    this.#batches.delete(partition);
    this.#spare.push(batch);
    if (batch === this.#batch) this.#batch = undefined;
  }

  async #partOf(partition: string): Promise<Part> {
    const known = this.#parts.get(partition);
    const part = known ?? (await this.#open(partition));
    this.#parts.delete(partition);
    this.#parts.set(partition, part);
    return part;
  }

  async #open(partition: string): Promise<Part> {
    for (const [oldest, part] of this.#parts) {
      if (this.#parts.size < MOST_OPEN) break;
      await this.#complete(oldest, part);
    }
    const { folder, name, ending, open } = this.#options;
    if (++this.#files > MOST_FILES) {
      throw new CaptureError('cannot write', folder, `more than ${MOST_FILES} partitions: the times of ${name} jump`);
    }
    const count = (this.#counts.get(partition) ?? 0) + 1;
    this.#counts.set(partition, count);
    const path = join(folder, partition, `${name}${count > 1 ? `.${count}` : ''}${ending}`);
    makeFolder(dirname(path));
    const file = new UnnamedFile(path);
    const part = { path, file, rows: open(file) };
    this.#parts.set(partition, part);
    return part;
  }

  async #complete(partition: string, { path, file, rows }: Part): Promise<void> {
    await this.#writing;
    await rows.end();
    await file.completeAs(path);
    this.#parts.delete(partition);
  }

  async end(): Promise<void> {
    for (const [partition, batch] of [...this.#batches]) {
      if (batch.rows > 0) await this.#write(partition, batch);
    }
    // A table without rows is a table all the same.
    if (this.#files === 0 && this.#options.partition.length === 0) await this.#open('');
    for (const [partition, part] of [...this.#parts]) await this.#complete(partition, part);
  }

  async abandon(): Promise<void> {
    // Nothing may write to a number that has found another use.
    await this.#writing.catch(() => {});
    for (const { file } of this.#parts.values()) file.abandon();
  }
}

/** Makes a folder, if there is none. @throws {CaptureError} if that cannot be */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (isThere) throw new CaptureError('cannot write', path, 'it is no folder');
    throw systemError('cannot write', path, error);
  }
}
