import { setTimeout as delay } from 'node:timers/promises';
import { monotonic } from '../../crafter/io/clock.js';
import { after } from '../../crafter/io/timers.js';
import { BlockCutter, type Blocks, isPacket, only } from './block-cutter.js';
import type { ByteSource } from './byte-source.js';
import { Drain } from './drain.js';
import type { EngineCapture, EngineCounts } from './engine.js';
import { JUST_MS } from './ring-clock.js';

/** When a capture is to end; dumpcap's conditions. */
export interface Autostop {
  /** In seconds. */
  readonly duration?: number;
  readonly packets?: number;
  /** Of the stream, in bytes: it ends after the packet that reaches it. */
  readonly bytes?: number;
}

/** What was captured so far. What the engine cannot tell, or tells only at its end, is left out. */
export interface LiveCounts extends EngineCounts {
  /** Packets that have come. */
  readonly packets: number;
  /** Bytes of the stream that has come. */
  readonly bytes: number;
}

const CHUNK = 256 * 1024;
/** What ended has this long to say why, in milliseconds. */
const LAST_WORDS_MS = 2000;

/** A running capture: whole blocks of a pcapng stream, until it is stopped, is full, or breaks off. */
export class LiveCapture implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  readonly #engine: EngineCapture;
  readonly #limits: Autostop;
  readonly #cutter = new BlockCutter(CHUNK);
  /** Calls the end off that its duration would bring. */
  readonly #endless: () => void;
  /** When it is to end, on the clock that never goes back. */
  readonly #endsAt: number;
  #rest: Uint8Array = new Uint8Array(0);
  #packets = 0;
  #bytes = 0;
  #isFull = false;
  /** All that there is has come. */
  #isOver = false;
  readonly #drain: Drain;

  constructor(engine: EngineCapture, limits: Autostop = {}) {
    this.#engine = engine;
    this.#limits = limits;
    this.#drain = new Drain(engine.lag, engine.isTimed, () => engine.stop());
    const { duration } = limits;
    this.#endsAt = monotonic() + (duration ?? Number.POSITIVE_INFINITY) * 1000;
    this.#endless = duration === undefined ? () => {} : after(duration * 1000, () => this.stop());
    void engine.ended.then(() => {
      this.#endless();
      this.#drain.cancel();
    });
  }

  /** What captures, by name. */
  get engine(): EngineCapture['engine'] {
    return this.#engine.engine;
  }

  get timeStamps(): string {
    return this.#engine.timeStamps;
  }

  /** Why it ended on its own account; undefined where it was asked to, or was full. Comes after the last byte. */
  get ended(): Promise<string | undefined> {
    return this.#engine.ended;
  }

  counts(): LiveCounts {
    return { ...this.#engine.counts(), packets: this.#packets, bytes: this.#bytes };
  }

  /** Asks for the end. What was captured before still comes. */
  stop(): void {
    this.#drain.begin(Date.now());
  }

  /** Asks for the end, and wants no packet any more. */
  finish(): void {
    this.#isFull = true;
    this.#engine.stop();
  }

  /** Whether it was asked to end, has all it wants, or comes to its time just now. */
  get isEnding(): boolean {
    return this.#isFull || this.#drain.hasBegun || monotonic() >= this.#endsAt - JUST_MS;
  }

  /** The next blocks, valid until the next call; undefined at the end. Not to be mixed with `read`. */
  async next(): Promise<Blocks | undefined> {
    for (;;) {
      this.#drain.waits();
      const count = await this.#engine.bytes.read(this.#cutter.room());
      this.#drain.came();
      if (count === 0) {
        this.#isOver = true;
        this.#endless();
        return undefined;
      }
      const cut = this.#cutter.took(count);
      this.#drain.took(cut);
      const blocks = this.#limited(cut);
      if (blocks.types.length > 0) return blocks;
    }
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#rest.length === 0) this.#rest = (await this.next())?.bytes ?? this.#rest;
    const taken = this.#rest.subarray(0, into.length);
    into.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  async close(): Promise<void> {
    this.#endless();
    // What ended on its own account is to say why before it is asked to end.
    if (this.#isOver) await Promise.race([this.ended, delay(LAST_WORDS_MS)]);
    this.#drain.cancel();
    this.#engine.stop();
    await this.#engine.bytes.close();
    await this.#engine.ended;
  }

  /** Counts the blocks. Of those after the last packet that is wanted only what is no packet is left: counts. */
  #limited(blocks: Blocks): Blocks {
    const { types, ends } = blocks;
    let full = this.#isFull ? 0 : types.length;
    for (let block = 0; block < types.length && !this.#isFull; block++) {
      if (!isPacket(types[block])) continue;
      this.#packets += 1;
      if (!this.#reaches(this.#bytes + (ends[block] ?? 0))) continue;
      full = block + 1;
      this.finish();
    }
    const kept = this.#isFull ? only(blocks, (type, block) => block < full || !isPacket(type)) : blocks;
    this.#bytes += kept.bytes.length;
    return kept;
  }

  #reaches(bytes: number): boolean {
    const { packets = Number.POSITIVE_INFINITY, bytes: most = Number.POSITIVE_INFINITY } = this.#limits;
    return this.#packets >= packets || bytes >= most;
  }
}
