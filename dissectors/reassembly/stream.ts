import type { Dialect } from '../channel/dialects.js';
import { dialectOf } from '../channel/dialects.js';
import { provenSize } from '../channel/dissect.js';
import { ENVELOPE } from '../channel/packet.js';
import type { StreamPacket } from '../dissect.js';
import type { Piece } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { cutPieces } from './pieces.js';
import { isPlausible, SIZED, sizeAt } from './plausible.js';
import { FIRST_BYTES, ID_SIZE, IDS, matches } from './protocol-ids.js';
import { type Held, hold, packetOf, type Run, runOf } from './run.js';

/** Checksum work that a stream may cost in search of packets: this many bytes for each of its own, and some to start. */
const WORK_PER_BYTE = 16;
const FIRST_WORK = 1 << 20;

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
  /** Bytes of checksums that may still be computed while searching. */
  private work = FIRST_WORK;
  /** The id of packets that a forced dialect has found: theirs is a version of its own. */
  private ownId: number | undefined;

  private readonly dialect: Dialect | undefined;

  constructor(dialect?: Dialect) {
    this.dialect = dialect;
  }

  /** Bytes that wait for the rest of their packet. */
  get waiting(): number {
    return this.held?.length ?? 0;
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
    const found: Found = { packets: [], garbage: [] };
    const run = runOf(held, held.length);
    let at = this.inStep ? Math.max(1, held.probed) : held.probed;
    this.passed += at;
    this.inStep = false;
    while (at < held.length) {
      const next = this.search(run.view, at, held.length);
      this.passed += next.at - at;
      at = next.at;
      if (next.need > 0) {
        // Not complete either: the next one may be.
        this.passed++;
        at++;
        continue;
      }
      const size = sizeAt(run.view, at);
      this.show(run, at, at + size, size, found);
      at += size;
    }
    this.inStep = false;
    return found;
  }

  /**
   * Takes the next bytes of the stream: `[at, limit.captured)` of a view; those up to `limit.wire` were not captured.
   * Packets that lie whole in them are told by their offset from `at`.
   */
  feed(pieces: readonly Piece[], view: DataView, at: number, limit: Limit): Cut {
    const found: Found = { packets: [], garbage: [] };
    const skipped = Math.min(this.skip, limit.captured - at);
    this.skip -= skipped;
    const start = at + skipped;
    const length = limit.captured - start;
    this.work += WORK_PER_BYTE * length;
    const { held } = this;
    if (!held) {
      this.cut({ view, start, end: limit.captured, wire: limit.wire, pieces, from: at, held: undefined }, found);
    } else {
      hold(held, slice(view, start, limit.captured), cutPieces(pieces, skipped, length));
      if (held.length >= held.need || limit.captured < limit.wire) {
        this.held = undefined;
        this.cut(runOf(held, held.length + limit.wire - limit.captured), found, held);
      }
    }
    const missing = limit.wire - limit.captured;
    if (missing > 0) merge(this.gap(missing), found);
    return found;
  }

  /** @param before what is known of the bytes that waited */
  private cut(run: Run, found: Found, before?: Held): void {
    const { view, end } = run;
    let at = run.start;
    let known = before;
    while (at < end) {
      if (!this.inStep) {
        const next = this.search(view, at + (known?.probed ?? 0), end);
        known = undefined;
        this.passed += next.at - at;
        at = next.at;
        if (next.need > 0) return this.wait(run, at, next.need);
        this.inStep = true;
        continue;
      }
      const start = this.startAt(view, at, end, run.wire, known);
      if (start.is === 'packet') {
        const stop = Math.min(at + start.size, end);
        this.show(run, at, stop, start.size, found);
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
        const next = this.search(view, from, end);
        const need = Math.min(start.need, next.at + next.need - at);
        if (next.need > 0) return this.wait(run, at, need, next.at - at, start.need);
        this.passed += next.at - at;
        at = next.at;
      }
      known = undefined;
    }
  }

  /** The dialect whose id stands at `at`, if one does. */
  private namedAt(view: DataView, at: number): Dialect | undefined {
    const id = view.getUint32(at);
    return dialectOf(id) ?? (id === this.ownId ? this.dialect : undefined);
  }

  /** Whether fewer than four bytes up to `end` are the start of a protocol id. */
  private startsLikeAnId(view: DataView, at: number, end: number): boolean {
    return matches(IDS, view, at, end) || (this.ownId !== undefined && matches([this.ownId], view, at, end));
  }

  /** What starts at `at`, where a packet should. */
  private startAt(view: DataView, at: number, end: number, wire: number, known: Held | undefined): Start {
    const length = end - at;
    // Nothing that has come since says more about what did not look like a packet.
    if (known?.doubted && length < known.doubted && wire === end) {
      return { is: 'incomplete', need: known.doubted, doubtful: true };
    }
    if (length < SIZED) {
      const may = length >= ID_SIZE ? this.namedAt(view, at) : this.startsLikeAnId(view, at, end);
      return may || this.dialect ? { is: 'incomplete', need: SIZED, doubtful: false } : NO_START;
    }
    const named = this.namedAt(view, at);
    const dialect = named ?? this.dialect;
    const size = sizeAt(view, at);
    if (!dialect || size < ENVELOPE) return NO_START;
    if (size <= length) return this.wholeAt(view, at, end, dialect, named !== undefined);
    const plausible = isPlausible(view, at, end, dialect);
    if (!named && !plausible) return NO_START;
    // The capture kept only its start, but the packet was sent: show what there is.
    if (at + size <= wire) return { is: 'packet', size };
    if (!plausible) return { is: 'incomplete', need: size, doubtful: true };
    // More of it may show that it is none: it is looked at again, each time with twice as many bytes.
    return { is: 'incomplete', need: Math.min(size, 2 * length), doubtful: false };
  }

  /** What a whole packet at `at` is. A bad checksum is a broken packet where the next one follows, else chance. */
  private wholeAt(view: DataView, at: number, end: number, dialect: Dialect, named: boolean): Start {
    const size = sizeAt(view, at);
    if (provenSize(view, at, end, dialect) > 0) return { is: 'packet', size };
    if (!named) return NO_START;
    const next = at + size;
    if (end - next >= ID_SIZE) return this.namedAt(view, next) ? { is: 'packet', size } : NO_START;
    if (isPlausible(view, at, end, dialect)) return { is: 'packet', size };
    return { is: 'incomplete', need: size + ID_SIZE, doubtful: true };
  }

  /**
   * The next place from `at` on where a packet is proven by its checksum (`need` is 0), or may still prove to be one:
   * that takes `need` bytes from there on.
   */
  private search(view: DataView, at: number, end: number): { readonly at: number; readonly need: number } {
    for (let place = at; place < end; place++) {
      if (end - place < ID_SIZE) {
        if (this.startsLikeAnId(view, place, end)) return { at: place, need: SIZED };
        continue;
      }
      if (!FIRST_BYTES[view.getUint8(place)] && !this.dialect) continue;
      const named = this.namedAt(view, place);
      const dialect = named ?? this.dialect;
      if (!dialect) continue;
      if (end - place < SIZED) {
        if (named) return { at: place, need: SIZED };
        continue;
      }
      const size = sizeAt(view, place);
      if (size < ENVELOPE || size > this.work || (!named && !isPlausible(view, place, end, dialect))) continue;
      if (place + size <= end) {
        this.work -= size;
        if (provenSize(view, place, end, dialect) > 0) return { at: place, need: 0 };
      } else if (named && isPlausible(view, place, end, dialect)) {
        return { at: place, need: Math.min(size, 2 * (end - place)) };
      }
    }
    return { at: Math.max(at, end), need: SIZED };
  }

  /** Shows the packet `[at, end)` of a run, of `size` bytes when sent. */
  private show(run: Run, at: number, end: number, size: number, found: Found): void {
    if (this.passed > 0 && this.found) found.garbage.push(this.passed);
    this.passed = 0;
    this.found = true;
    this.inStep = true;
    if (this.dialect && end - at >= ID_SIZE) this.ownId = run.view.getUint32(at);
    found.packets.push(packetOf(run, at, end, size));
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

type Found = { readonly packets: StreamPacket[]; readonly garbage: number[] };

function merge(cut: Cut, into: Found): void {
  into.packets.push(...cut.packets);
  into.garbage.push(...cut.garbage);
}

/** What the bytes are where a packet should start. */
type Start =
  | { readonly is: 'packet'; readonly size: number }
  | { readonly is: 'nothing' }
  /** More bytes will tell; `doubtful` where those that are here do not look like a packet. */
  | { readonly is: 'incomplete'; readonly need: number; readonly doubtful: boolean };

const NO_START: Start = { is: 'nothing' };
