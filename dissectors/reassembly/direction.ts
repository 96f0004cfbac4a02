import type { Dialect } from '../channel/dialects.js';
import type { Segment } from '../layer.js';
import { slice } from '../wire/view.js';
import { Finder } from './finder.js';
import type { PduCutter } from './pdus.js';
import { ahead, Waiting } from './segments.js';
import { Cutter } from './stream.js';
import {
  type Coming,
  extend,
  extendBy,
  type Found,
  join,
  lateBytesOf,
  merge,
  type Stretch,
  stretchAt,
} from './stretch.js';

/** Stretches of one direction that are remembered, to know what came late from what was sent again. */
const MOST_STRETCHES = 17;
/** Bytes that came since a gap: after so many nothing will fill it. */
const LATEST = 1 << 20;
/** How far the first bytes seen may lie behind the SYN that comes after them. */
const LATE_SYN = 1 << 20;

/** The largest window: bytes farther behind than this are of another stream. Source: RFC 7323, section 2.3. */
const FARTHEST = 1 << 30;

/** Whether a later packet at hand brings the byte `sequence` of the direction `key`. */
export type Lookahead = (key: string, sequence: number) => boolean;

/** One direction of a conversation: its bytes put in order, and cut into channel packets. */
export class Direction {
  /** As many of `lateBytes` as were counted last, for those that have them all. */
  notedLate = 0;
  /** The number before the first byte, that of SYN: from it relative ones count. */
  base: number | undefined;
  /** What SYN says of `base`, not the first packet seen. */
  private begun = false;
  /** The next byte that the other side expects. */
  private acknowledged: number | undefined;
  /** The number after the last byte, once FIN or RST tells. */
  private end: number | undefined;
  /** All bytes before this one came, or will not; undefined where nobody knows with which the direction starts. */
  private floor: number | undefined;
  /** In order; only behind the last one bytes are put in order before they are searched. */
  private readonly stretches: Stretch[] = [];
  /** Segments beyond the last stretch. */
  private readonly waiting = new Waiting();
  private readonly dialect: Dialect | undefined;
  /** What cuts the direction into PDUs. */
  readonly pdus: PduCutter;

  constructor(dialect: Dialect | undefined, pdus: PduCutter) {
    this.dialect = dialect;
    this.pdus = pdus;
  }

  /** Bytes that wait for others, without those of `lateBytes`. */
  get bytes(): number {
    return this.waiting.bytes + (this.stretches.at(-1)?.cutter.waiting ?? 0) + this.pdus.waiting;
  }

  /** Bytes that are kept in case others come late. */
  get lateBytes(): number {
    const { stretches } = this;
    const last = stretches.length - 1;
    let sum = 0;
    for (let place = 0; place <= last; place++) sum += lateBytesOf(stretches[place] as Stretch, place === last);
    return sum;
  }

  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  /** Whether a SYN with this number belongs to what was seen, be it late or again. */
  mayBegin(base: number): boolean {
    if (this.base === undefined || this.base === base) return true;
    const [first] = this.stretches;
    if (this.begun || !first) return false;
    const lateness = ahead(base, first.from);
    return lateness > 0 && lateness <= LATE_SYN;
  }

  /** Takes the SYN with this number. */
  begin(base: number): void {
    if (this.begun) return;
    this.begun = true;
    this.base = base;
    const first = (base + 1) >>> 0;
    const [before] = this.stretches;
    this.floor = first;
    if (!before) this.stretches.push(this.firstStretch(first));
    if (!before || before.from === first) this.stretches[0]?.head.drop();
  }

  /** Forgets all that was seen: the direction starts anew. */
  restart(): void {
    this.base = undefined;
    this.clear();
  }

  /** The same, but for the number that relative ones count from. */
  private clear(): void {
    this.begun = false;
    this.acknowledged = undefined;
    this.end = undefined;
    this.floor = undefined;
    this.stretches.length = 0;
    this.waiting.clear();
    this.pdus.restart();
  }

  /** Takes what the other side says it expects next: what it has, no gap will bring any more. */
  acknowledge(number: number): void {
    if (ahead(this.acknowledged ?? number, number) >= 0) this.acknowledged = number;
  }

  /** Takes a segment that has bytes. */
  take(coming: Coming, segment: Segment, lookahead: Lookahead | undefined, found: Found): void {
    const { sequence, view, at, limit, pieces } = coming;
    const length = limit.wire - at;
    const last = this.lastFor(sequence, length);
    const offset = ahead(last.next, sequence);
    const missing = offset < 0 ? this.missingIn(sequence, length) : NONE;
    // A sender that asks whether the other side is there repeats one byte, which may be any.
    const { key, syn, fin, reset } = segment;
    const asks = length === 1 && offset === -1 && !(syn || fin || reset);
    if (!asks) this.judge(coming, offset, missing.length > 0, found);
    for (const [from, to] of missing) this.fill(coming, from, to, found);
    if (offset <= 0) {
      this.goOn(coming, offset, found);
      return;
    }
    if (!this.waiting.add(sequence, slice(view, at, limit.captured), length, pieces)) {
      found.remarks.push({ code: 'tcp-retransmission', given: [] });
      return;
    }
    this.pdus.delay();
    const passed = this.acknowledged !== undefined && ahead(last.next, this.acknowledged) > 0;
    const willCome = lookahead?.(key, last.next);
    if (this.waiting.isFull || willCome === false || (passed && !willCome)) this.giveUp(found);
  }

  /** Takes an end of the direction: its number is that after the last byte. Of several the one counts that is reached. */
  finish(end: number): void {
    if (this.stretches.at(-1)?.next !== this.end || this.end === undefined) this.end = end;
  }

