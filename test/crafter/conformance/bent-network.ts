import { type Inlet, type Making, Network, type Place } from '../../../crafter/link/network.js';
import { PEER_PLACE } from '../../../crafter/script/virtual-play.js';

/** What a fault in a peer looks like from outside. Each function gives what goes on in place of what came. */
export interface Bend {
  /** What the peer reads in place of a datagram; `answer` sends something back at once. */
  readonly incoming?: (bytes: Uint8Array, from: Place, answer: (bytes: Uint8Array) => void) => readonly Delivery[];
  /** What leaves the peer in place of a datagram that it sends. */
  readonly outgoing?: (bytes: Uint8Array, to: Place) => readonly Delivery[];
}

/** A datagram, and the address it comes from or goes to if that is another one. */
export interface Delivery {
  readonly bytes: Uint8Array;
  readonly place?: Place;
}

/** A network with a peer behind it that has a fault. */
export class BentNetwork extends Network {
  readonly #bend: Bend;

  constructor(making: Making, bend: Bend) {
    super(making);
    this.#bend = bend;
  }

  override attach(place: Place, inlet: Inlet): void {
    const { incoming } = this.#bend;
    if (place !== PEER_PLACE || !incoming) return super.attach(place, inlet);
    super.attach(place, (bytes, from, now) => {
      const answer = (answered: Uint8Array): void => super.send(PEER_PLACE, from, answered);
      for (const one of incoming(bytes, from, answer)) inlet(one.bytes, one.place ?? from, now);
    });
  }

  override send(from: Place, to: Place, bytes: Uint8Array): void {
    const { outgoing } = this.#bend;
    if (from !== PEER_PLACE || !outgoing) return super.send(from, to, bytes);
    for (const one of outgoing(bytes, to)) super.send(from, one.place ?? to, one.bytes);
  }
}
