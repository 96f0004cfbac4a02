import { Writable } from 'node:stream';
import { type Clock, REAL_CLOCK } from '../crafter/io/clock.js';
import { after } from '../crafter/io/timers.js';

/** How long a reader may take nothing once the user wants an end, in milliseconds. */
export const PATIENCE_MS = 1000;

type Done = (error?: Error | null) => void;

/**
 * Standard output. Whoever writes waits for its reader; when the user wants an end, a reader that takes nothing counts as
 * gone, as otherwise no signal would end the program.
 */
export class StandardOutput extends Writable {
  readonly #target: Writable;
  readonly #clock: Clock;
  /** Told how what the target has not taken yet went. */
  #done: Done | undefined;
  #isHurried = false;
  #endWait: () => void = () => {};
  /** Whether something was left that nobody took. */
  isGivenUp = false;

  constructor(target: Writable, clock: Clock = REAL_CLOCK) {
    super({ highWaterMark: target.writableHighWaterMark });
    this.#target = target;
    this.#clock = clock;
    // Both the writer and the owner of the target get the error.
    this.on('error', () => {});
  }

  /** Whether something is written that was not taken yet. */
  get isBusy(): boolean {
    return this.#done !== undefined;
  }

  /** From now on the reader must take something every `PATIENCE_MS`. */
  hurry(): void {
    if (this.#isHurried) return;
    this.#isHurried = true;
    if (this.isBusy) this.#wait();
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: Done): void {
    this.#begin(done);
    this.#target.write(bytes, encoding, (error) => this.#taken(done, error));
  }

  override _writev(chunks: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[], done: Done): void {
    this.#begin(done);
    this.#target.cork();
    for (const [place, { chunk, encoding }] of chunks.entries()) {
      const isLast = place === chunks.length - 1;
      this.#target.write(chunk, encoding, (error) => {
        if (isLast || error) this.#taken(done, error);
      });
    }
    this.#target.uncork();
  }

  #begin(done: Done): void {
    this.#done = done;
    if (this.#isHurried) this.#wait();
  }

  #taken(done: Done, error: Error | null | undefined): void {
    // It may have been given up before.
    if (this.#done !== done) return;
    this.#done = undefined;
    this.#endWait();
    done(error);
    if (!this.isBusy) this.emit('idle');
  }

  #wait(): void {
    this.#endWait();
    this.#endWait = after(PATIENCE_MS, () => this.#giveUp(), this.#clock);
  }

  #giveUp(): void {
    const done = this.#done;
    this.#done = undefined;
    this.isGivenUp = true;
    done?.(Object.assign(new Error('nobody reads it'), { code: 'EPIPE' }));
    this.emit('idle');
  }
}
