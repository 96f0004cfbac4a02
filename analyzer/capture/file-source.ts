import { fstatSync, read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ByteSource } from './byte-source.js';

const readAsync = promisify(read);

export interface FileSourceOptions {
  /** Wait for more at the end, until the signal says enough. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** How often a followed file is looked at, in milliseconds. */
  readonly interval?: number;
}

/** The bytes of an open regular file, from its start; closing the descriptor is its owner's. */
export class FileSource implements ByteSource {
  problem: string | undefined;
  readonly #fd: number;
  readonly #options: FileSourceOptions;
  /** Aborted when it is closed, or the user has had enough. */
  readonly #over = new AbortController();
  readonly #stop = () => this.#over.abort();
  #position = 0;
  #size: number;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(fd: number, options: FileSourceOptions = {}) {
    this.#fd = fd;
    this.#options = options;
    this.#size = fstatSync(fd).size;
    if (options.signal?.aborted) this.#stop();
    options.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  async read(into: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#over.signal.aborted) return 0;
      const reading = readAsync(this.#fd, into, 0, into.length, this.#position);
      // Closing waits for it: the system must not read into a buffer, or from a number, that has found another use.
      this.#reading = reading.catch(() => {});
      const { bytesRead } = await reading;
      this.#position += bytesRead;
      if (bytesRead > 0 || !this.#options.follow) return bytesRead;
      if (!(await this.#growth())) return 0;
    }
  }

  get progress(): number {
    return this.#size > 0 ? Math.min(1, this.#position / this.#size) : 1;
  }

  rewind(): void {
    this.#position = 0;
  }

  async close(): Promise<void> {
    this.#stop();
    this.#options.signal?.removeEventListener('abort', this.#stop);
    await this.#reading;
  }

  /** Waits until the file may have grown; false when it is over. */
  async #growth(): Promise<boolean> {
    const { signal } = this.#over;
    // Rejects when it is over, which the signal tells too.
    await delay(this.#options.interval ?? 200, undefined, { signal }).catch(() => {});
    if (signal.aborted) return false;
    this.#size = fstatSync(this.#fd).size;
    if (this.#size >= this.#position) return true;
    this.problem = 'the file became shorter while it was read';
    return false;
  }
}
