import { Network, type Place } from '../link/network.js';
import { seeded } from '../seeded.js';
import { FLOOD_MS } from '../simulation/plan.js';
import type { Answerer, Asker, Model, Outgoing, Party } from './model.js';

/** What a handshake costs until the first data is there, and what a flood does to it. */
export interface Measures {
  readonly name: string;
  /** Of both, up to and with the first data. */
  readonly messages: number;
  readonly packets: number;
  /** Above IP. */
  readonly bytes: number;
  /** Before the first data leaves. */
  readonly roundTrips: number;
  /** Unproven handshakes that the responder keeps under a flood at most, and bytes of what it must keep of them. */
  readonly entries: number;
  readonly state: number;
  /** Bytes that leave the responder for each byte of a flood. */
  readonly amplification: number;
  /** Whether an honest attempt in the middle of the flood comes through. */
  readonly isReached: boolean;
}

export const ASKER: Place = '10.0.0.1:4242';
const ANSWERER: Place = '10.0.0.2:4242';
/** One way, in milliseconds. */
export const DELAY_MS = 20;
/** How long an honest attempt may take before it counts as failed: ten seconds. */
const LONGEST = 10_000;

/** Plays a model twice, on a quiet network and under a flood of `flood` first messages within 0.2 s. */
export function measure(model: Model, flood: number, seed: number): Measures {
  const calm = new Contest(model, 0, seed);
  const busy = new Contest(model, flood, seed);
  calm.play();
  busy.play();
  return {
    name: model.name,
    messages: calm.messages,
    packets: calm.packets,
    bytes: calm.bytes,
    roundTrips: (calm.dataLeftAt ?? Number.NaN) / (2 * DELAY_MS),
    entries: busy.entries,
    state: busy.entries * busy.entrySize,
    amplification: busy.floodBytes === 0 ? 0 : busy.answerBytes / busy.floodBytes,
    isReached: busy.isReached,
  };
}

/** One handshake of a model, with or without a flood, and what is counted of it. */
class Contest {
  readonly #model: Model;
  readonly #flood: number;
  readonly #integer: (below: number) => number;
  readonly #network: Network;
  readonly #asker: Asker;
  readonly #answerer: Answerer;
  /** The packets with the first data. */
  readonly #data = new Set<Uint8Array>();
  /** When the honest one asks: in the middle of the flood. */
  readonly #opensAt: number;
  messages = 0;
  packets = 0;
  bytes = 0;
  /** Since the honest one asked. */
  dataLeftAt: number | undefined;
  isReached = false;
  entries = 0;
  floodBytes = 0;
  answerBytes = 0;

  constructor(model: Model, flood: number, seed: number) {
    this.#model = model;
    this.#flood = flood;
    this.#integer = seeded(seed).integer;
    this.#network = new Network({ seed, conditions: { delay: DELAY_MS } });
    this.#asker = model.asker(ANSWERER, this.#integer);
    this.#answerer = model.answerer(this.#integer);
    this.#opensAt = flood > 0 ? FLOOD_MS / 2 : 0;
  }

  get entrySize(): number {
    return this.#answerer.held.entrySize;
  }

  play(): void {
    const [network, asker, answerer] = [this.#network, this.#asker, this.#answerer];
    network.attach(ASKER, (bytes, from, now) => this.#act(ASKER, asker, asker.receive(bytes, from, now)));
    network.attach(ANSWERER, (bytes, from, now) => {
      if (this.#data.has(bytes)) this.isReached = true;
      this.#act(ANSWERER, answerer, answerer.receive(bytes, from, now));
      this.entries = Math.max(this.entries, answerer.held.entries);
    });
    network.at(this.#opensAt, (now) => {
      this.#act(ASKER, asker, asker.start(now));
      if (answerer.start) this.#act(ANSWERER, answerer, answerer.start(now));
    });
    for (let place = 0; place < this.#flood; place++) {
      network.at((place * FLOOD_MS) / this.#flood, () => this.#forge());
    }
    network.run(this.#opensAt + LONGEST);
  }

  #forge(): void {
    const integer = this.#integer;
    const bytes = this.#model.forged(integer);
    this.floodBytes += bytes.length;
    this.#network.inject(`198.18.${integer(256)}.${integer(256)}:${1024 + integer(60_000)}`, ANSWERER, bytes);
  }

  /** Sends what a party wants sent, and wakes it when it wants to be. */
  #act(place: Place, party: Party, all: readonly Outgoing[]): void {
    const network = this.#network;
    for (const packet of all) {
      if (packet.hasData) this.#data.add(packet.bytes);
      this.#count(place, packet);
      network.send(place, packet.to, packet.bytes);
    }
    const at = party.wakeAt;
    if (at === undefined) return;
    network.at(at, (now) => {
      if (party.wakeAt === at) this.#act(place, party, party.tick?.(now) ?? []);
    });
  }

  /** Counts what goes between the two until the first data leaves; what goes elsewhere answers the flood. */
  #count(from: Place, { to, bytes, messages, hasData }: Outgoing): void {
    if (to !== ASKER && from === ANSWERER) {
      this.answerBytes += bytes.length;
      return;
    }
    if (this.dataLeftAt !== undefined) return;
    this.messages += messages;
    this.packets += 1;
    this.bytes += bytes.length + this.#model.overhead;
    if (hasData) this.dataLeftAt = this.#network.now - this.#opensAt;
  }
}
