import { randomBytes } from 'node:crypto';
import { open, unlink, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ByteSource } from './byte-source.js';
import { CaptureError, systemError } from './capture-error.js';

const openAsync = promisify(open);
const unlinkAsync = promisify(unlink);
const writeAsync = promisify(write);

const WHAT = 'cannot keep packets';

/** A descriptor of a new temporary file that has no name any more: nobody else can open it, and it goes when we do. */
export async function openSpool(folder: string = tmpdir()): Promise<number> {
  const path = join(folder, `handshark-${randomBytes(12).toString('hex')}`);
  try {
    const fd = await openAsync(path, 'wx+', 0o600);
    await unlinkAsync(path);
    return fd;
  } catch (error) {
    throw systemError(WHAT, folder, error);
  }
}

/** Writes to a spool, one piece behind the other. */
export class SpoolWriter {
  readonly #fd: number;
  #position = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @returns where the bytes lie in the file */
  async add(bytes: Uint8Array): Promise<number> {
    const start = this.#position;
    try {
      for (let from = 0; from < bytes.length; ) {
        const { bytesWritten } = await writeAsync(this.#fd, bytes, from, bytes.length - from, this.#position);
        from += bytesWritten;
        this.#position += bytesWritten;
      }
      return start;
    } catch (error) {
      throw error instanceof CaptureError ? error : systemError(WHAT, 'temporary file', error);
    }
  }
}

/** Copies all that is read from a source to a file, before it is given out. */
export class SpooledSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #spool: SpoolWriter;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(source: ByteSource, fd: number) {
    this.#source = source;
    this.#spool = new SpoolWriter(fd);
  }

  async read(into: Uint8Array): Promise<number> {
    const count = await this.#source.read(into);
    const writing = this.#spool.add(into.subarray(0, count));
    this.#writing = writing.catch(() => {});
    await writing;
    return count;
  }

  get progress(): number | undefined {
    return this.#source.progress;
  }

  get problem(): string | undefined {
    return this.#source.problem;
  }

  async close(): Promise<void> {
    await this.#source.close();
    await this.#writing;
  }
}
