import type { Piece } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import type { StreamPacket } from './answers.js';
import type { Finder } from './finder.js';
import { cutPieces } from './pieces.js';
import { sizeAt } from './plausible.js';
import { type Held, hold, packetOf, type Run, runOf } from './run.js';

/** What the next bytes of a stream have brought. */
export interface Cut {
  readonly packets: readonly StreamPacket[];
  /** Bytes passed over, one number a place where some were. */
  readonly garbage: readonly number[];
}

const NO_CUT: Cut = { packets: [], garbage: [] };

/**
 * Cuts channel packets out of one direction of a byte stream, in order, by their size field; finds the next one after
 * garbage. Holds at most what one packet may need. What it costs grows with the bytes of the stream, whatever they are.
 * Source: protocol page, section 2 "Packet".
 */
export class Cutter {
  /** Whether a channel packet has been found. */
  found = false;
  /** Whether the next byte is where a packet should start. */
  private inStep = true;
  /** Bytes passed over since the last packet. */
  private passed = 0;
  /** Bytes of the stream that belong to a packet already shown, cut short by the capture. */
  private skip = 0;
  private held: Held | undefined;
  /** How many bytes had been passed over when `mark` was called. */
  private passedBefore = 0;
  private leading: number | undefined;
  private readonly finder: Finder;
  /** What is being brought to light; undefined while that is nothing, as for most segments. */
  private growing: Growing | undefined;

  /** @param finder what the cutters of one direction share: together they may cost no more than one */
  constructor(finder: Finder) {
    this.finder = finder;
  }

  /** Bytes that wait for the rest of their packet. */
  get waiting(): number {
    return this.held?.length ?? 0;
  }

  /** Bytes from the start, or from where `mark` was called, up to the first packet; undefined until one is found. */
  get lead(): number | undefined {
    return this.leading;
  }

  /** Whether the next bytes belong to a packet that the capture cut short, and that has been shown. */
  get isInside(): boolean {
    return this.skip > 0;
  }

  /** Tells that `lead` counts from the next byte on. */
  mark(): void {
    this.leading = undefined;
    this.passedBefore = this.passed;
  }

  /** A cutter for other bytes of the same direction. */
  beside(): Cutter {
    return new Cutter(this.finder);
  }

  /** Whether so many bytes may be searched once more. */
  affords(bytes: number): boolean {
    return this.finder.affords(bytes);
  }

  /** A cutter that goes on where this one is, should the bytes come late that are missing next. */
  fork(): Cutter {
    const fork = this.beside();
    const { held } = this;
    fork.inStep = this.inStep;
    fork.found = this.found;
    fork.leading = this.leading;
    // What was passed over is told by this one.
    fork.passedBefore = this.passedBefore - this.passed;
    if (held) fork.held = { ...held, bytes: held.bytes.slice(0, held.length), pieces: [...held.pieces] };
    return fork;
  }

  /**
   * Whether bytes that are sent again differ from those of them that still wait for the rest of their packet.
   * @param behind how many bytes of the stream have come after them
   */
  contradicts(bytes: Uint8Array, behind: number): boolean {
    const { held } = this;
    if (!held) return false;
    const last = held.length - behind;
    const count = Math.min(bytes.length, last);
    for (let back = 1; back <= count; back++) {
      if (bytes[bytes.length - back] !== held.bytes[last - back]) return true;
    }
    return false;
  }

  /** Tells that bytes before the next are missing: what was waiting cannot be completed. */
  gap(length: number): Cut {
    if (this.skip >= length) {
      this.skip -= length;
      return NO_CUT;
    }
    this.skip = 0;
    const cut = this.finish();
    this.inStep = false;
    return cut;
  }

  /** Tells that no more bytes follow: packets that hid behind the start of one that never came are found now. */
  finish(): Cut {
    const { held } = this;
    this.held = undefined;
    if (!held) return NO_CUT;
    const run = runOf(held, held.length);
    let at = this.inStep ? Math.max(1, held.probed) : held.probed;
    this.passed += at;
    this.inStep = false;
    while (at < held.length) {
      const next = this.finder.search(run.view, at, held.length);
      this.passed += next.at - at;
      at = next.at;
      if (next.need > 0) {
        // Not complete either: the next one may be.
        this.passed++;
        at++;
        continue;
      }
      const size = sizeAt(run.view, at);
      this.show(run, at, at + size, size, true);
      at += size;
    }
    this.inStep = false;
    return this.takeCut();
  }

