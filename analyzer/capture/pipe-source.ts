import type { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.js';

/** Bytes are taken from a stream ahead of whoever reads them, up to here: who sends them is not to wait for a busy reader. */
const AHEAD = 4 * 1024 * 1024;

/** The bytes of a stream as they come: standard input, a named pipe, a child's output. */
export class PipeSource implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  readonly #stream: Readable;
  /** What has come and was not read, and how much that is. */
  #pieces: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #stopped = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(stream: Readable, signal?: AbortSignal) {
    this.#stream = stream;
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    // A stream of bytes without an encoding gives Buffers.
    stream.on('data', (piece: Uint8Array) => {
      this.#pieces.push(piece);
      this.#size += piece.length;
      if (this.#size >= AHEAD) stream.pause();
      this.#wake?.();
    });
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', (error) => {
      this.#error = error;
      end();
    });
    const stop = () => this.#stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    stream.on('close', () => signal?.removeEventListener('abort', stop));
  }

  async read(into: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#stopped) return 0;
      if (this.#size > 0) return this.#take(into);
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.#stop();
  }

  /** Whatever was not read is wanted no more. */
  #stop(): void {
    this.#stopped = true;
    this.#pieces = [];
    this.#size = 0;
    this.#stream.destroy();
    this.#wake?.();
  }

  #take(into: Uint8Array): number {
    let filled = 0;
    let whole = 0;
    for (const piece of this.#pieces) {
      const part = piece.subarray(0, into.length - filled);
      into.set(part, filled);
      filled += part.length;
      if (part.length < piece.length) {
        this.#pieces[whole] = piece.subarray(part.length);
        break;
      }
      whole += 1;
    }
    this.#pieces.splice(0, whole);
    this.#size -= filled;
    if (this.#size < AHEAD / 2 && this.#stream.isPaused()) this.#stream.resume();
    return filled;
  }
}
