import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { Secret } from '../secrets/secrets.js';
import type { Io } from './io.js';
import type { PacketRange } from './packet-range.js';
import type { PrintOptions } from './printers.js';

/** What a thread that prints packets is started with. */
export interface PrintTask {
  /** Of the file with their bytes, open in this process. */
  readonly descriptor: number;
  readonly options: PrintOptions;
  /** What to call the capture. */
  readonly title: string;
  /** What the terminal is like. */
  readonly looks: Pick<Io, 'isTerminal' | 'env'>;
  readonly secrets: readonly Secret[];
  readonly dialect: DialectName | undefined;
  /** The display filter that packets must pass. */
  readonly filter: string | undefined;
  /** As in `DissectOptions`. */
  readonly unjudged: boolean;
}

/** Packets to be printed. */
export interface PrintOrder {
  readonly range: PacketRange;
  /** Memory for the text, if there is some that nobody uses. */
  readonly spare: ArrayBuffer | undefined;
}

/** What was printed of a range. */
export interface PrintedRange {
  readonly bytes: Uint8Array<ArrayBuffer>;
}
