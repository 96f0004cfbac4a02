import type { Place } from '../link/network.js';

/** A packet that a party sends. */
export interface Outgoing {
  readonly to: Place;
  readonly bytes: Uint8Array;
  /** Messages in it. */
  readonly messages: number;
  /** Whether the first data of the application is in it. */
  readonly hasData?: boolean;
}

/** One end of a handshake, without a clock, a socket or chance of its own. Times in milliseconds. */
export interface Party {
  /** Takes a packet; what is sent because of it. */
  receive(bytes: Uint8Array, from: Place, now: number): readonly Outgoing[];
  /** When `tick` is to be called, if at all. */
  readonly wakeAt?: number | undefined;
  tick?(now: number): readonly Outgoing[];
}

/** The end that asks. */
export interface Asker extends Party {
  start(now: number): readonly Outgoing[];
}

/** The end that is asked. */
export interface Answerer extends Party {
  /** Handshakes that it remembers and that are not proven, and the bytes of what it must remember of each. */
  readonly held: { readonly entries: number; readonly entrySize: number };
  /** Begins by itself, where both ends may. */
  start?(now: number): readonly Outgoing[];
}

/** A handshake, as far as it is compared: the real sizes and fields that matter, zeros for the others. */
export interface Model {
  readonly name: string;
  /** What below a packet is counted besides its bytes: the header of UDP where the protocol runs over it. */
  readonly overhead: number;
  asker(to: Place, integer: (below: number) => number): Asker;
  answerer(integer: (below: number) => number): Answerer;
  /** The first message, from somebody who will never answer. */
  forged(integer: (below: number) => number): Uint8Array;
}

/** Entries that a table of unproven handshakes holds, in all models: that of the peers here. */
export const TABLE = 1024;
export const UDP_HEADER = 8;
/** The first data, as the applications of simulated peers send it. */
export const DATA_SIZE = 16;

/** A packet of a model: its kind, and what it says in words of 32 bits; the rest is zeros up to its real size. */
export function written(kind: number, size: number, ...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind;
  for (const [place, word] of words.entries()) view.setUint32(1 + 4 * place, word);
  return bytes;
}

/** A word of a packet. */
export const wordOf = (bytes: Uint8Array, place: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1 + 4 * place);

/** What a responder remembers of handshakes; what comes when it is full is refused. */
export class Table<T> {
  readonly #entries = new Map<Place, T>();
  readonly entrySize: number;

  /** @param entrySize bytes of what it must remember of each */
  constructor(entrySize: number) {
    this.entrySize = entrySize;
  }

  get entries(): number {
    return this.#entries.size;
  }

  get(from: Place): T | undefined {
    return this.#entries.get(from);
  }

  /** Says whether there was room. */
  set(from: Place, entry: T): boolean {
    if (this.#entries.size >= TABLE && !this.#entries.has(from)) return false;
    this.#entries.set(from, entry);
    return true;
  }

  delete(from: Place): void {
    this.#entries.delete(from);
  }
}

/** When a first message goes out again. Source: RFC 6298, section 2. */
const AGAIN = [1000, 3000, 7000];

/** An end that asks one thing after the other, and asks again while nothing comes. */
export abstract class Steps implements Asker {
  readonly #to: Place;
  #last: readonly Outgoing[] = [];
  #startedAt = 0;
  #times = 0;
  isDone = false;

  constructor(to: Place) {
    this.#to = to;
  }

  abstract first(): Uint8Array;
  /** The answer to a packet; undefined if it is not what was waited for. */
  abstract next(bytes: Uint8Array): readonly Omit<Outgoing, 'to'>[] | undefined;

  get wakeAt(): number | undefined {
    const wait = AGAIN[this.#times];
    return this.isDone || wait === undefined ? undefined : this.#startedAt + wait;
  }

  start(now: number): readonly Outgoing[] {
    this.#startedAt = now;
    this.#last = [{ to: this.#to, bytes: this.first(), messages: 1 }];
    return this.#last;
  }

  tick(): readonly Outgoing[] {
    this.#times += 1;
    return this.#last;
  }

  receive(bytes: Uint8Array): readonly Outgoing[] {
    const next = this.isDone ? undefined : this.next(bytes);
    if (!next) return [];
    this.#last = next.map((packet) => ({ ...packet, to: this.#to }));
    if (next.some(({ hasData }) => hasData)) this.isDone = true;
    return this.#last;
  }
}
