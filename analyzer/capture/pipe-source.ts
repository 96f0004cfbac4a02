import type { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.js';

/** The bytes of a stream as they come: standard input, a named pipe, a child's output. */
export class PipeSource implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  readonly #stream: Readable;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(stream: Readable, signal?: AbortSignal) {
    this.#stream = stream;
    const wake = () => this.#wake?.();
    const end = () => {
      this.#ended = true;
      wake();
    };
    stream.on('readable', wake);
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', (error) => {
      this.#error = error;
      end();
    });
    const stop = () => stream.destroy();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    stream.on('close', () => signal?.removeEventListener('abort', stop));
  }

  async read(into: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#rest.length === 0) this.#rest = this.#next() ?? this.#rest;
      if (this.#rest.length > 0) {
        const taken = this.#rest.subarray(0, into.length);
        into.set(taken);
        this.#rest = this.#rest.subarray(taken.length);
        return taken.length;
      }
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended || this.#stream.readableEnded || this.#stream.destroyed) return 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }

  #next(): Uint8Array | undefined {
    if (this.#stream.destroyed) return undefined;
    // A stream of bytes without an encoding gives Buffers, or null.
    const chunk: unknown = this.#stream.read();
    return chunk instanceof Uint8Array ? chunk : undefined;
  }
}
