import { hexOf } from '../../dissectors/wire/view.js';

/** One peer of the capture. */
export interface Peer {
  /** The peer id, 32 hex digits. */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly words: readonly [number, number, number, number];
  readonly hash: number;
  /** Channels that name it; a peer that none names is forgotten. */
  channels: number;
  next: Peer | undefined;
}

/** Mixes a word into a hash. */
export const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

/**
 * The peers that channels name, found by the 16 bytes of their ids without a string a packet. The seed keeps
 * strangers from choosing ids that all fall into one bucket.
 */
export class Peers {
  private readonly buckets = new Map<number, Peer>();
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The peer whose id stands at `at`, if it is known. */
  find(view: DataView, at: number): Peer | undefined {
    for (let peer = this.buckets.get(this.hashAt(view, at)); peer; peer = peer.next) {
      const [a, b, c, d] = peer.words;
      if (
        view.getUint32(at) === a &&
        view.getUint32(at + 4) === b &&
        view.getUint32(at + 8) === c &&
        view.getUint32(at + 12) === d
      ) {
        return peer;
      }
    }
    return undefined;
  }

  /** The peer whose id stands at `at`; it is kept only once a channel names it (`hold`). */
  findOrMake(view: DataView, at: number): Peer {
    const known = this.find(view, at);
    if (known) return known;
    const words = [
      view.getUint32(at),
      view.getUint32(at + 4),
      view.getUint32(at + 8),
      view.getUint32(at + 12),
    ] as const;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, 16).slice();
    return { id: hexOf(view, at, at + 16), bytes, words, hash: this.hashAt(view, at), channels: 0, next: undefined };
  }

  hold(peer: Peer): void {
    if (peer.channels++ > 0) return;
    peer.next = this.buckets.get(peer.hash);
    this.buckets.set(peer.hash, peer);
  }

  release(peer: Peer): void {
    if (--peer.channels > 0) return;
    const first = this.buckets.get(peer.hash);
    if (first === peer) {
      if (peer.next) this.buckets.set(peer.hash, peer.next);
      else this.buckets.delete(peer.hash);
      return;
    }
    for (let before = first; before; before = before.next) {
      if (before.next === peer) before.next = peer.next;
    }
  }

  /** Each word times a number of its own: no chain of steps to wait for. */
  private hashAt(view: DataView, at: number): number {
    const { seed } = this;
    const hash =
      Math.imul(view.getUint32(at) ^ seed, 0x9e3779b1) ^
      Math.imul(view.getUint32(at + 4) + seed, 0x85ebca6b) ^
      Math.imul(view.getUint32(at + 8) ^ seed, 0xc2b2ae35) ^
      Math.imul(view.getUint32(at + 12) + seed, 0x27d4eb2f);
    return hash ^ (hash >>> 15);
  }
}
