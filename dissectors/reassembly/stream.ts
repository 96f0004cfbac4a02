import type { Dialect } from '../channel/dialects.js';
import { DIALECTS, dialectOf } from '../channel/dialects.js';
import { provenSize } from '../channel/dissect.js';
import { ENVELOPE } from '../channel/packet.js';
import type { StreamPacket } from '../dissect.js';
import type { Piece, Source } from '../layer.js';
import { type Finding, finding } from '../wire/finding.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';

/** Where the packet size stands in a packet, and the bytes one must have to read it. */
const SIZE_AT = 42;
const SIZED = 44;

/** Checksum work that a stream may cost in search of packets: this many bytes for each of its own, and some to start. */
const WORK_PER_BYTE = 16;
const FIRST_WORK = 1 << 20;

/** Bytes of a stream that wait for the rest of their packet, with where they came from. */
interface Carried {
  /** Copies, joined only when there are enough: a packet in many small segments must not cost its square. */
  readonly chunks: Uint8Array[];
  readonly pieces: Piece[];
  length: number;
  /** The bytes it takes to know more. */
  readonly need: number;
}

/** What the next bytes of a stream have brought. */
export interface Cut {
  readonly packets: readonly StreamPacket[];
  readonly findings: readonly Finding[];
}

/**
 * Cuts channel packets out of one direction of a byte stream, in order, by their size field; finds the next one after
 * garbage. Holds at most one packet that is not yet complete.
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
  private carried: Carried | undefined;
  /** Bytes of checksums that may still be computed while searching. */
  private work = FIRST_WORK;

  private readonly dialect: Dialect | undefined;

  constructor(dialect?: Dialect) {
    this.dialect = dialect;
  }

  /** Tells that bytes before the next are missing: what was waiting cannot be completed. */
  gap(length: number): void {
    if (this.skip >= length) {
      this.skip -= length;
      return;
    }
    this.skip = 0;
    this.passed += this.carried?.length ?? 0;
    this.carried = undefined;
    this.inStep = false;
  }

  /** Takes the next bytes of the stream: `[at, limit.captured)` of a view; those up to `limit.wire` were not captured. */
  feed(piece: Piece, view: DataView, at: number, limit: Limit): Cut {
    const packets: StreamPacket[] = [];
    const findings: Finding[] = [];
    const skipped = Math.min(this.skip, limit.captured - at);
    this.skip -= skipped;
    const start = at + skipped;
    const from = { ...piece, at: piece.at + skipped, length: limit.captured - start };
    this.work += WORK_PER_BYTE * from.length;
    const carried = this.carried;
    if (!carried) {
      this.cut({ view, start, limit, from, carried: undefined }, packets, findings);
    } else {
      carried.chunks.push(slice(view, start, limit.captured).slice());
      carried.pieces.push(from);
      carried.length += from.length;
      if (carried.length >= carried.need || limit.captured < limit.wire) {
        this.carried = undefined;
        const joined = join(carried);
        const wire = carried.length + limit.wire - limit.captured;
        const run = { view: viewOf(joined), start: 0, limit: { captured: carried.length, wire }, from, carried };
        this.cut(run, packets, findings);
      }
    }
    const missing = limit.wire - limit.captured;
    if (missing > 0) this.gap(missing);
    return { packets, findings };
  }

  private cut(run: Run, packets: StreamPacket[], findings: Finding[]): void {
    const { view, limit } = run;
    let at = run.start;
    while (at < limit.captured) {
      const size = this.inStep ? this.sizeInStep(view, at, limit) : 0;
      if (size > 0 && at + size <= limit.captured) {
        packets.push(shown(run, at, at + size));
        this.note(run, at, findings);
        at += size;
        continue;
      }
      if (size > 0 && at + size <= limit.wire) {
        // The capture kept only its start, but the packet was sent: show what there is.
        packets.push(shown(run, at, limit.captured, size));
        this.note(run, at, findings);
        this.skip = size - (limit.captured - at);
        return;
      }
      if (size > 0) return this.carry(run, at, size);
      if (this.inStep && this.mayStart(view, at, limit.captured)) return this.carry(run, at, SIZED);
      const next = this.search(view, this.inStep ? at + 1 : at, limit.captured);
      this.inStep = false;
      this.passed += next.at - at;
      at = next.at;
      if (next.need > 0) return at < limit.captured ? this.carry(run, at, next.need) : undefined;
      this.inStep = true;
    }
  }

  /** Whether the bytes at `at` may become a packet: too few to tell, but none that contradicts. */
  private mayStart(view: DataView, at: number, end: number): boolean {
    if (end - at >= SIZED) return false;
    return end - at >= 4 ? this.known(view, at) !== undefined : startsLikeAnId(view, at, end);
  }

  private known(view: DataView, at: number): Dialect | undefined {
    return dialectOf(view.getUint32(at)) ?? this.dialect;
  }

  /** The size of the packet that should start at `at`, or 0 where none does. It may reach beyond the bytes here. */
  private sizeInStep(view: DataView, at: number, limit: Limit): number {
    if (at + SIZED > limit.captured) return 0;
    const dialect = dialectOf(view.getUint32(at));
    const size = view.getUint16(at + SIZE_AT);
    if (size < ENVELOPE) return 0;
    if (!dialect) return this.dialect ? provenSize(view, at, limit.captured, this.dialect) : 0;
    const end = at + size;
    // A bad checksum is a broken packet where the next one follows in its place, else a chance hit.
    if (end > limit.captured || provenSize(view, at, limit.captured, dialect) > 0) return size;
    const followed = limit.captured - end < 4 || dialectOf(view.getUint32(end)) !== undefined;
    return followed ? size : 0;
  }

  /** The next place from `at` on where a packet is proven by its checksum, or may still prove to be one. */
  private search(view: DataView, at: number, end: number): { readonly at: number; readonly need: number } {
    for (let place = at; place < end; place++) {
      if (end - place < 4) {
        if (startsLikeAnId(view, place, end)) return { at: place, need: SIZED };
        continue;
      }
      if (!FIRST_BYTES[view.getUint8(place)] && !this.dialect) continue;
      const dialect = this.known(view, place);
      if (!dialect) continue;
      if (end - place < SIZED) {
        if (dialectOf(view.getUint32(place))) return { at: place, need: SIZED };
        continue;
      }
      const size = view.getUint16(place + SIZE_AT);
      if (size < ENVELOPE || size > this.work) continue;
      // With a forced dialect any bytes could be a start: only whole packets count then.
      if (place + size > end) {
        if (dialectOf(view.getUint32(place))) return { at: place, need: size };
        continue;
      }
      this.work -= size;
      if (provenSize(view, place, end, dialect) > 0) return { at: place, need: 0 };
    }
    return { at: end, need: SIZED };
  }

  private note(run: Run, at: number, findings: Finding[]): void {
    if (this.passed > 0 && this.found) {
      const place = Math.max(run.start, Math.min(at, run.limit.captured));
      findings.push(finding('stream-garbage', run.carried ? 0 : place, run.carried ? 0 : place, [this.passed]));
    }
    this.passed = 0;
    this.found = true;
    this.inStep = true;
  }

  private carry(run: Run, at: number, need: number): void {
    const bytes = slice(run.view, at, run.limit.captured).slice();
    const pieces = [...piecesOf(run, at, at + bytes.length)];
    this.carried = { chunks: [bytes], pieces, length: bytes.length, need };
  }
}

