import { type CaptureReader, type Damage, type ReadResult, RecordBatch } from '../../dissectors/file/records.js';
import { fastBytes } from '../../dissectors/wire/checksum.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { ByteSource } from './byte-source.js';

/** How much is read at a time. */
const CHUNK_SIZE = 4 * 1024 * 1024;

/** Whole packets in order, valid until the next batch is asked for. */
export interface CaptureBatch {
  readonly view: DataView;
  readonly records: RecordBatch;
  /** Where byte 0 of the view lies in the uncompressed file: a packet lies at `base + records.at[row]`. */
  readonly base: number;
  /** The number of row 0, as shown: from 1. */
  readonly first: number;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const chunkOf = (size: number): Chunk => {
  // Small chunks are those of tests: a memory each would be a waste.
  const bytes = size < CHUNK_SIZE ? new Uint8Array(size) : fastBytes(size);
  return { bytes, view: viewOf(bytes) };
};

/**
 * Runs a reader over a source with two buffers: while the packets of one are looked at, the other is filled. A record
 * that a buffer cuts off is carried over to the front of the other.
 */
export class RecordScanner {
  damage: Damage | undefined;
  readonly #source: ByteSource;
  readonly #reader: CaptureReader;
  readonly #size: number;
  readonly #isOver: () => boolean;
  readonly #records = new RecordBatch();
  #current: Chunk;
  #spare: Chunk | undefined;
  /** Of byte 0 of the current chunk, in the file. */
  #base = 0;
  /** Where the reader goes on; beyond `#end` while it passes over a record. */
  #start = 0;
  #end = 0;
  #ended = false;
  /** Read already, but not handed out. */
  #result: ReadResult | undefined;

  /** @param isOver whether the user has had enough: what is left then is no damage */
  constructor(source: ByteSource, reader: CaptureReader, isOver: () => boolean, size: number = CHUNK_SIZE) {
    this.#source = source;
    this.#reader = reader;
    this.#isOver = isOver;
    this.#size = size;
    this.#current = chunkOf(size);
  }

  /**
   * Reads until the reader has understood the file header, or damage or the end was found.
   * @param wanted bytes to wait for before the reader sees any, if there are as many
   */
  async open(wanted: number): Promise<void> {
    let need = wanted;
    do {
      const filled = await this.#fill(need);
      this.#result = this.#read();
      if (!filled) break;
      need = this.#result.need;
    } while (!this.#reader.opened && this.#result.damage === undefined && !this.#isOver());
    if (!this.#reader.opened) this.damage = this.#ending();
  }

  async *batches(): AsyncGenerator<CaptureBatch, void, undefined> {
    let reading: Promise<number> | undefined;
    try {
      while (!this.#isOver()) {
        const first = this.#reader.packets + 1;
        const before = this.#result === undefined ? first : first - this.#records.count;
        const { need, damage } = this.#result ?? this.#read();
        this.#result = undefined;
        const { view } = this.#current;
        if (this.#records.count > 0) {
          const batch: CaptureBatch = { view, records: this.#records, base: this.#base, first: before };
          // The other buffer fills while the caller looks at this one.
          if (damage === undefined && need > 0 && !this.#ended) reading = this.#readAhead();
          yield batch;
          if (reading !== undefined) this.#took(await reading);
          reading = undefined;
        }
        if (damage !== undefined || (need > 0 && !(await this.#fill(need)))) {
          this.damage = this.#isOver() ? undefined : this.#ending();
          return;
        }
      }
    } finally {
      if (reading !== undefined) await this.#source.close();
    }
  }

  #read(): ReadResult {
    const result = this.#reader.read(this.#current.view, this.#start, this.#end, this.#records);
    this.#start = result.consumed;
    return result;
  }

  #took(count: number): void {
    this.#end += count;
    this.#ended = count === 0;
  }

  /** What is wrong with the file, now that nothing more can be read from it. */
  #ending(): Damage | undefined {
    const damage = this.#reader.end(this.#end - this.#start);
    if (damage?.kind === 'corrupt' || this.#source.problem === undefined) return damage;
    return { kind: 'cut', at: this.#base + this.#end, why: this.#source.problem };
  }

  /** Moves what is left to the other buffer and begins to fill that. */
  #readAhead(): Promise<number> {
    const { bytes } = this.#current;
    const left = bytes.subarray(this.#start, this.#end);
    const spare = this.#spare;
    const next = spare && spare.bytes.length > left.length ? spare : chunkOf(Math.max(this.#size, 2 * left.length));
    next.bytes.set(left);
    const from = Math.min(this.#start, this.#end);
    // A buffer that has grown for one long record is not kept.
    this.#spare = bytes.length > 2 * this.#size ? undefined : this.#current;
    this.#current = next;
    this.#base += from;
    this.#start -= from;
    this.#end = left.length;
    const reading = this.#source.read(this.#room());
    // The promise is awaited later, and its error is seen then; until then it must not count as an unhandled rejection.
    reading.catch(() => {});
    return reading;
  }

  /** Reads until there are `need` bytes to go on with; false when the source ends before. */
  async #fill(need: number): Promise<boolean> {
    while (this.#end - this.#start < need && !this.#ended) {
      if (this.#start > this.#end) this.#drop();
      else this.#makeRoom(need);
      this.#took(await this.#source.read(this.#room()));
    }
    return this.#end - this.#start >= need;
  }

  /** Lets go of all bytes at hand: the reader goes on beyond them. */
  #drop(): void {
    this.#base += this.#end;
    this.#start -= this.#end;
    this.#end = 0;
  }

  #room(): Uint8Array {
    return this.#current.bytes.subarray(this.#end, this.#end + this.#size);
  }

  /** Makes the current buffer fit for `need` bytes from the start on, as far as there are bytes that ask for it. */
  #makeRoom(need: number): void {
    const { bytes } = this.#current;
    if (this.#start + need <= bytes.length || this.#end < bytes.length) return;
    const left = this.#end - this.#start;
    if (left < bytes.length / 2 || need <= bytes.length) {
      bytes.copyWithin(0, this.#start, this.#end);
    } else {
      // Doubled, not made as long as the record claims to be: a few bytes must not cost hundreds of megabytes.
      const larger = chunkOf(Math.min(need, 2 * bytes.length));
      larger.bytes.set(bytes.subarray(this.#start, this.#end));
      this.#current = larger;
    }
    this.#base += this.#start;
    this.#start = 0;
    this.#end = left;
  }
}
