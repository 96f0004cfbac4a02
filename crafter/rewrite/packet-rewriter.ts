import type { Dissection } from '../../dissectors/dissect.js';
import type { Chop, RewritePlan } from '../commands/rewrite-plan.js';
import { type Seeded, seeded } from '../seeded.js';
import { changedFrame, type FrameMisses } from './frame-change.js';
import { type Frame, relinked } from './link-change.js';
import { picker } from './picking.js';

/** A packet of a capture, dissected. */
export interface SourcePacket extends Frame {
  readonly number: number;
  readonly dissection: Dissection;
}

/** What was left out, and what could not be done. */
export interface RewriteCounts extends FrameMisses {
  /** Packets without the header that was to be changed: they are left out if they are to have another link type. */
  links: number;
  /** Packets that were the same as one before. */
  repeated: number;
}

/** Compiles a display filter. */
export type Compile<P> = (filter: string) => (packet: P) => boolean;

/** Rewrites the packets of a capture, one after the other. */
export class PacketRewriter<P extends SourcePacket> {
  readonly counts: RewriteCounts = { channels: 0, values: 0, links: 0, repeated: 0 };
  readonly #plan: RewritePlan;
  readonly #keeps: (packet: P) => boolean;
  readonly #drops: readonly ((packet: P) => boolean)[];
  readonly #changes: (packet: P) => boolean;
  readonly #random: Seeded;
  readonly #window: Uint8Array[] = [];

  constructor(
    plan: RewritePlan,
    seed: number,
    keeps: (packet: P) => boolean,
    changes: (packet: P) => boolean,
    compile: Compile<P>,
  ) {
    this.#plan = plan;
    this.#changes = changes;
    const only = plan.only && picker<P>(plan.only, seed, compile);
    this.#keeps = only ? (packet) => only(packet) && keeps(packet) : keeps;
    this.#drops = plan.drop.map((pick, place) => picker<P>(pick, seed + place, compile));
    this.#random = seeded(seed + ERRORS);
  }

  /** Whether a packet is in the new capture. To be asked of each packet, in their order. */
  keeps(packet: P): boolean {
    // Each decides on every packet, so that chance does not depend on what others say.
    const dropped = this.#drops.map((drops) => drops(packet)).includes(true);
    if (!this.#keeps(packet) || dropped) return false;
    return !this.#isRepeated(packet.bytes);
  }

  /** The packet as it is to be; undefined where it has no place in the new capture. */
  rewrite(packet: P): Frame | undefined {
    const { plan, counts } = { plan: this.#plan, counts: this.counts };
    if (!this.#changes(packet)) return plan.links.linkType === undefined ? packet : this.#relinked(packet, packet);
    const bytes = changedFrame(packet.bytes, packet.dissection, plan.frames, counts);
    const linked = this.#relinked({ ...packet, bytes }, packet);
    if (!linked) return undefined;
    const chopped = plan.chop ? chop(linked, plan.chop) : linked;
    const kept = plan.snaplen === undefined ? chopped.bytes : chopped.bytes.subarray(0, plan.snaplen);
    return { ...chopped, bytes: plan.error > 0 ? this.#damaged(kept, plan.error) : kept };
  }

  #relinked(frame: Frame, { dissection }: P): Frame | undefined {
    const { links } = this.#plan;
    const linked = relinked(frame, dissection, links);
    if (linked) return linked;
    this.counts.links++;
    return links.linkType === undefined ? frame : undefined;
  }

  #isRepeated(bytes: Uint8Array): boolean {
    const { window } = this.#plan;
    if (window === 0) return false;
    const isRepeated = this.#window.some((before) => Buffer.compare(before, bytes) === 0);
    this.#window.push(bytes.slice());
    if (this.#window.length > window) this.#window.shift();
    if (isRepeated) this.counts.repeated++;
    return isRepeated;
  }

  #damaged(bytes: Uint8Array, probability: number): Uint8Array {
    return bytes.map((byte) => (this.#random.chance(probability) ? byte ^ (1 + this.#random.integer(255)) : byte));
  }
}

/** Added to the seed, for what has nothing to do with which packets are chosen. */
const ERRORS = 0x1000;

function chop({ bytes, wire, linkType }: Frame, { offset, count, adjustsLength }: Chop): Frame {
  const length = bytes.length;
  const from = count >= 0 ? Math.min(offset, length) : Math.max(0, length - offset + count);
  const to = count >= 0 ? Math.min(length, from + count) : Math.max(from, length - offset);
  const kept = new Uint8Array(length - (to - from));
  kept.set(bytes.subarray(0, from));
  kept.set(bytes.subarray(to), from);
  return { bytes: kept, wire: adjustsLength ? wire - (to - from) : wire, linkType };
}
