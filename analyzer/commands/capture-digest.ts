import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';

const readAsync = promisify(read);
const CHUNK = 1 << 20;

/** The SHA-256 of a capture as it lies in its file, by which tables tell what they were made from. */
export class CaptureDigest {
  /** What is to be read in place of standard input: the digest is of what passes through. */
  readonly stdin: Readable | undefined;
  #value: string | undefined;

  private constructor(value: string | undefined, stdin: Readable | undefined) {
    this.#value = value;
    this.stdin = stdin;
  }

  /**
   * Reads a file for its digest; that of a pipe is known once all of it has been read.
   * @param path what cannot be read has no digest: whoever reads it next tells why
   */
  static async of(path: string, stop: AbortSignal): Promise<CaptureDigest> {
    if (path === '-') {
      if (fstatSync(0).isFile()) return new CaptureDigest(await digestOf(0, stop), undefined);
      return isatty(0) ? new CaptureDigest(undefined, undefined) : CaptureDigest.#ofStream(process.stdin);
    }
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return new CaptureDigest(undefined, undefined);
    }
    try {
      return new CaptureDigest(fstatSync(file).isFile() ? await digestOf(file, stop) : undefined, undefined);
    } finally {
      closeSync(file);
    }
  }

  static #ofStream(stream: Readable): CaptureDigest {
    const hash = createHash('sha256');
    const through = hashing(hash, (value) => {
      made.#value = value;
    });
    const made: CaptureDigest = new CaptureDigest(undefined, stream.pipe(through));
    stream.on('error', (error) => through.destroy(error));
    return made;
  }

  /** Undefined where it is not known, or not yet. */
  get value(): string | undefined {
    return this.#value;
  }
}

const hashing = (hash: Hash, done: (value: string) => void): Transform =>
  new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      hash.update(chunk);
      next(null, chunk);
    },
    flush(next) {
      done(hash.digest('hex'));
      next();
    },
  });

async function digestOf(file: number, stop: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(CHUNK);
  try {
    for (let at = 0; !stop.aborted; ) {
      const { bytesRead } = await readAsync(file, chunk, 0, CHUNK, at);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  } catch {
    // Whoever reads the packets tells why it cannot be read.
  }
  return undefined;
}