/** The bytes that are being cut: those of a segment, or those that waited and then those of a segment. */
interface Run {
  readonly view: DataView;
  readonly start: number;
  readonly limit: Limit;
  readonly from: Piece;
  readonly carried: Carried | undefined;
}

function join({ chunks, length }: Carried): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** The packet `[at, end)` of a run; of `size` bytes when sent. */
function shown(run: Run, at: number, end: number, size = end - at): StreamPacket {
  if (!run.carried) return { at, limit: { captured: end, wire: at + size } };
  const bytes = slice(run.view, at, end).slice();
  const source: Source = { name: 'Reassembled packet', view: viewOf(bytes), pieces: piecesOf(run, at, end) };
  return { source, at: 0, limit: { captured: bytes.length, wire: size } };
}

/** Where the bytes `[start, end)` of a run came from. */
function piecesOf({ carried, from, start: first }: Run, start: number, end: number): readonly Piece[] {
  if (!carried) return [{ packet: from.packet, at: from.at + start - first, length: end - start }];
  const pieces: Piece[] = [];
  let offset = 0;
  for (const piece of carried.pieces) {
    const low = Math.max(start, offset);
    const high = Math.min(end, offset + piece.length);
    if (low < high) pieces.push({ packet: piece.packet, at: piece.at + low - offset, length: high - low });
    offset += piece.length;
  }
  return pieces;
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
