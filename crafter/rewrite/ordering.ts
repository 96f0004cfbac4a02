import type { RewritePlan } from '../commands/rewrite-plan.js';
import type { Compile, SourcePacket } from './packet-rewriter.js';
import { type Time, TimeShift } from './packet-times.js';
import { picker } from './picking.js';

/** A packet on its way out. */
export interface Outgoing {
  readonly time: Time;
}

/**
 * Brings packets into their new order: some twice, some after the one that follows them. Places keep their times: the
 * packets that change them get those of each other.
 */
export class Ordering<P extends SourcePacket, O extends Outgoing> {
  readonly #times: TimeShift;
  readonly #twice: readonly ((packet: P) => boolean)[];
  readonly #later: readonly ((packet: P) => boolean)[];
  readonly #write: (out: O, time: Time) => Promise<void> | undefined;
  #held: O | undefined;

  constructor(
    plan: RewritePlan,
    seed: number,
    compile: Compile<P>,
    write: (out: O, time: Time) => Promise<void> | undefined,
  ) {
    this.#times = new TimeShift(plan.times);
    this.#twice = plan.duplicate.map((pick, place) => picker<P>(pick, seed + DUPLICATES + place, compile));
    this.#later = plan.reorder.map((pick, place) => picker<P>(pick, seed + REORDERS + place, compile));
    this.#write = write;
  }

  /** Takes the next packet, and what it has become. */
  async take(packet: P, out: O): Promise<void> {
    const isTwice = this.#twice.map((picks) => picks(packet)).includes(true);
    const isLater = this.#later.map((picks) => picks(packet)).includes(true);
    const held = this.#held;
    if (held === undefined && isLater) {
      this.#held = out;
      return;
    }
    this.#held = undefined;
    await this.#out(out, held?.time ?? out.time, isTwice);
    if (held) await this.#out(held, out.time, false);
  }

  /** Lets a packet go that waits for the one after it. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held) await this.#out(held, held.time, false);
  }

  async #out(out: O, time: Time, isTwice: boolean): Promise<void> {
    for (let copy = isTwice ? 2 : 1; copy > 0; copy--) {
      const waits = this.#write(out, this.#times.next(time));
      if (waits) await waits;
    }
  }
}

/** Added to the seed: each choice has a chance of its own. */
const DUPLICATES = 0x2000;
const REORDERS = 0x3000;
