/** Bytes in order, from a file, a pipe or a decompressor. */
export interface ByteSource {
  /** Puts bytes into the buffer, at least one, and says how many; 0 at the end, or once it was closed. */
  read(into: Uint8Array): Promise<number>;
  /** How much has been read, 0 to 1; undefined where the end is not known. */
  readonly progress: number | undefined;
  /** Why the end came too early, once it came. */
  readonly problem: string | undefined;
  /** Goes back to the first byte, where that is possible: not in a pipe. */
  rewind?(): void;
  /** Ends a `read` that waits, and frees what the source holds. */
  close(): Promise<void>;
}

/** A source of which the first bytes were read already: they come again. */
export class Preceded implements ByteSource {
  readonly rewind?: () => void;
  readonly #source: ByteSource;
  #head: Uint8Array;

  constructor(head: Uint8Array, source: ByteSource) {
    this.#head = head;
    this.#source = source;
    if (source.rewind === undefined) return;
    this.rewind = () => {
      source.rewind?.();
      this.#head = new Uint8Array(0);
    };
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#head.length === 0) return this.#source.read(into);
    const taken = this.#head.subarray(0, into.length);
    into.set(taken);
    this.#head = this.#head.subarray(taken.length);
    return taken.length;
  }

  get progress(): number | undefined {
    return this.#source.progress;
  }

  get problem(): string | undefined {
    return this.#source.problem;
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

/** Fills the buffer as far as the source goes; returns how many bytes there were. */
export async function readFully(source: ByteSource, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await source.read(into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Chunks that wait to be read. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** Moves bytes to the buffer; returns how many, 0 if none are there. */
  take(into: Uint8Array): number {
    let filled = 0;
    while (filled < into.length) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const taken = chunk.subarray(0, into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      if (taken.length < chunk.length) this.#chunks[0] = chunk.subarray(taken.length);
      else this.#chunks.shift();
    }
    return filled;
  }
}
