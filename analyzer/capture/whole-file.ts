import { close, fstatSync, ftruncate, open, write } from 'node:fs';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { openBeside } from '../../crafter/io/file-beside.js';
import { makePrivate } from '../../crafter/io/make-private.js';
import { systemError } from './capture-error.js';

const openAsync = promisify(open);
const closeAsync = promisify(close);
const writeAsync = promisify(write);
const truncateAsync = promisify(ftruncate);

const WHAT = 'cannot write';

/** A file that is only ever left with whole blocks or records at its end. */
export interface WholeFile {
  readonly path: string;
  /** Bytes of the whole blocks or records that were written. */
  readonly size: number;
  /** @param ends where each block or record ends in the bytes */
  write(bytes: Uint8Array, ends: readonly number[]): Promise<void>;
  /** Takes the rights of others: secrets are about to be written. */
  makePrivate(): void;
  close(): Promise<void>;
  /** Lets it go instead of closing it, since it will not be complete: what has its name already stays, if that can be. */
  abandon(): Promise<void>;
}

/** Creates a file, over one that is there: it can be read as it grows. @throws {CaptureError} if that cannot be done */
export async function createWholeFile(path: string): Promise<WholeFile> {
  const failed = (cause: unknown) => systemError(WHAT, path, cause);
  const fd = await openAsync(path, 'w').catch((error: unknown) => {
    throw failed(error);
  });
  const close = () =>
    closeAsync(fd).catch((error: unknown) => {
      throw failed(error);
    });
  const writer = writerTo(fd, failed);
  return {
    path,
    get size() {
      return writer.size;
    },
    write: writer.write,
    makePrivate: () => makePrivate(fd),
    close,
    abandon: close,
  };
}

/**
 * Creates a file beside another, whose place it takes when it is closed, unless something could not be written.
 * @throws {CaptureError} if that cannot be done
 */
export async function createWholeFileBeside(path: string): Promise<WholeFile> {
  const failed = (cause: unknown) => systemError(WHAT, path, cause);
  const telling = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw failed(error);
    }
  };
  const file = telling(() => openBeside(path));
  const writer = writerTo(file.fd, failed);
  let isWhole = true;
  return {
    path,
    get size() {
      return writer.size;
    },
    write: (bytes, ends) =>
      writer.write(bytes, ends).catch((error: unknown) => {
        isWhole = false;
        throw error;
      }),
    makePrivate: () => makePrivate(file.fd),
    close: async () => telling(() => (isWhole ? file.complete() : file.abandon())),
    abandon: async () => file.abandon(),
  };
}

/** Writes to a file one piece after the other. @param failed makes the error to tell of one of the system's */
function writerTo(fd: number, failed: (cause: unknown) => Error): Pick<WholeFile, 'size' | 'write'> {
  const isFile = fstatSync(fd).isFile();
  let size = 0;
  return {
    get size() {
      return size;
    },
    async write(bytes, ends) {
      let from = 0;
      try {
        while (from < bytes.length) {
          const at = isFile ? size + from : null;
          from += (await writeAsync(fd, bytes, from, bytes.length - from, at)).bytesWritten;
        }
        size += bytes.length;
      } catch (error) {
        // No half record stays at the end.
        size += ends.findLast((end) => end <= from) ?? 0;
        if (isFile) await truncateAsync(fd, size).catch(() => {});
        throw failed(error);
      }
    },
  };
}

/** Standard output as such a file: what is written there cannot be taken back. */
export function streamFile(stream: Writable): WholeFile {
  // Each write tells of its own error.
  stream.on('error', () => {});
  let size = 0;
  return {
    path: '-',
    get size() {
      return size;
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        // The stream may keep it for longer than the caller does.
        stream.write(bytes.slice(), (error) => {
          if (error) return reject(systemError(WHAT, 'standard output', error));
          size += bytes.length;
          resolve();
        });
      }),
    makePrivate: () => {},
    close: async () => {},
    abandon: async () => {},
  };
}
