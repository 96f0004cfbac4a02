import type { Closed, Remotes } from './remotes.js';
import type { Secrets } from './secrets.js';
import type { Settings } from './settings.js';

/** The list of those that no secret yields any more, kept only because they still answer. */
const ANSWERING = -1;

/**
 * Remembers the ids of closed channels for as long as a secret yields their cookies, and for as long as they still
 * answer. Bounded: each of the two secrets has a third of the memory, and when that is full it is replaced early.
 * Source: protocol page, section 4 "Closed channels".
 */
export class ClosedChannels<Channel> {
  readonly #share: number;
  readonly #remotes: Remotes<Channel>;
  readonly #secrets: Secrets;
  /** By generation of secrets. */
  readonly #lists = new Map<number, Closed<Channel>[]>();
  #size = 0;

  constructor(settings: Settings, remotes: Remotes<Channel>, secrets: Secrets) {
    this.#share = Math.max(1, Math.floor(settings.closedChannels / 3));
    this.#remotes = remotes;
    this.#secrets = secrets;
  }

  get size(): number {
    return this.#size;
  }

  /** Remembers a channel whose cookies are of this generation. Its `c1` is already taken, and stays so. */
  add(closed: Closed<Channel>, generation: number, now: number): void {
    const length = this.#lists.get(generation)?.length ?? 0;
    // Half way, so that handshakes under way have the rest of the time to finish under the secret before.
    const isHalfFull = generation === this.#secrets.generation && 2 * length >= this.#share;
    if (isHalfFull || (length >= this.#share && this.#secrets.accepts(generation))) {
      this.#secrets.replace(now);
      this.sweep(now);
    }
    this.#push(this.#secrets.accepts(generation) ? generation : ANSWERING, closed);
    closed.remote.closed.set(closed.id, closed);
    this.#dropOldest();
  }

  /** Forgets what no secret yields any more and what answers no more. Call it when a secret was replaced. */
  sweep(now: number): void {
    // Over a copy: those that still answer go back into the lists.
    for (const [generation, list] of [...this.#lists]) {
      if (generation >= 0 && this.#secrets.accepts(generation)) continue;
      this.#lists.delete(generation);
      this.#size -= list.length;
      for (const closed of list) {
        if (now < closed.until) this.#push(ANSWERING, closed);
        else this.#forget(closed);
      }
    }
    this.#dropOldest();
  }

  #push(generation: number, closed: Closed<Channel>): void {
    const list = this.#lists.get(generation);
    if (list) list.push(closed);
    else this.#lists.set(generation, [closed]);
    this.#size += 1;
  }

  /** Those that are only kept to answer go first come first served, some at a time: the list is an array. */
  #dropOldest(): void {
    const list = this.#lists.get(ANSWERING);
    if (!list || list.length <= this.#share) return;
    const count = list.length - this.#share + (this.#share >> 3);
    for (const closed of list.splice(0, count)) {
      this.#size -= 1;
      this.#forget(closed);
    }
  }

  #forget({ remote, id, repeats }: Closed<Channel>): void {
    repeats?.stop();
    remote.closed.delete(id);
    this.#remotes.release(remote, id >>> 16);
  }
}
