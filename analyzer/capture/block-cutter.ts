import {
  BLOCK_OVERHEAD,
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  OBSOLETE_PACKET,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from '../../dissectors/file/pcapng-blocks.js';
import { LONGEST_RECORD } from '../../dissectors/file/records.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { CaptureError } from './capture-error.js';

/** Whole blocks of a pcapng stream, valid until the next are asked for. */
export interface Blocks {
  readonly bytes: Uint8Array;
  /** Block types, in order. */
  readonly types: readonly number[];
  /** Where each block ends in the bytes. */
  readonly ends: readonly number[];
}

const PACKETS: ReadonlySet<number> = new Set([ENHANCED_PACKET, SIMPLE_PACKET, OBSOLETE_PACKET]);
/** Whether blocks of a type hold a packet. */
export const isPacket = (type: number | undefined): boolean => type !== undefined && PACKETS.has(type);

/** Blocks one after the other. */
export function joined(blocks: readonly (readonly [type: number, bytes: Uint8Array])[]): Blocks {
  let end = 0;
  return {
    bytes: Buffer.concat(blocks.map(([, bytes]) => bytes)),
    types: blocks.map(([type]) => type),
    ends: blocks.map(([, { length }]) => {
      end += length;
      return end;
    }),
  };
}

/** The blocks that are wanted, of some. */
export const only = ({ bytes, types, ends }: Blocks, wants: (type: number, block: number) => boolean): Blocks =>
  joined(
    types.flatMap((type, block) =>
      wants(type, block) ? [[type, bytes.subarray(ends[block - 1] ?? 0, ends[block])] as const] : [],
    ),
  );

/** Type and length, and the byte order of a section. */
const ENOUGH = 12;

/** Cuts a pcapng stream into whole blocks, whatever pieces it comes in. What is torn off at its end never comes out. */
export class BlockCutter {
  #buffer: Uint8Array;
  #start = 0;
  #end = 0;
  #little = true;

  /** @param size room for bytes at first; it grows for longer blocks */
  constructor(size: number) {
    this.#buffer = new Uint8Array(size);
  }

  /** Where the next bytes are to be put; `took` tells how many were. */
  room(): Uint8Array {
    const left = this.#end - this.#start;
    if (this.#start > 0) this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#start = 0;
    this.#end = left;
    if (left > this.#buffer.length / 2) {
      const larger = new Uint8Array(2 * this.#buffer.length);
      larger.set(this.#buffer.subarray(0, left));
      this.#buffer = larger;
    }
    return this.#buffer.subarray(left);
  }

  /** Takes bytes that were put there, and gives the blocks that are whole now: none, perhaps. */
  took(count: number): Blocks {
    this.#end += count;
    const view = viewOf(this.#buffer);
    const from = this.#start;
    const types: number[] = [];
    const ends: number[] = [];
    while (this.#end - this.#start >= ENOUGH) {
      const at = this.#start;
      const type = this.#typeAt(view, at);
      const length = view.getUint32(at + 4, this.#little);
      if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > LONGEST_RECORD) {
        throw new CaptureError('cannot capture', 'the stream of packets', `a block of ${length} bytes makes no sense`);
      }
      if (at + length > this.#end) break;
      types.push(type);
      this.#start = at + length;
      ends.push(this.#start - from);
    }
    return { bytes: this.#buffer.subarray(from, this.#start), types, ends };
  }

  #typeAt(view: DataView, at: number): number {
    const type = view.getUint32(at, this.#little);
    if (type !== SECTION_HEADER) return type;
    // Reads the same in both byte orders; what follows tells which it is.
    this.#little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    return type;
  }
}
