import { Batch } from '../export/tables/batch.js';
import type { ColumnSpec } from '../export/tables/column.js';
import { writeRows } from '../export/tables/ndjson.js';
import type { TableOutput } from '../export/tables/output.js';
import type { Output } from './output.js';

/** Rows that are gathered before they are printed. */
const GATHERED = 4096;

/** Prints the rows of a table as lines of JSON, as they come. */
export class RowPrinter implements TableOutput {
  readonly #batch: Batch;
  readonly #output: Output;

  constructor(columns: readonly ColumnSpec[], output: Output) {
    this.#batch = new Batch(columns, GATHERED);
    this.#output = output;
  }

  batchAt(): Batch {
    return this.#batch;
  }

  get isFull(): boolean {
    return this.#batch.isFull;
  }

  async flush(): Promise<void> {
    await writeRows(this.#batch, this.#output.text, () => this.#output.written());
    this.#batch.clear();
  }

  async pause(): Promise<void> {
    await this.flush();
    await this.#output.flush();
  }

  async end(): Promise<void> {
    await this.pause();
  }

  async abandon(): Promise<void> {}
}
