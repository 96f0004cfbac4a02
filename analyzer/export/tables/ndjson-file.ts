import { Utf8Text } from '../../print/utf8-text.js';
import type { UnnamedFile } from '../unnamed-file.js';
import type { Batch } from './batch.js';
import { writeRows } from './ndjson.js';

/** Bytes that are gathered before they are written. */
const GATHERED = 1 << 20;

/** Writes rows as lines of JSON into a file. */
export class NdjsonFile {
  readonly #file: UnnamedFile;

  constructor(file: UnnamedFile) {
    this.#file = file;
  }

  async add(batch: Batch): Promise<void> {
    const text = new Utf8Text(2 * GATHERED);
    const flush = async (): Promise<void> => {
      this.#file.write([text.bytes]);
      await this.#file.flushed();
      text.clear();
    };
    await writeRows(batch, text, () => (text.length < GATHERED ? undefined : flush()));
    await flush();
  }

  async end(): Promise<void> {}
}
