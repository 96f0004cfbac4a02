import type { Dialect } from '../channel/dialects.js';
import { dialectOf } from '../channel/dialects.js';
import { provenSize } from '../channel/dissect.js';
import { ENVELOPE } from '../channel/packet.js';
import { isPlausible, SIZED, sizeAt } from './plausible.js';
import { ID_SIZE, IDS, matches, nextPlace } from './protocol-ids.js';
import type { Held } from './run.js';

/** Checksum work that a stream may cost in search of packets: this many bytes for each of its own, and some to start. */
const WORK_PER_BYTE = 16;
const FIRST_WORK = 1 << 20;

/** What the bytes are where a packet should start. */
export type Start =
  /** `proven` where its checksum is good. */
  | { readonly is: 'packet'; readonly size: number; readonly proven: boolean }
  | { readonly is: 'nothing' }
  /** More bytes will tell; `doubtful` where those that are here do not look like a packet. */
  | { readonly is: 'incomplete'; readonly need: number; readonly doubtful: boolean };

const NO_START: Start = { is: 'nothing' };

/** Where a search has ended. */
interface SearchEnd {
  at: number;
  need: number;
}

/** Finds where packets start in the bytes of one direction of a stream. What that costs grows with the bytes alone. */
export class Finder {
  /** Bytes of checksums that may still be computed while searching. */
  private work = FIRST_WORK;
  /** The id of packets that a forced dialect has found: theirs is a version of its own. */
  private ownId: number | undefined;
  private readonly dialect: Dialect | undefined;
  private readonly ended: SearchEnd = { at: 0, need: 0 };

  constructor(dialect?: Dialect) {
    this.dialect = dialect;
  }

  /** Allows the work for so many more bytes of the stream. */
  allow(bytes: number): void {
    this.work += WORK_PER_BYTE * bytes;
  }

  /** Whether so many bytes may be searched once more. */
  affords(bytes: number): boolean {
    if (bytes > this.work) return false;
    this.work -= bytes;
    return true;
  }

  /** Notes the id of the packet `[at, end)`. */
  learn(view: DataView, at: number, end: number): void {
    if (this.dialect && end - at >= ID_SIZE) this.ownId = view.getUint32(at);
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
  startAt(view: DataView, at: number, end: number, wire: number, known: Held | undefined): Start {
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
    if (at + size <= wire) return { is: 'packet', size, proven: false };
    if (!plausible) return { is: 'incomplete', need: size, doubtful: true };
    // More of it may show that it is none: it is looked at again, each time with twice as many bytes.
    return { is: 'incomplete', need: Math.min(size, 2 * length), doubtful: false };
  }

  /** What a whole packet at `at` is. A bad checksum is a broken packet where the next one follows, else chance. */
  private wholeAt(view: DataView, at: number, end: number, dialect: Dialect, named: boolean): Start {
    const size = sizeAt(view, at);
    if (provenSize(view, at, end, dialect) > 0) return { is: 'packet', size, proven: true };
    if (!named) return NO_START;
    const next = at + size;
    if (end - next >= ID_SIZE) return this.namedAt(view, next) ? { is: 'packet', size, proven: false } : NO_START;
    if (isPlausible(view, at, end, dialect)) return { is: 'packet', size, proven: false };
    return { is: 'incomplete', need: size + ID_SIZE, doubtful: true };
  }

  /**
   * The next place from `at` on where a packet is proven by its checksum (`need` is 0), or may still prove to be one:
   * that takes `need` bytes from there on. What is returned is valid until the next search: one for each segment of
   * every stream would be garbage.
   */
  search(view: DataView, at: number, end: number): Readonly<SearchEnd> {
    for (let place = at; place < end; place++) {
      // A forced dialect may have an id of its own, which is not known yet.
      if (!this.dialect) place = nextPlace(view, place, end);
      if (end - place < ID_SIZE) {
        if (this.startsLikeAnId(view, place, end)) return this.endAt(place, SIZED);
        continue;
      }
      const named = this.namedAt(view, place);
      const dialect = named ?? this.dialect;
      if (!dialect) continue;
      if (end - place < SIZED) {
        if (named) return this.endAt(place, SIZED);
        continue;
      }
      const size = sizeAt(view, place);
      if (size < ENVELOPE || size > this.work || (!named && !isPlausible(view, place, end, dialect))) continue;
      if (place + size <= end) {
        this.work -= size;
        if (provenSize(view, place, end, dialect) > 0) return this.endAt(place, 0);
      } else if (named && isPlausible(view, place, end, dialect)) {
        return this.endAt(place, Math.min(size, 2 * (end - place)));
      }
    }
    return this.endAt(Math.max(at, end), SIZED);
  }

  private endAt(at: number, need: number): SearchEnd {
    this.ended.at = at;
    this.ended.need = need;
    return this.ended;
  }
}
