import { Decompress } from 'fzstd';
import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm';
import { viewOf } from '../../dissectors/wire/view.js';
import { ByteQueue, type ByteSource } from './byte-source.js';

const FRAME = 0xfd2fb528;
const SKIPPED_FRAME = 0x184d2a50;
/** The window that is allowed without asking, as by the zstd program. */
const MOST_WINDOW = 128 * 1024 * 1024;
/** What a block may hold, compressed or not. */
const MOST_BLOCK = 128 * 1024;
const BLOCK_HEADER = 3;
const CHECKSUM = 4;

/** What of a hash a frame ends with. */
const LOW_32 = 0xffff_ffffn;

let loaded: Promise<XXHashAPI> | undefined;

/** What computes hashes, made once: it is WebAssembly. */
function hashing(): Promise<XXHashAPI> {
  loaded ??= xxhash();
  return loaded;
}

interface Frame {
  readonly library: Decompress;
  /** Of what came out, if the frame ends with it. */
  readonly hash: XXHash<bigint> | undefined;
  /** Of the frame, until it goes to the library before the first block. */
  header: Uint8Array;
}

/**
 * Expands zstd, of several frames, some of them to be skipped. Frames are taken apart here and given to the library
 * block by block: so no input makes more than one block at a time, and an end that comes too early is told as such.
 * Source: RFC 8878, section 3.
 */
export class ZstdSource implements ByteSource {
  problem: string | undefined;
  readonly #source: ByteSource;
  /** Holds a whole block, and what was read with it. */
  readonly #input = new Uint8Array(2 * (MOST_BLOCK + 64));
  readonly #view = viewOf(this.#input);
  #start = 0;
  #end = 0;
  readonly #output = new ByteQueue();
  #frame: Frame | undefined;
  #ended = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#output.isEmpty && !this.#ended) {
      const why = await this.#step();
      if (why === undefined) continue;
      this.#ended = true;
      this.problem ??= why === END ? this.#source.problem : why;
    }
    return this.#output.take(into);
  }

  get progress(): number | undefined {
    return this.#source.progress;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.close();
  }

  /** Goes on by a frame header or a block; says why, if that was the last step. */
  async #step(): Promise<string | undefined> {
    return this.#frame === undefined ? this.#openFrame() : this.#block(this.#frame);
  }

  async #openFrame(): Promise<string | undefined> {
    if (!(await this.#have(8))) return this.#start === this.#end ? END : CUT;
    const magic = this.#view.getUint32(this.#start, true);
    if ((magic & 0xfffffff0) === SKIPPED_FRAME) {
      const size = this.#view.getUint32(this.#start + 4, true);
      this.#start += 8;
      return (await this.#skip(size)) ? undefined : CUT;
    }
    if (magic !== FRAME) return damaged('no frame where one should begin');

    const flags = this.#view.getUint8(this.#start + 4);
    const single = (flags & 0x20) !== 0;
    const contentSize = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
    const size = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + contentSize;
    if ((flags & 3) !== 0) return 'the zstd data needs a dictionary';
    if (!(await this.#have(size))) return CUT;
    if (this.#windowAt(this.#start, single, contentSize) > MOST_WINDOW) {
      return 'the zstd data asks for a window of more than 128 MiB';
    }
    const header = this.#input.slice(this.#start, this.#start + size);
    const hash = (flags & 4) !== 0 ? (await hashing()).create64() : undefined;
    const library = new Decompress((chunk) => {
      hash?.update(chunk);
      this.#output.push(chunk);
    });
    this.#frame = { library, hash, header };
    this.#start += size;
    return undefined;
  }

  #windowAt(at: number, single: boolean, contentSize: number): number {
    const view = this.#view;
    if (!single) {
      const descriptor = view.getUint8(at + 5);
      const base = 2 ** (10 + (descriptor >> 3));
      return base + (base / 8) * (descriptor & 7);
    }
    if (contentSize === 1) return view.getUint8(at + 5);
    if (contentSize === 2) return view.getUint16(at + 5, true) + 256;
    const low = view.getUint32(at + 5, true);
    return contentSize === 4 ? low : low + view.getUint32(at + 9, true) * 2 ** 32;
  }

  async #block(frame: Frame): Promise<string | undefined> {
    if (!(await this.#have(BLOCK_HEADER))) return CUT;
    const word = this.#view.getUint16(this.#start, true) | (this.#view.getUint8(this.#start + 2) << 16);
    const last = (word & 1) !== 0;
    const type = (word >> 1) & 3;
    const size = word >> 3;
    if (type === 3 || size > MOST_BLOCK) return damaged('invalid block');
    // Type 1 is one byte, repeated.
    const whole = BLOCK_HEADER + (type === 1 ? 1 : size);
    if (!(await this.#have(whole))) return CUT;
    const why = this.#push(frame, this.#input.slice(this.#start, this.#start + whole), false);
    this.#start += whole;
    if (why !== undefined || !last) return why;
    this.#frame = undefined;
    const checksumSize = frame.hash === undefined ? 0 : CHECKSUM;
    if (!(await this.#have(checksumSize))) return CUT;
    const checksum = this.#input.slice(this.#start, this.#start + checksumSize);
    this.#start += checksumSize;
    return this.#push(frame, checksum, true) ?? this.#check(frame, checksum);
  }

  #check({ hash }: Frame, checksum: Uint8Array): string | undefined {
    const right = hash === undefined || viewOf(checksum).getUint32(0, true) === Number(hash.digest() & LOW_32);
    return right ? undefined : damaged('incorrect checksum');
  }

  #push(frame: Frame, bytes: Uint8Array, final: boolean): string | undefined {
    const whole = new Uint8Array(frame.header.length + bytes.length);
    whole.set(frame.header);
    whole.set(bytes, frame.header.length);
    frame.header = new Uint8Array(0);
    try {
      frame.library.push(whole, final);
      return undefined;
    } catch (error) {
      // The library throws on data that is wrong, its own errors and those of typed arrays.
      return damaged(error instanceof Error ? error.message : String(error));
    }
  }

  /** Whether `count` bytes can be looked at, after reading as many as it takes. */
  async #have(count: number): Promise<boolean> {
    while (this.#end - this.#start < count) {
      if (this.#start + count > this.#input.length || this.#start === this.#end) {
        this.#input.copyWithin(0, this.#start, this.#end);
        this.#end -= this.#start;
        this.#start = 0;
      }
      const read = await this.#source.read(this.#input.subarray(this.#end));
      if (read === 0) return false;
      this.#end += read;
    }
    return true;
  }

  async #skip(size: number): Promise<boolean> {
    for (let left = size; left > 0; ) {
      if (!(await this.#have(1))) return false;
      const passed = Math.min(left, this.#end - this.#start);
      this.#start += passed;
      left -= passed;
    }
    return true;
  }
}

const END = 'end';
const CUT = 'the zstd data is cut short';
const damaged = (why: string): string => `the zstd data is damaged (${why})`;