  /** Brings to light what waited, where the direction has ended and nothing is missing before its end. */
  settle(found: Found): void {
    const last = this.stretches.at(-1);
    if (last && last.next === this.end) merge(last.cutter.finish(), found);
  }

  /** Keeps nothing any more in case bytes come late. */
  forgetLate(): void {
    const last = this.stretches.pop();
    if (!last) return;
    this.stretches.length = 0;
    this.stretches.push(last);
    this.floor = last.from;
    last.head.drop();
  }

  /** The last stretch, when a segment comes; one that starts there, if there is none. */
  private lastFor(sequence: number, length: number): Stretch {
    const { stretches } = this;
    const before = stretches.at(-1);
    // Another stream between the same ports, whose SYN is not in the capture.
    if (before && ahead(before.next, sequence) < -FARTHEST) this.clear();
    const last = stretches.at(-1);
    if (!last) {
      const first = this.firstStretch(sequence);
      stretches.push(first);
      return first;
    }
    // Whoever makes packets by hand may forget that SYN takes a number.
    if (stretches.length === 1 && last.from === last.next && length > 1 && ahead(sequence, last.from) > 0) {
      this.floor = sequence;
      last.from = sequence;
      last.next = sequence;
    }
    return last;
  }

  private firstStretch(sequence: number): Stretch {
    return stretchAt(sequence, new Cutter(new Finder(this.dialect)), this.pdus);
  }

  /** Adds what follows the last stretch in order: a segment from its offset on, and those that wait for it. */
  private goOn(coming: Coming, offset: number, found: Found): void {
    const last = this.stretches.at(-1);
    const length = coming.limit.wire - coming.at;
    if (!last || offset + length <= 0) return;
    extend(last, coming, -offset, length, found);
    this.drain(last, found);
    if (last.from !== this.floor && ahead(last.from, last.next) > LATEST) this.forgetLate();
  }

  /** Adds the segments that are next in order now. */
  private drain(last: Stretch, found: Found): void {
    for (let segment = this.waiting.take(last.next); segment; segment = this.waiting.take(last.next)) {
      const offset = ahead(last.next, segment.sequence);
      if (offset + segment.wire > 0) extendBy(last, segment, -offset, found);
    }
  }

  /** Goes on behind the gap before the first segment that waits. */
  private giveUp(found: Found): void {
    const last = this.stretches.at(-1);
    const { first } = this.waiting;
    if (!first || !last) return;
    const length = ahead(last.next, first.sequence);
    found.remarks.push({ code: 'tcp-lost-segment', given: [length] });
    const { cutter } = last;
    const before = cutter.fork();
    const cut = cutter.gap(length);
    // Where others hid behind it, what waited was no packet.
    last.cutter = cut.packets.length > 0 ? cutter.beside() : before;
    merge(cut, found);
    cutter.mark();
    const { pdus } = last;
    const next = stretchAt(first.sequence, cutter, pdus);
    last.pdus = undefined;
    pdus?.gap(length);
    if (cutter.isInside) next.head.drop();
    this.stretches.push(next);
    this.limitStretches();
    this.drain(next, found);
  }

  /** The parts of a segment, in numbers from its first byte, that lie before the last stretch's end and never came. */
  private missingIn(sequence: number, length: number): readonly Part[] {
    const parts: Part[] = [];
    let from = this.floor === undefined ? 0 : Math.max(0, ahead(sequence, this.floor));
    for (const stretch of this.stretches) {
      const to = Math.min(length, ahead(sequence, stretch.from));
      if (from < to) parts.push([from, to]);
      from = Math.max(from, ahead(sequence, stretch.next));
    }
    return parts.length > 0 ? parts : NONE;
  }

  /** Adds a part of a segment that came late: it lies before a stretch, and may follow another. */
  private fill(coming: Coming, from: number, to: number, found: Found): void {
    const { stretches } = this;
    const first = (coming.sequence + from) >>> 0;
    const place = stretches.findIndex((stretch) => ahead(first, stretch.from) > 0);
    const after = stretches[place] as Stretch;
    const before = stretches[place - 1];
    const goesOn = before?.next === first;
    const own = before && goesOn ? before : stretchAt(first, after.cutter.beside());
    if (first === this.floor) own.head.drop();
    extend(own, coming, from, to, found);
    const start = goesOn ? place - 1 : place;
    if (own.next === after.from) stretches.splice(start, goesOn ? 2 : 1, join(own, after, found));
    else if (!goesOn) stretches.splice(place, 0, own);
    this.limitStretches();
  }

  private limitStretches(): void {
    const { stretches } = this;
    while (stretches.length > MOST_STRETCHES) this.floor = stretches.shift()?.next;
  }

  /** Tells of a segment that is late, sent again, or differs from what came before it. */
  private judge({ sequence, view, at, limit }: Coming, offset: number, isLate: boolean, found: Found): void {
    const { waiting } = this;
    if (isLate || (offset + limit.wire - at > 0 && waiting.isBehind(sequence))) {
      found.remarks.push({ code: 'tcp-out-of-order', given: [] });
    } else if (offset < 0) {
      found.remarks.push({ code: 'tcp-retransmission', given: [] });
    }
    // Nothing came before that these bytes could differ from.
    if (offset >= 0 && !waiting.first) return;
    const bytes = slice(view, at, limit.captured);
    const known = Math.min(bytes.length, Math.max(0, -offset));
    const last = this.stretches.at(-1);
    const differs = known > 0 && last?.cutter.contradicts(bytes.subarray(0, known), -offset - known);
    if (differs || waiting.conflicts(sequence, bytes)) {
      found.remarks.push({ code: 'tcp-overlap-conflict', given: [] });
    }
  }
}

/** A part of a segment: from its first byte to the one after its last. */
type Part = readonly [from: number, to: number];
const NONE: readonly Part[] = [];
