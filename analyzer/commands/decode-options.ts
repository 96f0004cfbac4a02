import type { PrintOptions } from './printers.js';
import type { WriteOptions } from './secrets-to-inject.js';
import type { SelectOptions } from './selection.js';

/** The options of `handshark decode`. */
export interface DecodeOptions extends SelectOptions, WriteOptions, PrintOptions {
  readonly field: readonly string[];
  /** How many threads print packets; by the processors and the size of the file, if left out. */
  readonly threads?: number;
  readonly channel?: readonly string[];
  /** What is counted besides, and printed last. */
  readonly statistics?: readonly string[];
  /** A list that is printed instead of anything else. */
  readonly report?: string;
}
