import type { Place } from '../link/network.js';
import { WORD } from './mac.js';
import {
  type Answerer,
  type Asker,
  DATA_SIZE,
  type Model,
  type Outgoing,
  Table,
  UDP_HEADER,
  wordOf,
  written,
} from './model.js';

const [PREPARE, PROMISE, PROPOSE, ACCEPT, REFUSE, DATA] = [1, 2, 3, 4, 5, 6];
/** Number and value, with what names the sender and the instance, as in the channel protocol's envelope without padding. */
const SIZE = 48 + 8;
/** The address, the highest number promised, the number and the value accepted. */
const ENTRY = 6 + 4 + 4 + 4;
/** A refused proposer waits so long at most before it tries with a higher number: by chance, or they would never end. */
const BACKOFF_MS = 80;
/** When a proposer that hears nothing begins again. */
const AGAIN_MS = 1000;
/** Rounds after which a proposer gives up: with waits drawn by chance it needs a few. */
const MOST_ROUNDS = 32;

interface Promised {
  readonly number: number;
  readonly accepted: number;
  readonly value: number;
}

const NOTHING: Promised = { number: 0, accepted: 0, value: 0 };

/**
 * One of two parties, each proposer and acceptor. A majority of two is both: itself, and the other.
 * Source: Lamport, "Paxos Made Simple", section 2.2.
 */
class Peer implements Asker, Answerer {
  readonly #integer: (below: number) => number;
  /** Numbers of the two never meet: one has the even ones. */
  readonly #rank: number;
  readonly held = new Table<Promised>(ENTRY);
  #to: Place | undefined;
  #number = 0;
  #value = 0;
  #rounds = 0;
  #isChosen = false;
  #hasData: boolean;
  wakeAt: number | undefined;

  /** @param hasData whether it is the one that has data to send */
  constructor(to: Place | undefined, rank: number, hasData: boolean, integer: (below: number) => number) {
    this.#to = to;
    this.#rank = rank;
    this.#hasData = hasData;
    this.#integer = integer;
  }

  start(now: number): readonly Outgoing[] {
    const to = this.#to;
    if (to === undefined || this.#isChosen || this.#rounds >= MOST_ROUNDS) return [];
    this.#rounds += 1;
    const { number } = this.#promised(to);
    this.#number = 2 * (Math.floor(Math.max(this.#number, number) / 2) + 1) + this.#rank;
    this.#value = this.#integer(WORD);
    this.held.set(to, { ...this.#promised(to), number: this.#number });
    this.wakeAt = now + AGAIN_MS;
    return this.#send(to, PREPARE, this.#number);
  }

  tick(now: number): readonly Outgoing[] {
    this.wakeAt = undefined;
    return this.start(now);
  }

  receive(bytes: Uint8Array, from: Place, now: number): readonly Outgoing[] {
    const [kind, number, accepted, value] = [bytes[0], wordOf(bytes, 0), wordOf(bytes, 1), wordOf(bytes, 2)];
    switch (kind) {
      case PREPARE:
        return this.#prepared(from, number);
      case PROPOSE:
        return this.#proposed(from, number, value);
      case PROMISE:
        if (number !== this.#number || this.#promised(from).number !== number) return [];
        // What was accepted before must be proposed again.
        if (accepted > 0) this.#value = value;
        this.held.set(from, { number, accepted: number, value: this.#value });
        return this.#send(from, PROPOSE, number, 0, this.#value);
      case ACCEPT:
        return number === this.#number ? this.#chosen(from) : [];
      case REFUSE:
        if (this.#isChosen || accepted !== this.#number) return [];
        this.wakeAt = now + 1 + this.#integer(BACKOFF_MS);
        return [];
      default:
        return [];
    }
  }

  #prepared(from: Place, number: number): readonly Outgoing[] {
    const promised = this.#promised(from);
    if (number < promised.number) return this.#send(from, REFUSE, promised.number, number);
    if (!this.held.set(from, { ...promised, number })) return [];
    return this.#send(from, PROMISE, number, promised.accepted, promised.value);
  }

  #proposed(from: Place, number: number, value: number): readonly Outgoing[] {
    const promised = this.#promised(from);
    if (number < promised.number) return this.#send(from, REFUSE, promised.number, number);
    if (!this.held.set(from, { number, accepted: number, value })) return [];
    return [...this.#send(from, ACCEPT, number), ...this.#chosen(from)];
  }

  /** Both have accepted one value: whoever has data sends it. */
  #chosen(from: Place): readonly Outgoing[] {
    this.#isChosen = true;
    this.wakeAt = undefined;
    if (!this.#hasData) return [];
    this.#hasData = false;
    return [{ to: from, bytes: written(DATA, SIZE + DATA_SIZE), messages: 1, hasData: true }];
  }

  #promised(from: Place): Promised {
    return this.held.get(from) ?? NOTHING;
  }

  #send(to: Place, kind: number, ...words: readonly number[]): readonly Outgoing[] {
    return [{ to, bytes: written(kind, SIZE, ...words), messages: 1 }];
  }
}

const asker = (to: Place, integer: (below: number) => number): Asker => new Peer(to, 0, true, integer);
const forged = (integer: (below: number) => number): Uint8Array => written(PREPARE, SIZE, 2 + integer(100));

/** Two parties that agree by Paxos that they have a channel: nothing proves an address, and an acceptor must remember. */
export const paxos: Model = {
  name: 'paxos',
  overhead: UDP_HEADER,
  asker,
  forged,
  answerer: (integer) => new Peer(undefined, 1, false, integer),
};

/** The same when both ask at once: each refuses the other's lower number. */
export const paxosColliding = (asking: Place): Model => ({
  ...paxos,
  name: 'paxos, colliding',
  answerer: (integer) => new Peer(asking, 1, false, integer),
});
