import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from './byte-source.js';

const openAsync = promisify(open);
const closeAsync = promisify(close);
const readAsync = promisify(read);
const statAsync = promisify(fstat);

/** Files that are kept open at a time, of however many are read. */
const MOST_OPEN = 8;

interface Held {
  readonly descriptor: number;
  /** What tells it from another file that has got its name. */
  readonly identity: string;
}

/** Keeps the files open that were read last, and no more than a few: any number of captures can be read as one. */
export class OpenFiles {
  /** Those read longest ago come first. */
  readonly #held = new Map<string, Held>();
  /** What each file was when it was first opened. */
  readonly #identities = new Map<string, string>();
  /** One read at a time: what is read is open, and nothing else need be. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Reads from a place in a file.
   * @returns how many bytes there were
   * @throws the error of the system, or one that says that the file is another now
   */
  read(path: string, into: Uint8Array, position: number): Promise<number> {
    return this.#inTurn(async () => {
      const { descriptor } = await this.#open(path);
      return (await readAsync(descriptor, into, 0, into.length, position)).bytesRead;
    });
  }

  /** Lets a file go that is read no more. */
  release(path: string): Promise<void> {
    return this.#inTurn(() => this.#let(path));
  }

  /** Lets all go. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of [...this.#held.keys()]) await this.#let(path);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #let(path: string): Promise<void> {
    const held = this.#held.get(path);
    if (!held) return;
    this.#held.delete(path);
    await closeAsync(held.descriptor);
  }

  async #open(path: string): Promise<Held> {
    const known = this.#held.get(path);
    if (known) {
      this.#held.delete(path);
      this.#held.set(path, known);
      return known;
    }
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size >= MOST_OPEN) await this.#let(oldest);
    const descriptor = await openAsync(path, 'r');
    const { dev, ino } = await statAsync(descriptor);
    const held = { descriptor, identity: `${dev}:${ino}` };
    this.#held.set(path, held);
    const before = this.#identities.get(path) ?? held.identity;
    this.#identities.set(path, before);
    if (before === held.identity) return held;
    await this.#let(path);
    throw new Error('another file has its name now');
  }
}

/** Waits until a file may have grown; false once nothing more is wanted of it. */
export type Growth = () => Promise<boolean>;

/** The bytes of a file among many: it is open only while it is read. */
export class PathSource implements ByteSource {
  problem: string | undefined;
  readonly #path: string;
  readonly #files: OpenFiles;
  readonly #size: number;
  readonly #growth: Growth | undefined;
  #position = 0;
  #isClosed = false;
  #reading: Promise<unknown> = Promise.resolve();

  /**
   * @param size of the file, to tell how far reading has come
   * @param growth waits for more at its end, where it is still written
   */
  constructor(path: string, files: OpenFiles, size: number, growth?: Growth) {
    this.#path = path;
    this.#files = files;
    this.#size = size;
    this.#growth = growth;
  }

  async read(into: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#isClosed) return 0;
      const reading = this.#files.read(this.#path, into, this.#position);
      // Closing waits for it: the system must not read into a buffer that has found another use.
      this.#reading = reading.catch(() => {});
      const count = await reading;
      this.#position += count;
      if (count > 0 || !this.#growth) return count;
      if (!(await this.#growth())) return 0;
    }
  }

  get progress(): number {
    return this.#size > 0 ? Math.min(1, this.#position / this.#size) : 1;
  }

  /** Bytes that were read. */
  get position(): number {
    return this.#position;
  }

  rewind(): void {
    this.#position = 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reading;
    await this.#files.release(this.#path);
  }
}
