import { hashOf, seeded } from '../seeded.js';
import { type Conditions, PERFECT } from './conditions.js';
import { EventQueue } from './event-queue.js';
import { PacketChance } from './packet-chance.js';
import { type Chance, type Loss, Path } from './path.js';

/** A place in the network, such as `10.0.0.1:4242`. */
export type Place = string;

/** One packet as someone on the way sees it. */
export interface Sighting {
  /** In milliseconds, when it was sent or when it arrived. */
  readonly time: number;
  readonly from: Place;
  readonly to: Place;
  readonly bytes: Uint8Array;
  /** `sent` as it left, `forged` if nobody sent it; then each arrival, or why there is none. */
  readonly fate: 'sent' | 'forged' | 'arrived' | Loss | 'nobody there';
}

/** Told of every packet, for captures and tests. The bytes are shared: copy what is kept and must not change. */
export type Observer = (sighting: Sighting) => void;

/** Takes a packet at its destination. */
export type Inlet = (bytes: Uint8Array, from: Place, now: number) => void;

/** How a network is made. */
export interface Making {
  readonly seed: number;
  /** Of all paths that `connect` has not set; left out, a perfect network. */
  readonly conditions?: Partial<Conditions>;
  readonly observer?: Observer;
  /** Whether the nth packet of a path meets the same fate whatever was sent before it, there and elsewhere. */
  readonly isFateByNumber?: boolean;
  /** Says of a packet that is about to leave whether it is lost, whatever the conditions. */
  readonly isDropped?: (from: Place, to: Place, bytes: Uint8Array) => boolean;
}

type Happening = (now: number) => void;

/**
 * A network of places on a clock of its own: hours pass in seconds, and the same seed makes the same things happen.
 * Nothing here waits; `run` jumps from event to event.
 */
export class Network {
  readonly #chanceOf: (key: string) => Chance;
  readonly #isDropped: Making['isDropped'];
  readonly #conditions: Conditions;
  readonly #observer: Observer | undefined;
  readonly #inlets = new Map<Place, Inlet>();
  readonly #paths = new Map<string, Path>();
  readonly #events = new EventQueue<Happening>();
  /** In milliseconds. */
  now = 0;

  constructor({ seed, conditions, observer, isFateByNumber, isDropped }: Making) {
    const shared = seeded(seed);
    this.#chanceOf = (key) => (isFateByNumber ? new PacketChance(hashOf(key, seed)) : shared);
    this.#isDropped = isDropped;
    this.#conditions = { ...PERFECT, ...conditions };
    this.#observer = observer;
  }

  /** Events that are still to happen. */
  get waiting(): number {
    return this.#events.size;
  }

  attach(place: Place, inlet: Inlet): void {
    this.#inlets.set(place, inlet);
  }

  /** Sets the conditions of one direction from now on. */
  connect(from: Place, to: Place, conditions: Partial<Conditions>): void {
    const path = this.#path(from, to);
    path.conditions = { ...this.#conditions, ...conditions };
  }

  /** Cuts two places off from each other for a time, in both directions. */
  partition(one: Place, other: Place, from: number, until: number): void {
    this.#path(one, other).partition(from, until);
    this.#path(other, one).partition(from, until);
  }

  /** Sends a packet now. */
  send(from: Place, to: Place, bytes: Uint8Array): void {
    const { now } = this;
    this.#observer?.({ time: now, from, to, bytes, fate: 'sent' });
    const isDropped = this.#isDropped?.(from, to, bytes) ?? false;
    const fate = this.#path(from, to).send(bytes, now);
    const arrivals = isDropped ? 'lost' : fate;
    if (typeof arrivals === 'string') {
      this.#observer?.({ time: now, from, to, bytes, fate: arrivals });
      return;
    }
    for (const arrival of arrivals) this.at(arrival.at, (time) => this.#arrive(from, to, arrival.bytes, time));
  }

  /** Lets a packet arrive now that came no path of this network: one whose sender's address is forged, say. */
  inject(from: Place, to: Place, bytes: Uint8Array): void {
    this.#observer?.({ time: this.now, from, to, bytes, fate: 'forged' });
    this.#arrive(from, to, bytes, this.now);
  }

  /** Makes something happen at a time; at once if that is over. */
  at(time: number, happening: Happening): void {
    this.#events.push(Math.max(time, this.now), happening);
  }

  /** Lets time pass until nothing is left to happen, or until `until`. Says whether nothing is left. */
  run(until = Number.POSITIVE_INFINITY): boolean {
    for (let next = this.#events.next; next !== undefined; next = this.#events.next) {
      if (next > until) {
        this.now = until;
        return false;
      }
      this.now = next;
      this.#events.pop()?.(next);
    }
    if (until !== Number.POSITIVE_INFINITY) this.now = until;
    return true;
  }

  #arrive(from: Place, to: Place, bytes: Uint8Array, now: number): void {
    const inlet = this.#inlets.get(to);
    this.#observer?.({ time: now, from, to, bytes, fate: inlet ? 'arrived' : 'nobody there' });
    inlet?.(bytes, from, now);
  }

  #path(from: Place, to: Place): Path {
    const key = `${from} ${to}`;
    const known = this.#paths.get(key);
    if (known) return known;
    const path = new Path(this.#chanceOf(key), this.#conditions);
    // Answers to forged addresses go nowhere, each its own way: to remember those would be a flood's success.
    if (this.#paths.size < MOST_PATHS) this.#paths.set(key, path);
    return path;
  }
}

/** Paths that are remembered. Beyond them, packets meet no queue and no partition. */
const MOST_PATHS = 65_536;
