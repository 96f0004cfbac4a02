import {
  DECRYPTION_SECRETS,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  SECTION_HEADER,
} from '../../dissectors/file/pcapng-blocks.js';
import { type Blocks, joined } from './block-cutter.js';

/** What is kept for the files that follow, in bytes of each kind: a stream that never ends must not fill the memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Blocks that hold for all packets after them, in whatever file those are. */
const LASTING: ReadonlySet<number> = new Set([
  SECTION_HEADER,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  DECRYPTION_SECRETS,
]);

type Piece = readonly [type: number, bytes: Uint8Array];
type Kind = 'interfaces' | 'lasting' | 'passing';

/**
 * What a file of a ring buffer begins with: the header of the section, its interfaces, names and secrets, and what else
 * came after the file before was complete.
 */
export class FileHead {
  #pieces: Piece[] = [];
  /** Interfaces have room of their own: without the description of its interface no packet can be read. */
  #sizes: Record<Kind, number> = { interfaces: 0, lasting: 0, passing: 0 };

  /**
   * Keeps a copy of a block, if later files want it.
   * @param isInFile whether a file has it already
   */
  saw(type: number, block: Uint8Array, isInFile: boolean): void {
    if (isInFile && !LASTING.has(type)) return;
    // What was told of the section before is about packets that have all come.
    if (type === SECTION_HEADER) this.#clear();
    const kind = kindOf(type);
    if (this.#sizes[kind] + block.length > MOST_BYTES) return;
    this.#sizes[kind] += block.length;
    this.#pieces.push([type, block.slice()]);
  }

  /** The blocks for a new file. */
  begin(): Blocks {
    const head = joined(this.#pieces);
    this.#pieces = this.#pieces.filter(([type]) => LASTING.has(type));
    this.#sizes.passing = 0;
    return head;
  }

  #clear(): void {
    this.#pieces = [];
    this.#sizes = { interfaces: 0, lasting: 0, passing: 0 };
  }
}

function kindOf(type: number): Kind {
  if (type === INTERFACE_DESCRIPTION) return 'interfaces';
  return LASTING.has(type) ? 'lasting' : 'passing';
}
