import type { Effect } from '../peer/effects.js';
import type { Peer } from '../peer/peer.js';
import type { Network, Place } from './network.js';

/** What an application does about an effect of its peer. Packets are sent without it. */
export type Application = (effect: Exclude<Effect, { type: 'send' }>, now: number) => void;

/**
 * A peer at a place of a network: packets and time reach it, and what it sends leaves. After calling the peer
 * directly, call `flush`.
 */
export class Host {
  readonly #network: Network;
  readonly #application: Application;
  /** When the peer will be woken; what was planned for later is then out of date. */
  #wakeAt = Number.POSITIVE_INFINITY;
  readonly peer: Peer;
  readonly place: Place;

  constructor(network: Network, place: Place, peer: Peer, application: Application = () => {}) {
    this.#network = network;
    this.#application = application;
    this.place = place;
    this.peer = peer;
    network.attach(place, (bytes, from, now) => {
      peer.receive(bytes, from, now);
      this.flush();
    });
    this.flush();
  }

  /** Performs what the peer wants done, and notes when it wants to be woken. */
  flush(): void {
    for (let effects = this.peer.drain(); effects.length > 0; effects = this.peer.drain()) {
      for (const effect of effects) {
        if (effect.type === 'send') this.#network.send(this.place, effect.to, effect.bytes);
        else this.#application(effect, this.#network.now);
      }
    }
    const next = this.peer.nextTimeout();
    if (next === undefined || next >= this.#wakeAt) return;
    this.#wakeAt = next;
    this.#network.at(next, (now) => this.#wake(next, now));
  }

  #wake(planned: number, now: number): void {
    if (planned !== this.#wakeAt) return;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.peer.tick(now);
    this.flush();
  }
}
