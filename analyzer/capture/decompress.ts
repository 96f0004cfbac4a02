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

/** Inflates gzip, of several members too; what comes before damage is all given out. */
export class GzipSource implements ByteSource {
  problem: string | undefined;
  readonly #source: ByteSource;
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 64 * 1024 });
  readonly #input = new Uint8Array(STEP);
  readonly #output = new ByteQueue();
  #ended = false;
  /** Ends a wait for the inflater. */
  #wake = (): void => {};

  constructor(source: ByteSource) {
    this.#source = source;
    // Data is taken as it comes; the input is what waits.
    this.#gunzip.on('data', (chunk: Uint8Array) => this.#output.push(chunk));
    this.#gunzip.on('end', () => this.#end());
    this.#gunzip.on('error', (error) => {
      const cut = 'code' in error && error.code === 'Z_BUF_ERROR';
      this.problem ??= cut ? 'the gzip data is cut short' : `the gzip data is damaged (${error.message})`;
      this.#end();
    });
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

  async #step(): Promise<void> {
    const count = await this.#source.read(this.#input);
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      // A write is done when all of it was inflated; one that fails is never done, but the error wakes us.
      if (count > 0) this.#gunzip.write(this.#input.subarray(0, count), () => resolve());
      else this.#gunzip.end();
    });
    if (count === 0) this.problem ??= this.#source.problem;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
