import type { Channel } from './channel.js';
import type { Peer } from './peer.js';

/** Bytes of a channel that may wait to be sent back before no more are read: as much as a sender queues. */
const MOST_UNSENT = 262_144;

/** What waits on one channel. */
interface Unsent {
  readonly pieces: Uint8Array[];
  bytes: number;
  /** Whether the other direction has ended: the own one ends when all is sent. */
  isEnding: boolean;
}

/** Sends back what channels bring, on the same channels: messages as messages, streams as streams. */
export class Echo {
  readonly #peer: Peer;
  readonly #unsent = new Map<Channel, Unsent>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Whether enough waits on a channel, so that no more should be read from it. */
  isFull(channel: Channel): boolean {
    return (this.#unsent.get(channel)?.bytes ?? 0) >= MOST_UNSENT;
  }

  /** Takes what was delivered; it must not change afterwards. */
  take(channel: Channel, bytes: Uint8Array, now: number): void {
    const unsent = this.#of(channel);
    // A message that fits no packet of this peer goes back in several.
    const most = channel.isOrdered ? bytes.length : this.#peer.largestMessage;
    for (let at = 0; at < bytes.length; at += most) unsent.pieces.push(bytes.subarray(at, at + most));
    unsent.bytes += bytes.length;
    this.pump(channel, now);
  }

  /** Sends as much as there is room for. */
  pump(channel: Channel, now: number): void {
    const unsent = this.#unsent.get(channel);
    if (!unsent) return;
    const { pieces } = unsent;
    for (let first = pieces[0]; first; first = pieces[0]) {
      const taken = this.#peer.send(channel, first, now);
      unsent.bytes -= taken;
      if (taken < first.length) {
        pieces[0] = first.subarray(taken);
        return;
      }
      pieces.shift();
    }
    if (unsent.isEnding) this.#peer.close(channel, now);
  }

  /** The other direction has ended: the own one does after all that came. */
  end(channel: Channel, now: number): void {
    this.#of(channel).isEnding = true;
    this.pump(channel, now);
  }

  /** A channel is over. */
  forget(channel: Channel): void {
    this.#unsent.delete(channel);
  }

  #of(channel: Channel): Unsent {
    const known = this.#unsent.get(channel);
    if (known) return known;
    const unsent: Unsent = { pieces: [], bytes: 0, isEnding: false };
    this.#unsent.set(channel, unsent);
    return unsent;
  }
}
