import type { Writable } from 'node:stream';

const BLOCK = 64 * 1024;
/** Blocks that are kept to be written into again, 64 kB each. */
const MOST_FREE = 4;
/** Pieces of this size are passed on as they are: copying them would not pay. */
const LARGE = 16 * 1024;

/** Memory that pieces are gathered in, and how many writes of it are not done. */
interface Block {
  readonly bytes: Uint8Array;
  writes: number;
}

const newBlock = (): Block => ({ bytes: new Uint8Array(BLOCK), writes: 0 });

/** Standard output: small pieces are gathered, and written as fast as the reader takes them. */
export class PeerOutput {
  readonly #stream: Writable;
  /** Blocks are used again once all of them is written: new ones would keep the collector busy. */
  readonly #free: Block[] = [];
  #block = newBlock();
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
      this.#put(bytes, undefined);
      return;
    }
    if (this.#end + bytes.length > BLOCK) {
      this.flush();
      // The one at hand comes back when it is written.
      if (this.#block.writes > 0) this.#block = this.#free.pop() ?? newBlock();
      this.#start = 0;
      this.#end = 0;
    }
    this.#block.bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  flush(): void {
    if (this.#start === this.#end) return;
    const bytes = this.#block.bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#put(bytes, this.#block);
  }

  /** Waits until all is written. */
  written(): Promise<void> {
    if (this.#unwritten === 0 || this.#stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#stream.once('close', resolve);
    });
  }

  #put(bytes: Uint8Array, block: Block | undefined): void {
    this.#unwritten += 1;
    if (block) block.writes += 1;
    const hasRoom = this.#stream.write(bytes, () => {
      this.#unwritten -= 1;
      if (block) this.#written(block);
      if (this.#unwritten === 0) this.#onIdle?.();
    });
    if (!hasRoom) this.isFull = true;
  }

  #written(block: Block): void {
    block.writes -= 1;
    if (block.writes === 0 && block !== this.#block && this.#free.length < MOST_FREE) this.#free.push(block);
  }
}
