import type { Writable } from 'node:stream';

const BLOCK = 64 * 1024;
/** Pieces of this size are passed on as they are: copying them would not pay. */
const LARGE = 16 * 1024;

/** Standard output: small pieces are gathered, and written as fast as the reader takes them. */
export class PeerOutput {
  readonly #stream: Writable;
  #block = new Uint8Array(0);
  /** Where what is gathered and not written begins and ends. */
  #start = 0;
  #end = 0;
  #unwritten = 0;
  #onIdle: (() => void) | undefined;
  /** Whether nothing more should be written until `onRoom`. */
  isFull = false;

  /**
   * @param onRoom there is room again, after there was none
   * @param onError nothing can be written any more
   */
  constructor(stream: Writable, onRoom: () => void, onError: (error: Error) => void) {
    this.#stream = stream;
    stream.on('drain', () => {
      this.isFull = false;
      onRoom();
    });
    stream.on('error', onError);
  }

  /** Takes bytes, which may change afterwards unless they are many. `flush` must follow. */
  write(bytes: Uint8Array): void {
    if (bytes.length >= LARGE) {
      this.flush();
      this.#put(bytes);
      return;
    }
    if (this.#end + bytes.length > this.#block.length) {
      this.flush();
      this.#block = new Uint8Array(BLOCK);
      this.#start = 0;
      this.#end = 0;
    }
    this.#block.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  flush(): void {
    if (this.#start === this.#end) return;
    const bytes = this.#block.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#put(bytes);
  }

  /** Waits until all is written. */
  written(): Promise<void> {
    if (this.#unwritten === 0 || this.#stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#stream.once('close', resolve);
    });
  }

  #put(bytes: Uint8Array): void {
    this.#unwritten += 1;
    const hasRoom = this.#stream.write(bytes, () => {
      this.#unwritten -= 1;
      if (this.#unwritten === 0) this.#onIdle?.();
    });
    if (!hasRoom) this.isFull = true;
  }
}
