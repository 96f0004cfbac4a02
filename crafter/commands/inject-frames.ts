import type { Dissection } from '../../dissectors/dissect.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { ChannelRewriter } from '../channel-rewriter.js';
import { type AddressChange, rewriteFrame } from '../frame-rewriter.js';

/** One packet of a capture, dissected. Valid until the next is asked for. */
export interface CapturedFrame {
  readonly seconds: number;
  readonly nanos: number;
  /** Whether the capture gives it a time. */
  readonly isTimed: boolean;
  readonly captured: number;
  readonly wire: number;
  readonly linkType: number;
  readonly dissection: Dissection;
}

/** The packets of a capture: each call of a function gives one, in order, then undefined. */
export type CapturedFrames = AsyncIterable<() => CapturedFrame | undefined>;

/** What happened to the packets. */
export interface Counts {
  sent: number;
  bytes: number;
  /** Without a channel packet, or cut by the capture. */
  without: number;
  cut: number;
  /** Of another link type than the interface has. */
  misfit: number;
  /** Channel packets that could not be rewritten. */
  left: number;
}

/** What is sent of a captured packet. */
export type Shape = (frame: CapturedFrame, counts: Counts) => readonly Uint8Array[];

/** The channel packets that a frame has or completes. */
export const payloads =
  (channel: ChannelRewriter): Shape =>
  ({ dissection }, counts) => {
    const whole: Uint8Array[] = [];
    for (const packet of dissection.channels) {
      const { view, at, end, size } = packet;
      if (size !== undefined && at + size > end) {
        counts.cut += 1;
        continue;
      }
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at).slice();
      channel.rewrite(packet, viewOf(bytes), 0);
      whole.push(bytes);
    }
    if (dissection.channels.length === 0) counts.without += 1;
    return whole;
  };

/** The frame itself. */
export const frames =
  (channel: ChannelRewriter, addresses: readonly AddressChange[]): Shape =>
  ({ dissection, captured, wire }, counts) => {
    const view = dissection.sources[0]?.view;
    if (!view || captured < wire) {
      counts.cut += 1;
      return [];
    }
    const bytes = new Uint8Array(view.buffer, view.byteOffset + dissection.start, captured).slice();
    counts.left += rewriteFrame(viewOf(bytes), dissection, addresses, channel);
    return [bytes];
  };

/** What is ready to be sent, and when it was captured, in milliseconds, if the capture tells. */
export interface Ready {
  readonly time: number | undefined;
  readonly bytes: Uint8Array;
  readonly linkType: number;
}

const MS = 1000;
const NANOS = 1e6;
/** Packets kept for the next pass, as long as they are not too many: in bytes, with what each costs besides. */
const MOST_KEPT = 64 * 1024 * 1024;
const PER_PACKET = 256;

/** The packets of one pass, for those after it. */
export class Kept {
  #ready: Ready[] = [];
  #size = 0;
  #fits: boolean;
  /** Whether the capture was gone through to its end. */
  isWhole = false;

  constructor(isWanted: boolean) {
    this.#fits = isWanted;
  }

  add(one: Ready): void {
    if (!this.#fits || this.isWhole) return;
    this.#size += one.bytes.length + PER_PACKET;
    this.#ready.push(one);
    if (this.#size <= MOST_KEPT) return;
    this.#fits = false;
    this.#ready = [];
  }

  /** All packets, if they are known and not too many. */
  get all(): readonly (() => Ready | undefined)[] | undefined {
    if (!this.isWhole || !this.#fits) return undefined;
    let at = 0;
    return [() => this.#ready[at++]];
  }
}

/** What is sent of each frame, one after the other. */
export async function* shaped(
  captured: CapturedFrames,
  shape: Shape,
  counts: Counts,
  kept: Kept,
): AsyncGenerator<() => Ready | undefined, void, undefined> {
  for await (const next of captured) {
    let waiting: readonly Ready[] = [];
    let at = 0;
    yield () => {
      while (at === waiting.length) {
        const frame = next();
        if (!frame) return undefined;
        const { linkType } = frame;
        const time = frame.isTimed ? frame.seconds * MS + frame.nanos / NANOS : undefined;
        waiting = shape(frame, counts).map((bytes) => ({ time, bytes, linkType }));
        at = 0;
      }
      const one = waiting[at++];
      if (one) kept.add(one);
      return one;
    };
  }
}
