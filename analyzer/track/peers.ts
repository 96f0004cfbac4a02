import { toHex } from '../../dissectors/wire/view.js';

/** One peer of the capture: its id as four words, since floods have millions; as bytes and text when that is wanted. */
export class Peer {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly hash: number;
  /** Channels that name it; a peer that none names is forgotten. */
  channels = 0;
  next: Peer | undefined = undefined;
  private asBytes: Uint8Array | undefined = undefined;
  private asText: string | undefined = undefined;

  /** The peer whose id stands at `at`. */
  constructor(view: DataView, at: number, hash: number) {
    this.a = view.getInt32(at);
    this.b = view.getInt32(at + 4);
    this.c = view.getInt32(at + 8);
    this.d = view.getInt32(at + 12);
    this.hash = hash;
  }

  get bytes(): Uint8Array {
    if (this.asBytes) return this.asBytes;
    const view = new DataView(new ArrayBuffer(16));
    view.setInt32(0, this.a);
    view.setInt32(4, this.b);
    view.setInt32(8, this.c);
    view.setInt32(12, this.d);
    this.asBytes = new Uint8Array(view.buffer);
    return this.asBytes;
  }

  /** The peer id, 32 hex digits. */
  get id(): string {
    this.asText ??= toHex(this.bytes);
    return this.asText;
  }

  isAt(view: DataView, at: number): boolean {
    return (
      view.getInt32(at) === this.a &&
      view.getInt32(at + 4) === this.b &&
      view.getInt32(at + 8) === this.c &&
      view.getInt32(at + 12) === this.d
    );
  }
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

  /** The peer whose id stands at `at`; it is kept only once a channel names it (`hold`). */
  findOrMake(view: DataView, at: number): Peer {
    const hash = this.hashAt(view, at);
    for (let peer = this.buckets.get(hash); peer; peer = peer.next) if (peer.isAt(view, at)) return peer;
    return new Peer(view, at, hash);
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

  /**
   * Each word goes through a function of its own that the seed chooses, and the results are added up. A product alone
   * would not do: the high bits of a word reach only the high bits of it, whatever the seed, and cancel each other.
   */
  private hashAt(view: DataView, at: number): number {
    const { seed } = this;
    const hash =
      stir(view.getInt32(at), seed, 0x9e3779b1) +
      stir(view.getInt32(at + 4), seed, 0x85ebca6b) +
      stir(view.getInt32(at + 8), seed, 0xc2b2ae35) +
      stir(view.getInt32(at + 12), seed, 0x27d4eb2f);
    return (hash ^ (hash >>> 15)) | 0;
  }
}

function stir(word: number, seed: number, factor: number): number {
  const product = Math.imul(word ^ seed, 0x9e3779b1) + factor;
  return Math.imul(product ^ (product >>> 16), factor ^ (seed << 1));
}
