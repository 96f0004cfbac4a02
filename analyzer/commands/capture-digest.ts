import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';

const readAsync = promisify(read);
const CHUNK = 1 << 20;

/** The SHA-256 of captures as they lie in their files, by which tables tell what they were made from. */
export class CaptureDigest {
  /** What is to be read in place of standard input: the digest is of what passes through. */
  readonly stdin: Readable | undefined;
  readonly #values: (string | undefined)[];

  private constructor(values: (string | undefined)[], stdin: Readable | undefined) {
    this.#values = values;
    this.stdin = stdin;
  }

  /**
   * Reads files for their digests; that of a pipe is known once all of it has been read.
   * @param paths what cannot be read has no digest: whoever reads it next tells why
   */
  static async of(paths: readonly string[], stop: AbortSignal): Promise<CaptureDigest> {
    const values: (string | undefined)[] = [];
    let stdin: Readable | undefined;
    for (const [place, path] of paths.entries()) {
      const isPipe = path === '-' && !fstatSync(0).isFile();
      values.push(isPipe ? undefined : await digestNamed(path, stop));
      if (!isPipe || isatty(0)) continue;
      const through = hashing(createHash('sha256'), (value) => {
        values[place] = value;
      });
      process.stdin.on('error', (error) => through.destroy(error));
      stdin = process.stdin.pipe(through);
    }
    return new CaptureDigest(values, stdin);
  }

  /** Of all captures in their order, with commas between; undefined where one is not known, or not yet. */
  get value(): string | undefined {
    return this.#values.every((value) => value !== undefined) ? this.#values.join() : undefined;
  }

  /** What names all captures together; that of a single one is its digest. */
  get name(): string | undefined {
    const { value } = this;
    return value === undefined || this.#values.length === 1 ? value : createHash('sha256').update(value).digest('hex');
  }
}

async function digestNamed(path: string, stop: AbortSignal): Promise<string | undefined> {
  if (path === '-') return digestOf(0, stop);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return fstatSync(file).isFile() ? await digestOf(file, stop) : undefined;
  } finally {
    closeSync(file);
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
