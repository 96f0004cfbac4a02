import {
  DECRYPTION_SECRETS,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  SECTION_HEADER,
} from '../../dissectors/file/pcapng-blocks.js';

/** Blocks that a section needs before any of its packets. */
const HEADS: ReadonlySet<number> = new Set([INTERFACE_DESCRIPTION, NAME_RESOLUTION, DECRYPTION_SECRETS]);
/** What is kept of them, in bytes. */
const MOST_HEAD = 4 * 1024 * 1024;

/** What another file with later packets of the same pcapng section has to begin with. */
export class SectionHead {
  /** Copies of the blocks. */
  blocks: Uint8Array[] = [];
  #size = 0;

  /** Takes note of a block that is no packet. */
  take(type: number, block: Uint8Array): void {
    if (type === SECTION_HEADER) {
      this.blocks = [];
      this.#size = 0;
    } else if (!HEADS.has(type) || this.#size + block.length > MOST_HEAD) {
      return;
    }
    this.blocks.push(block.slice());
    this.#size += block.length;
  }
}
