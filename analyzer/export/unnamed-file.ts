import { fsync, writev } from 'node:fs';
import { promisify } from 'node:util';
import { openUnnamed } from '../../crafter/io/file-beside.js';
import { systemError } from '../capture/capture-error.js';

const writeAsync = promisify(writev);
const syncAsync = promisify(fsync);

const WHAT = 'cannot write';

/** A file that has no name until it is complete. Whatever fails is told as a `CaptureError` that names it. */
export class UnnamedFile {
  /** Bytes that were given to it. */
  size = 0;
  readonly #near: string;
  readonly #file: ReturnType<typeof openUnnamed>;
  #waiting: Uint8Array[] = [];
  #written = 0;

  /** @param near a path in the folder where it is to lie, as it is told in errors */
  constructor(near: string) {
    this.#near = near;
    try {
      this.#file = openUnnamed(near);
    } catch (error) {
      throw systemError(WHAT, near, error);
    }
  }

  /** Takes bytes, which must not change until they are flushed. */
  write(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      this.#waiting.push(piece);
      this.size += piece.length;
    }
  }

  /** Writes what it was given. To be called again only when it is done. */
  async flushed(): Promise<void> {
    let left = this.#waiting;
    this.#waiting = [];
    try {
      while (left.length > 0) {
        const { bytesWritten } = await writeAsync(this.#file.fd, left.slice(0, MOST_PIECES), this.#written);
        this.#written += bytesWritten;
        left = without(left, bytesWritten);
      }
    } catch (error) {
      throw systemError(WHAT, this.#near, error);
    }
  }

  /** Gives it its name, once it is on the disk. */
  async completeAs(path: string): Promise<void> {
    try {
      await syncAsync(this.#file.fd);
      this.#file.completeAs(path);
    } catch (error) {
      throw systemError(WHAT, path, error);
    }
  }

  /** Takes it away. */
  abandon(): void {
    this.#file.abandon();
  }
}

/** Pieces that the system takes at once. Source: writev(2), "C library/kernel differences". */
const MOST_PIECES = 1024;

/** Pieces without their first bytes. */
function without(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(skip, piece.length);
    skip -= skipped;
    return skipped === piece.length ? [] : [piece.subarray(skipped)];
  });
}
