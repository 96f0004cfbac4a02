import type { Core } from './channel.js';
import { closeRepeatAt } from './close-times.js';
import type { Address } from './settings.js';
import type { Timed } from './timers.js';

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
