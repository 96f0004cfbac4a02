import { setTimeout as delay } from 'node:timers/promises';
import type { ForgedEnd, MacPair } from '../frames/forged-end.js';
import { type Asker, answer, question } from '../frames/neighbours.js';
import type { Part } from '../part.js';
import { isOwnAddress, macOfInterface } from './own-network.js';
import { RawPortError } from './raw-port.js';

/** How often the other end is asked for its Ethernet address, and how long it has each time, in milliseconds. */
const ASKS = 3;
const PATIENCE_MS = 500;

/** The Ethernet addresses around a forged end: finds that of the other end, and answers for the forged address. */
export class Neighbourhood {
  readonly #end: ForgedEnd;
  readonly #name: string;
  readonly #send: (frame: Part) => void;
  /** The system answers for an address of its own. */
  readonly #answers: boolean;
  #src: Uint8Array | undefined;
  #dst: Uint8Array | undefined;
  #found = (): void => {};

  /** @param name of the interface */
  constructor(end: ForgedEnd, name: string, send: (frame: Part) => void) {
    this.#end = end;
    this.#name = name;
    this.#send = send;
    this.#answers = !isOwnAddress(end.local.host);
    if (!end.macs) return;
    const own = macOfInterface(name);
    this.#src = end.macs.src ?? own;
    // A loopback has no neighbours: all its addresses are zero.
    this.#dst = end.macs.dst ?? (own?.every((byte) => byte === 0) ? own : undefined);
  }

  /** Between which addresses frames go; undefined where the link has none, or they are not known yet. */
  get macs(): MacPair | undefined {
    return this.#src && this.#dst && { src: this.#src, dst: this.#dst };
  }

  /** Finds what is not known yet. @throws {RawPortError} if nobody tells */
  async find(signal: AbortSignal): Promise<void> {
    const { macs, remote } = this.#end;
    if (!macs) return;
    const src = this.#src;
    if (!src) throw new RawPortError(`${this.#name}: has no Ethernet address; give one: --layer eth:src=…`);
    for (let ask = 0; ask < ASKS && !this.#dst && !signal.aborted; ask++) {
      const told = new Promise<void>((resolve) => {
        this.#found = resolve;
      });
      const patience = new AbortController();
      const ended = AbortSignal.any([signal, patience.signal]);
      this.#send(question(this.#end, src));
      await Promise.race([told, delay(PATIENCE_MS, undefined, { signal: ended }).catch(() => {})]);
      patience.abort();
    }
    if (this.#dst || signal.aborted) return;
    const hint = 'give its Ethernet address, or that of the router: --layer eth:dst=…';
    throw new RawPortError(`${this.#name}: nobody there has the address ${remote.host}; ${hint}`);
  }

  /** The other end has told its address. */
  told(mac: Uint8Array): void {
    this.#dst ??= mac;
    this.#found();
  }

  /** Somebody wants to know who has the forged address. */
  asked(asker: Asker): void {
    if (this.#answers && this.#src) this.#send(answer(this.#end, this.#src, asker));
  }
}
