import { readSync } from 'node:fs';
import { readPcapHeader } from '../../dissectors/file/pcap-header.js';
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  OBSOLETE_PACKET,
  padded,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from '../../dissectors/file/pcapng-blocks.js';
import { LONGEST_RECORD } from '../../dissectors/file/records.js';
import { viewOf } from '../../dissectors/wire/view.js';

/** A packet as its file has it: its bytes, what stands before them, and what stands behind them up to the next record. */
export interface RawRecord {
  readonly kind: 'pcap' | 'enhanced' | 'obsolete' | 'simple';
  readonly littleEndian: boolean;
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
  readonly tail: Uint8Array;
  /** All of it. */
  readonly whole: Uint8Array;
}

/** Bytes of a capture file that are no packet: the file header of pcap (type 0), or a block of pcapng. */
export interface RawBlock {
  readonly type: number;
  readonly littleEndian: boolean;
  readonly bytes: Uint8Array;
}

const CHUNK = 1 << 20;
/** Where the bytes of a packet start in its block, by the type of that. */
const DATA: Readonly<Record<number, number>> = { [ENHANCED_PACKET]: 28, [OBSOLETE_PACKET]: 28, [SIMPLE_PACKET]: 12 };
const KINDS: Readonly<Record<number, RawRecord['kind']>> = {
  [ENHANCED_PACKET]: 'enhanced',
  [OBSOLETE_PACKET]: 'obsolete',
  [SIMPLE_PACKET]: 'simple',
};

/**
 * Goes through the records of a capture file as bytes, in step with a reader that has understood them. What it hands out
 * stays what it is: chunks are not used again.
 */
export class RecordWalk {
  readonly #file: number;
  readonly #format: 'pcap' | 'pcapng';
  #chunk = new Uint8Array(0);
  /** Where the chunk lies in the file. */
  #base = 0;
  #at = 0;
  #littleEndian = true;
  #recordSizes: readonly number[] = [];

  /** @param file a descriptor of the uncompressed bytes */
  constructor(file: number, format: 'pcap' | 'pcapng') {
    this.#file = file;
    this.#format = format;
  }

  /**
   * The record of the next packet.
   * @param packet what the reader has read of it: records that do not hold it are passed over, as by the reader
   * @param pass takes what stands before it
   * @returns undefined where the file has no more
   */
  next(packet: { readonly bytes: Uint8Array }, pass: (block: RawBlock) => void): RawRecord | undefined {
    return this.#format === 'pcap' ? this.#nextOfPcap(packet, pass) : this.#nextBlock(packet, pass);
  }

  /** Hands out what stands behind the last packet. */
  rest(pass: (block: RawBlock) => void): void {
    if (this.#format === 'pcapng') this.#nextBlock(undefined, pass);
    else if (this.#at === 0) this.#header(pass);
    for (let left = this.#read(1, CHUNK); left.length > 0; left = this.#read(1, CHUNK)) {
      pass({ type: -1, littleEndian: this.#littleEndian, bytes: left.slice() });
      this.#at += left.length;
    }
  }

  #header(pass: (block: RawBlock) => void): void {
    const bytes = this.#read(28, 28);
    const header = readPcapHeader(viewOf(bytes), 0, bytes.length);
    if (!header?.ok) return;
    this.#littleEndian = header.littleEndian;
    this.#recordSizes = header.recordSizes;
    pass({ type: 0, littleEndian: header.littleEndian, bytes: bytes.slice(0, header.size) });
    this.#at = header.size;
  }

  #nextOfPcap({ bytes }: { readonly bytes: Uint8Array }, pass: (block: RawBlock) => void): RawRecord | undefined {
    if (this.#at === 0) this.#header(pass);
    const size = this.#recordSizes.find((one) => isSame(this.#read(one + bytes.length, 0).subarray(one), bytes));
    if (size === undefined) return undefined;
    // All records of a file have headers of one size.
    if (bytes.length > 0) this.#recordSizes = [size];
    const whole = this.#read(size + bytes.length, 0);
    this.#at += whole.length;
    const head = whole.subarray(0, size);
    return { kind: 'pcap', littleEndian: this.#littleEndian, head, bytes: whole.subarray(size), tail: NOTHING, whole };
  }

  #nextBlock(packet: { readonly bytes: Uint8Array } | undefined, pass: (block: RawBlock) => void) {
    for (let block = this.#block(); block; block = this.#block()) {
      const { type, bytes, littleEndian } = block;
      const start = DATA[type];
      const kind = KINDS[type];
      if (
        packet &&
        start !== undefined &&
        kind &&
        isSame(bytes.subarray(start, start + packet.bytes.length), packet.bytes)
      ) {
        const end = start + padded(packet.bytes.length);
        const data = bytes.subarray(start, start + packet.bytes.length);
        const [head, tail] = [bytes.subarray(0, start), bytes.subarray(end)];
        return { kind, littleEndian, head, bytes: data, tail, whole: bytes };
      }
      pass(block);
    }
    return undefined;
  }

  /** The next block; undefined at the end, and where what follows is none. */
  #block(): RawBlock | undefined {
    const head = this.#read(12, 0);
    if (head.length < 12) return undefined;
    const view = viewOf(head);
    if (view.getUint32(0) === SECTION_HEADER) this.#littleEndian = view.getUint32(8, true) === BYTE_ORDER_MAGIC;
    const type = view.getUint32(0, this.#littleEndian);
    const length = padded(view.getUint32(4, this.#littleEndian));
    if (length < 12 || length > LONGEST_RECORD) return undefined;
    const bytes = this.#read(length, 0);
    if (bytes.length < length) return undefined;
    this.#at += length;
    return { type, littleEndian: this.#littleEndian, bytes };
  }

  /** At least `least` bytes from where it is on, if the file has them; at most `most`, unless that is 0. */
  #read(least: number, most: number): Uint8Array {
    const from = this.#at - this.#base;
    if (from < 0 || from + least > this.#chunk.length) this.#fill(least);
    const left = this.#chunk.subarray(this.#at - this.#base);
    return most > 0 ? left.subarray(0, most) : left.subarray(0, Math.max(least, 0));
  }

  #fill(least: number): void {
    const chunk = new Uint8Array(Math.max(CHUNK, least));
    let end = 0;
    while (end < chunk.length) {
      const count = readSync(this.#file, chunk, end, chunk.length - end, this.#at + end);
      if (count === 0) break;
      end += count;
    }
    this.#chunk = chunk.subarray(0, end);
    this.#base = this.#at;
  }
}

const NOTHING = new Uint8Array(0);

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && Buffer.compare(one, other) === 0;
