import type { Dialect } from '../channel/dialects.js';
import { DIALECTS, dialectOf } from '../channel/dialects.js';
import { provenSize } from '../channel/dissect.js';
import { ENVELOPE } from '../channel/packet.js';
import type { StreamPacket } from '../dissect.js';
import type { Piece, Source } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import { cutPieces } from './pieces.js';
import { isPlausible, SIZED, sizeAt } from './plausible.js';

/** Checksum work that a stream may cost in search of packets: this many bytes for each of its own, and some to start. */
const WORK_PER_BYTE = 16;
const FIRST_WORK = 1 << 20;

/** What the next bytes of a stream have brought. */
export interface Cut {
  readonly packets: readonly StreamPacket[];
  /** Bytes passed over, one number a place where some were. */
  readonly garbage: readonly number[];
}

export const NO_CUT: Cut = { packets: [], garbage: [] };

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
      this.cut({ view, start, end: limit.captured, wire: limit.wire, pieces, from: at, held: false }, found);
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

  /** What starts at `at`, where a packet should. */
  private startAt(view: DataView, at: number, end: number, wire: number, known: Held | undefined): Start {
    const length = end - at;
    // Nothing that has come since says more about what did not look like a packet.
    if (known?.doubted && length < known.doubted && wire === end) {
      return { is: 'incomplete', need: known.doubted, doubtful: true };
    }
    if (length < SIZED) {
      const may = this.dialect || (length >= 4 ? dialectOf(view.getUint32(at)) : startsLikeAnId(view, at, end));
      return may ? { is: 'incomplete', need: SIZED, doubtful: false } : NO_START;
    }
    const dialect = dialectOf(view.getUint32(at)) ?? this.dialect;
    const size = sizeAt(view, at);
    if (!dialect || size < ENVELOPE) return NO_START;
    const named = dialectOf(view.getUint32(at)) !== undefined;
    if (size <= length) return this.isPacket(view, at, end, dialect, named) ? { is: 'packet', size } : NO_START;
    const plausible = isPlausible(view, at, end, dialect);
    if (!named && !plausible) return NO_START;
    // The capture kept only its start, but the packet was sent: show what there is.
    if (at + size <= wire) return { is: 'packet', size };
    return { is: 'incomplete', need: size, doubtful: !plausible };
  }

  /** Whether the complete packet at `at` is one. A bad checksum is a broken packet where the next one follows, else chance. */
  private isPacket(view: DataView, at: number, end: number, dialect: Dialect, named: boolean): boolean {
    if (provenSize(view, at, end, dialect) > 0) return true;
    const next = at + sizeAt(view, at);
    return named && (end - next < 4 || dialectOf(view.getUint32(next)) !== undefined);
  }

  /**
   * The next place from `at` on where a packet is proven by its checksum (`need` is 0), or may still prove to be one:
   * that takes `need` bytes from there on.
   */
  private search(view: DataView, at: number, end: number): { readonly at: number; readonly need: number } {
    for (let place = at; place < end; place++) {
      if (end - place < 4) {
        if (startsLikeAnId(view, place, end)) return { at: place, need: SIZED };
        continue;
      }
      if (!FIRST_BYTES[view.getUint8(place)] && !this.dialect) continue;
      const named = dialectOf(view.getUint32(place));
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
      } else if (isPlausible(view, place, end, dialect)) {
        return { at: place, need: size };
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
    found.packets.push(packetOf(run, at, end, size));
  }

  /** Keeps the bytes from `at` on until there are as many as may tell more. */
  private wait(run: Run, at: number, need: number, probed = 0, doubted = 0): void {
    if (at >= run.end) return;
    const bytes = slice(run.view, at, run.end).slice();
    const pieces = [...cutPieces(run.pieces, at - run.from, bytes.length)];
    this.held = { bytes, length: bytes.length, pieces, need, probed, doubted };
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

/** The bytes that are being cut: those of a segment, or those that waited and then those of a segment. */
interface Run {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  /** How far the bytes went when they were sent. */
  readonly wire: number;
  readonly pieces: readonly Piece[];
  /** Where the first of the pieces starts. */
  readonly from: number;
  /** Whether the bytes waited: what is found in them lies in no packet of the capture alone. */
  readonly held: boolean;
}

/** Bytes of a stream that wait for the rest of their packet, with where they came from. */
interface Held {
  /** Only the first `length` count: it grows by doubling, for a packet in many small segments. */
  bytes: Uint8Array;
  length: number;
  readonly pieces: Piece[];
  /** As many bytes as may tell more. */
  readonly need: number;
  /** How far they were searched for other packets. */
  readonly probed: number;
  /** The bytes that their first packet claims, where it does not look like one; else 0. */
  readonly doubted: number;
}

function hold(held: Held, bytes: Uint8Array, pieces: readonly Piece[]): void {
  const length = held.length + bytes.length;
  if (length > held.bytes.length) {
    const grown = new Uint8Array(Math.max(length, 2 * held.bytes.length));
    grown.set(held.bytes.subarray(0, held.length));
    held.bytes = grown;
  }
  held.bytes.set(bytes, held.length);
  held.length = length;
  held.pieces.push(...pieces);
}

const runOf = ({ bytes, length, pieces }: Held, wire: number): Run => ({
  view: viewOf(bytes),
  start: 0,
  end: length,
  wire,
  pieces,
  from: 0,
  held: true,
});

function packetOf(run: Run, at: number, end: number, size: number): StreamPacket {
  if (!run.held) return { at: at - run.from, captured: end - at, wire: size };
  const bytes = slice(run.view, at, end).slice();
  const pieces = cutPieces(run.pieces, at, end - at);
  const source: Source = { name: 'Reassembled packet', view: viewOf(bytes), pieces };
  return { source, at: 0, captured: bytes.length, wire: size };
}

const IDS = DIALECTS.map(({ protocolId }) => protocolId);

/** The first bytes of all protocol ids, for a quick search. */
const FIRST_BYTES: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => IDS.some((id) => id >>> 24 === byte));

/** Whether fewer than four bytes up to `end` are the start of a protocol id. */
function startsLikeAnId(view: DataView, at: number, end: number): boolean {
  return IDS.some((id) => {
    for (let place = at; place < end; place++) {
      if (view.getUint8(place) !== ((id >>> (24 - 8 * (place - at))) & 0xff)) return false;
    }
    return true;
  });
}
