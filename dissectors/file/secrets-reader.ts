import {
  BLOCK_OVERHEAD,
  BYTE_ORDER_MAGIC,
  CHANNEL_SECRETS,
  DECRYPTION_SECRETS,
  padded,
  SECTION_HEADER,
  WIREGUARD_SECRETS,
} from './pcapng-blocks.js';
import { secretsIn } from './pcapng-metadata.js';
import { textOfUtf8 } from './utf8.js';

/** The most secrets that are kept of one file, in bytes. */
const MOST_SECRETS = 16 * 1024 * 1024;
const BLOCK_HEADER = 8;
const SECTION_START = 12;

/** Looks through a pcapng file for secrets only: those of channels, and WireGuard key logs. Blocks of other types need not be in memory. */
export class SecretsReader {
  /** The text of each block with secrets of channels, in order. */
  readonly secrets: string[] = [];
  /** The text of each block with a key log, in order. */
  readonly keyLogs: string[] = [];
  #littleEndian = true;
  #begun = false;
  #kept = 0;

  /**
   * Looks at the blocks that begin in `[start, end)`.
   * @returns `next`: where to go on, which may lie beyond `end`; `need`: how many bytes from there on; 0 when it is over
   */
  read(view: DataView, start: number, end: number): { readonly next: number; readonly need: number } {
    let from = start;
    while (from + SECTION_START <= end) {
      if (!this.#begun || view.getUint32(from) === SECTION_HEADER) {
        this.#begun = true;
        this.#littleEndian = view.getUint32(from + 8, true) === BYTE_ORDER_MAGIC;
        const isSection = this.#littleEndian || view.getUint32(from + 8) === BYTE_ORDER_MAGIC;
        if (!isSection || view.getUint32(from) !== SECTION_HEADER) return { next: from, need: 0 };
      }
      const length = padded(view.getUint32(from + 4, this.#littleEndian));
      if (length < BLOCK_OVERHEAD) return { next: from, need: 0 };
      if (view.getUint32(from, this.#littleEndian) === DECRYPTION_SECRETS) {
        if (length > MOST_SECRETS) return { next: from, need: 0 };
        if (from + length > end) return { next: from, need: length };
        this.#take(view, from, length);
      }
      from += length;
    }
    return { next: from, need: SECTION_START };
  }

  #take(view: DataView, from: number, length: number): void {
    const area = { view, start: from + BLOCK_HEADER, end: from + length - 4, littleEndian: this.#littleEndian };
    const found = secretsIn(area);
    const into = found?.kind === CHANNEL_SECRETS ? this.secrets : this.keyLogs;
    if (!found || (into === this.keyLogs && found.kind !== WIREGUARD_SECRETS)) return;
    if (this.#kept + found.bytes.length > MOST_SECRETS) return;
    this.#kept += found.bytes.length;
    into.push(textOfUtf8(found.bytes));
  }
}
