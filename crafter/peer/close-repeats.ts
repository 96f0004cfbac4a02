import type { Core } from './core.js';
import type { Address, Settings } from './settings.js';
import type { Timed } from './timers.js';

/**
 * When a CLOSE that nothing else repeats goes out again, or, once it has been repeated often enough, when its repeats
 * are over: after 200 ms, doubling.
 *
 * @param firstAt when it went out first
 * @param repeats how often it has been repeated since
 */
export const closeRepeatAt = (firstAt: number, repeats: number, { closeRepeat }: Settings): number =>
  firstAt + closeRepeat * (2 ** (repeats + 1) - 1);

/** When the repeats of a CLOSE are over that went out first at `firstAt`, whatever repeats it. */
export const closeRepeatsEnd = (firstAt: number, settings: Settings): number =>
  closeRepeatAt(firstAt, settings.closeRepeats, settings);

/** The CLOSE of a channel that we ended for a reason, on its way until it is answered. */
export class CloseRepeats implements Timed {
  readonly #core: Core;
  readonly #to: Address;
  readonly #bytes: Uint8Array;
  readonly #firstAt: number;
  #repeats = 0;
  wakeAt = 0;
  place = -1;

  /** @param bytes the packet with the CLOSE, which has just been sent */
  constructor(core: Core, to: Address, bytes: Uint8Array, now: number) {
    this.#core = core;
    this.#to = to;
    this.#bytes = bytes;
    this.#firstAt = now;
    core.unanswered.add(this);
    core.timers.schedule(this, this.#next);
  }

  get #next(): number {
    return closeRepeatAt(this.#firstAt, this.#repeats, this.#core.settings);
  }

  wake(now: number): void {
    if (now >= this.#next) {
      if (this.#repeats >= this.#core.settings.closeRepeats) return this.stop();
      this.#repeats += 1;
      this.#core.send(this.#to, this.#bytes);
    }
    this.#core.timers.schedule(this, this.#next);
  }

  /** It is answered, or nobody remembers the channel any more. */
  stop(): void {
    this.#core.unanswered.delete(this);
    this.#core.timers.cancel(this);
  }
}
