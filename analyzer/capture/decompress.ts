import { createGunzip, type Gunzip } from 'node:zlib';
import { ByteQueue, type ByteSource } from './byte-source.js';
import { ZstdSource } from './zstd-source.js';

/**
 * Compressed bytes that are inflated at a time. Deflate makes at most about a thousand bytes of one, so what one step
 * gives stays within some tens of megabytes whatever the input.
 */
const STEP = 32 * 1024;

/** The bytes that a compressed source stands for. */
export const decompress = (kind: 'gzip' | 'zstd', source: ByteSource): ByteSource =>
  kind === 'gzip' ? new GzipSource(source) : new ZstdSource(source);

/**
 * Inflates gzip, of several members too; what comes before damage is all given out. The inflater throws away what it
 * made of the step in which it found damage: so it goes through a file a second time, to take that step byte by byte.
 */
class GzipSource implements ByteSource {
  problem: string | undefined;
  readonly #source: ByteSource;
  readonly #input = new Uint8Array(STEP);
  readonly #output = new ByteQueue();
  #gunzip: Gunzip;
  #ended = false;
  /** Compressed bytes that were inflated well. */
  #inflated = 0;
  /** Bytes that came out, and how many of the next were out before. */
  #given = 0;
  #again = 0;
  /** Where damage was found the first time, in the compressed bytes: from there on steps are of one byte. */
  #damagedStep: number | undefined;
  /** Ends a wait for the inflater. */
  #wake = (): void => {};

  constructor(source: ByteSource) {
    this.#source = source;
    this.#gunzip = this.#inflater();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#output.isEmpty && !this.#ended) await this.#step();
    return this.#output.take(into);
  }

  get progress(): number | undefined {
    return this.#source.progress;
  }

  async close(): Promise<void> {
    this.#end();
    this.#gunzip.destroy();
    await this.#source.close();
  }

  #inflater(): Gunzip {
    const gunzip = createGunzip({ chunkSize: 64 * 1024 });
    // Data is taken as it comes; the input is what waits.
    gunzip.on('data', (chunk: Uint8Array) => this.#take(chunk));
    gunzip.on('end', () => this.#end());
    gunzip.on('error', (error) => this.#fail(error));
    return gunzip;
  }

  #take(chunk: Uint8Array): void {
    const known = Math.min(this.#again, chunk.length);
    this.#again -= known;
    this.#given += chunk.length - known;
    this.#output.push(chunk.subarray(known));
  }

  async #step(): Promise<void> {
    const count = await this.#source.read(this.#input.subarray(0, this.#stepSize()));
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      // A write is done when all of it was inflated; one that fails is never done, but the error wakes us.
      if (count > 0)
        this.#gunzip.write(this.#input.subarray(0, count), (error) => {
          if (!error) this.#inflated += count;
          resolve();
        });
      else this.#gunzip.end();
    });
    if (count === 0) this.problem ??= this.#source.problem;
  }

  #stepSize(): number {
    if (this.#damagedStep === undefined) return STEP;
    return Math.max(1, Math.min(STEP, this.#damagedStep - this.#inflated));
  }

  #fail(error: Error): void {
    const cut = 'code' in error && error.code === 'Z_BUF_ERROR';
    if (!cut && !this.#ended && this.#damagedStep === undefined && this.#source.rewind !== undefined) {
      this.#source.rewind();
      this.#gunzip = this.#inflater();
      this.#damagedStep = this.#inflated;
      this.#inflated = 0;
      this.#again = this.#given;
      this.#wake();
      return;
    }
    this.problem ??= cut ? 'the gzip data is cut short' : `the gzip data is damaged (${error.message})`;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