  /**
   * Takes the next bytes of the stream: `[at, limit.captured)` of a view; those up to `limit.wire` were not captured.
   * Packets that lie whole in them are told by their offset from `at`.
   */
  feed(pieces: readonly Piece[], view: DataView, at: number, limit: Limit): Cut {
    const skipped = Math.min(this.skip, limit.captured - at);
    this.skip -= skipped;
    const start = at + skipped;
    const length = limit.captured - start;
    this.finder.allow(length);
    const { held } = this;
    if (!held) {
      this.cut({ view, start, end: limit.captured, wire: limit.wire, pieces, from: at, held: undefined });
    } else {
      hold(held, slice(view, start, limit.captured), cutPieces(pieces, skipped, length));
      if (held.length >= held.need || limit.captured < limit.wire) {
        this.held = undefined;
        this.cut(runOf(held, held.length + limit.wire - limit.captured), held);
      }
    }
    const cut = this.takeCut();
    const missing = limit.wire - limit.captured;
    return missing > 0 ? joined(cut, this.gap(missing)) : cut;
  }

  private takeCut(): Cut {
    const { growing } = this;
    this.growing = undefined;
    return growing ?? NO_CUT;
  }

  /** @param before what is known of the bytes that waited */
  private cut(run: Run, before?: Held): void {
    const { view, end } = run;
    let at = run.start;
    let known = before;
    while (at < end) {
      if (!this.inStep) {
        const next = this.finder.search(view, at + (known?.probed ?? 0), end);
        known = undefined;
        this.passed += next.at - at;
        at = next.at;
        if (next.need > 0) return this.wait(run, at, next.need);
        this.inStep = true;
        continue;
      }
      const start = this.finder.startAt(view, at, end, run.wire, known);
      if (start.is === 'packet') {
        const stop = Math.min(at + start.size, end);
        this.show(run, at, stop, start.size, start.proven);
        this.skip = at + start.size - stop;
        at = stop;
      } else if (start.is === 'nothing') {
        this.inStep = false;
        this.passed++;
        at++;
      } else {
        if (!start.doubtful) return this.wait(run, at, start.need);
        // Others may lie where this one says that it goes on.
        const from = at + Math.max(1, known?.probed ?? 0);
        const next = this.finder.search(view, from, end);
        const need = Math.min(start.need, next.at + next.need - at);
        if (next.need > 0) return this.wait(run, at, need, next.at - at, start.need);
        this.passed += next.at - at;
        at = next.at;
      }
      known = undefined;
    }
  }

  /** Shows the packet `[at, end)` of a run, of `size` bytes when sent. */
  private show(run: Run, at: number, end: number, size: number, proven: boolean): void {
    this.growing ??= { packets: [], garbage: [] };
    const { packets, garbage } = this.growing;
    if (this.passed > 0 && this.found) garbage.push(this.passed);
    this.leading ??= this.passed - this.passedBefore;
    this.passed = 0;
    this.found = true;
    this.inStep = true;
    this.finder.learn(run.view, at, end);
    packets.push(packetOf(run, at, end, size, proven));
  }

  /** Keeps the bytes from `at` on until there are as many as may tell more. */
  private wait(run: Run, at: number, need: number, probed = 0, doubted = 0): void {
    if (at >= run.end) return;
    const state = { need, probed, doubted };
    // Bytes that wait already are not copied again: they may come one by one.
    if (run.held && at === 0) {
      this.held = Object.assign(run.held, state);
      return;
    }
    const bytes = slice(run.view, at, run.end).slice();
    const pieces = [...cutPieces(run.pieces, at - run.from, bytes.length)];
    this.held = { bytes, length: bytes.length, pieces, ...state };
  }
}

type Growing = { readonly packets: StreamPacket[]; readonly garbage: number[] };

/** What was brought to light first, and what after it. */
function joined(first: Cut, then: Cut): Cut {
  if (then === NO_CUT) return first;
  return { packets: [...first.packets, ...then.packets], garbage: [...first.garbage, ...then.garbage] };
}
