import { slice, viewOf } from '../../dissectors/wire/view.js';
import type { Allowance } from './allowance.js';
import { ID_SIZE, type IdWords, isId, wordsOf } from './read.js';
import type { Address } from './settings.js';

/** Another peer that this one has something to remember of. Channels are whatever keeps the state of one. */
export interface Remote<Channel> {
  readonly id: Uint8Array;
  readonly words: IdWords;
  readonly hash: number;
  /** By channel id. */
  readonly channels: Map<number, Channel>;
  /** Attempts of our own that have no acknowledgement yet, by `c1`. */
  readonly attempts: Map<number, Channel>;
  /** By channel id. */
  readonly closed: Map<number, Closed<Channel>>;
  /** How many channels, attempts and closed channels have a `c1`. */
  readonly halves: Map<number, number>;
  /** What its channels may keep together of what it sends. */
  readonly allowance: Allowance;
}

/** How a channel ended, and what it takes to answer for it. */
export interface Closed<Channel> {
  readonly remote: Remote<Channel>;
  readonly id: number;
  readonly address: Address;
  readonly resend: boolean;
  /** Our CLOSE with a reason other than 0, if that ended the channel: its number, and its packet. */
  readonly own: { readonly number: number; readonly bytes: Uint8Array } | undefined;
  /** What repeats it until it is answered. */
  readonly repeats: { stop(): void } | undefined;
  /** The number of the next packet with nothing numbered in it. */
  readonly next: number;
  /** The number after the other's CLOSE, or after all that came. */
  past: number;
  /** Numbers that may still be sent to us, as promised, from `past` on. */
  readonly window: number;
  /** When a CLOSE was answered last. */
  answeredAt: number;
  /** Until when it answers. */
  readonly until: number;
}

/** The other peers by their ids. */
export class Remotes<Channel> {
  /** Keyed, so that nobody can choose ids that all land in one place. */
  readonly #salt: number;
  readonly #newAllowance: () => Allowance;
  readonly #buckets = new Map<number, Remote<Channel>[]>();
  #last: Remote<Channel> | undefined;
  #size = 0;

  /** @param newAllowance what the channels of one more peer may keep */
  constructor(salt: number, newAllowance: () => Allowance) {
    this.#salt = salt | 1;
    this.#newAllowance = newAllowance;
  }

  get size(): number {
    return this.#size;
  }

  /** The peer whose id lies at `at` of a packet, if it is known. */
  find(view: DataView, at: number): Remote<Channel> | undefined {
    const last = this.#last;
    if (last && isId(view, at, last.words)) return last;
    const bucket = this.#buckets.get(this.#hash(view, at));
    if (!bucket) return undefined;
    for (const remote of bucket) {
      if (!isId(view, at, remote.words)) continue;
      this.#last = remote;
      return remote;
    }
    return undefined;
  }

  /** The peer with this id, new if it is not known yet. */
  of(id: Uint8Array): Remote<Channel> {
    return this.at(viewOf(id), 0);
  }

  /** The peer whose id lies at `at`, new if it is not known yet. */
  at(view: DataView, at: number): Remote<Channel> {
    const known = this.find(view, at);
    if (known) return known;
    const hash = this.#hash(view, at);
    const remote: Remote<Channel> = {
      // The id may be a view of a packet that is otherwise done with.
      id: slice(view, at, at + ID_SIZE).slice(),
      words: wordsOf(view, at),
      hash,
      channels: new Map(),
      attempts: new Map(),
      closed: new Map(),
      halves: new Map(),
      allowance: this.#newAllowance(),
    };
    const bucket = this.#buckets.get(hash);
    if (bucket) bucket.push(remote);
    else this.#buckets.set(hash, [remote]);
    this.#size += 1;
    return remote;
  }

  /** Notes one more channel, attempt or closed channel with this `c1`. */
  take(remote: Remote<Channel>, c1: number): void {
    remote.halves.set(c1, (remote.halves.get(c1) ?? 0) + 1);
  }

  /** Notes one less, and forgets the peer with the last of them. */
  release(remote: Remote<Channel>, c1: number): void {
    const left = (remote.halves.get(c1) ?? 1) - 1;
    if (left > 0) remote.halves.set(c1, left);
    else remote.halves.delete(c1);
    if (remote.halves.size === 0) this.#forget(remote);
  }

  #forget(remote: Remote<Channel>): void {
    const bucket = this.#buckets.get(remote.hash);
    const place = bucket?.indexOf(remote) ?? -1;
    if (!bucket || place < 0) return;
    bucket.splice(place, 1);
    if (bucket.length === 0) this.#buckets.delete(remote.hash);
    if (this.#last === remote) this.#last = undefined;
    this.#size -= 1;
  }

  #hash(view: DataView, at: number): number {
    let hash = this.#salt;
    for (let word = 0; word < 4; word++) {
      hash = Math.imul(hash ^ view.getInt32(at + 4 * word), 0x9e3779b1);
      hash = (hash ^ (hash >>> 15)) + this.#salt;
    }
    return hash | 0;
  }
}
