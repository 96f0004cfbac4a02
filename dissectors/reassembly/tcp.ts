import type { Dialect } from '../channel/dialects.js';
import type { Remark, Streamed, StreamPacket } from '../dissect.js';
import type { Piece, Segment } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import { cutPieces } from './pieces.js';
import { ahead, Waiting, type WaitingSegment } from './segments.js';
import { type Cut, Cutter } from './stream.js';

/** What is kept of streams. */
export interface StreamBounds {
  /** Conversations that are followed at once; the one that was quiet longest goes first. */
  readonly conversations: number;
  /** Bytes that wait in all of them, for others before them or for the rest of their packets. */
  readonly bytes: number;
}

export const STREAM_BOUNDS: StreamBounds = { conversations: 16_384, bytes: 64 * 1024 * 1024 };

/** Whether a later packet at hand brings the byte `sequence` of the direction `key`. */
export type Lookahead = (key: string, sequence: number) => boolean;

/** Gaps of one direction that are remembered, to know what was late from what was sent again. */
const GAPS = 16;

interface Direction {
  /** The number before the first byte, that of SYN: from it relative ones count. */
  base: number | undefined;
  /** The next byte expected; undefined before the first segment. */
  next: number | undefined;
  cutter: Cutter;
  /** Segments beyond a gap. */
  readonly waiting: Waiting;
  /** The next byte that the other side expects: what it has, no gap will bring any more. */
  acknowledged: number | undefined;
  /** Where bytes never came, as pairs of the first and the one after the last. */
  readonly gaps: (readonly [number, number])[];
}

interface Conversation {
  readonly number: number;
  /** Of its first packet. */
  readonly key: string;
  readonly directions: Map<string, Direction>;
  closed: boolean;
}

/** What a segment brings to light, while it is worked out. */
interface Found {
  readonly packets: StreamPacket[];
  readonly remarks: Remark[];
}

/**
 * TCP conversations, one byte stream a direction, put in order: out of order, overlapping, repeated and lost segments.
 * A gap is held open while it may still be filled; it is given up when the receiver acknowledges beyond it, when too
 * much waits behind it, or when no later packet at hand fills it. Bounded.
 */
export class TcpStreams {
  lookahead: Lookahead | undefined;
  /** Conversations given up to stay within bounds. */
  forgotten = 0;
  /** The one that was quiet longest first. */
  private readonly conversations = new Map<string, Conversation>();
  private latest: Conversation | undefined;
  private count = 0;
  private bytes = 0;
  private readonly dialect: Dialect | undefined;
  private readonly bounds: StreamBounds;

  constructor(dialect?: Dialect, bounds: StreamBounds = STREAM_BOUNDS) {
    this.dialect = dialect;
    this.bounds = bounds;
  }

  /** Adds the segment whose payload is `[at, limit.captured)` of a view. */
  add(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, segment: Segment): Streamed {
    const { sequence, acknowledgement, acknowledges, syn, fin, reset } = segment;
    const conversation = this.conversationOf(segment);
    const own = this.direction(conversation, segment.key);
    const other = this.direction(conversation, segment.reverse);
    const before = bytesOf(own);
    const base = (sequence - 1) >>> 0;
    own.base ??= base;
    if (acknowledges) other.base ??= (acknowledgement - 1) >>> 0;
    if (syn && (own.base !== base || conversation.closed)) {
      this.restart(own, base);
      conversation.closed = false;
    }
    if (acknowledges && !(ahead(other.acknowledged ?? acknowledgement, acknowledgement) < 0)) {
      other.acknowledged = acknowledgement;
    }
    const facts = {
      number: conversation.number,
      sequence: ((syn ? base : sequence) - own.base) >>> 0,
      acknowledgement: (acknowledgement - (other.base ?? 0)) >>> 0,
    };
    const found: Found = { packets: [], remarks: [] };
    if (limit.wire > at) this.take(own, segment, { sequence, view, at, limit, pieces }, found);
    if (fin || reset) {
      conversation.closed = true;
      const end = (sequence + limit.wire - at) >>> 0;
      if ((own.next ?? end) === end) merge(own.cutter.finish(), found);
    }
    this.bytes += bytesOf(own) - before;
    this.shrink(conversation);
    return { facts, ...found };
  }

  private conversationOf(segment: Segment): Conversation {
    const known = this.conversations.get(segment.key) ?? this.conversations.get(segment.reverse);
    if (!known || opensAnother(known, segment)) return this.open(segment.key, known);
    if (known !== this.latest) {
      this.conversations.delete(known.key);
      this.conversations.set(known.key, known);
      this.latest = known;
    }
    return known;
  }

  private open(key: string, before: Conversation | undefined): Conversation {
    if (before) this.forget(before);
    const opened: Conversation = { number: this.count++, key, directions: new Map(), closed: false };
    this.conversations.set(key, opened);
    this.latest = opened;
    return opened;
  }

  private forget(conversation: Conversation): void {
    this.conversations.delete(conversation.key);
    for (const direction of conversation.directions.values()) this.bytes -= bytesOf(direction);
  }

  /** Forgets what was quiet longest while there is too much, but not the one that is being followed. */
  private shrink(current: Conversation): void {
    while (this.conversations.size > this.bounds.conversations || this.bytes > this.bounds.bytes) {
      const oldest = this.conversations.values().next().value;
      if (!oldest || oldest === current) return;
      this.forget(oldest);
      this.forgotten++;
    }
  }

  private direction({ directions }: Conversation, key: string): Direction {
    const known = directions.get(key);
    if (known) return known;
    const fresh: Direction = {
      base: undefined,
      next: undefined,
      cutter: new Cutter(this.dialect),
      waiting: new Waiting(),
      acknowledged: undefined,
      gaps: [],
    };
    directions.set(key, fresh);
    return fresh;
  }

  /** A direction that starts anew with another SYN. */
  private restart(own: Direction, base: number): void {
    own.base = base;
    own.next = undefined;
    own.cutter = new Cutter(this.dialect);
    own.waiting.clear();
    own.acknowledged = undefined;
    own.gaps.length = 0;
  }

  /** Takes a segment that has bytes. */
  private take(own: Direction, { key }: Segment, coming: Coming, found: Found): void {
    const { sequence, view, at, limit, pieces } = coming;
    own.next ??= sequence;
    const length = limit.wire - at;
    const offset = ahead(own.next, sequence);
    judgeOrder(own, coming, offset, found);
    if (offset + length <= 0) return;
    if (offset <= 0) {
      accept(own, coming, -offset, found);
      drain(own, found);
      return;
    }
    if (!own.waiting.add(sequence, slice(view, at, limit.captured), length, pieces)) {
      found.remarks.push({ code: 'tcp-retransmission', given: [] });
      return;
    }
    const passed = own.acknowledged !== undefined && ahead(own.next, own.acknowledged) > 0;
    if (passed || own.waiting.isFull || this.lookahead?.(key, own.next) === false) giveUp(own, found);
  }
}

interface Coming {
  readonly sequence: number;
  readonly view: DataView;
  readonly at: number;
  readonly limit: Limit;
  readonly pieces: readonly Piece[];
}

/** Whether a SYN opens another conversation between the same ports: with another number, as Wireshark sees it. */
function opensAnother({ directions }: Conversation, { key, sequence, syn, acknowledges }: Segment): boolean {
  if (!syn || acknowledges) return false;
  const base = directions.get(key)?.base;
  return base !== undefined && base !== (sequence - 1) >>> 0;
}

const bytesOf = ({ waiting, cutter }: Direction): number => waiting.bytes + cutter.waiting;

/** Tells of a segment that is late, sent again, or differs from what came before it. */
function judgeOrder(own: Direction, { sequence, view, at, limit }: Coming, offset: number, found: Found): void {
  const end = sequence + limit.wire - at;
  const isLate = own.gaps.some(([from, to]) => ahead(from, end) > 0 && ahead(sequence, to) > 0);
  if (isLate || (offset + limit.wire - at > 0 && own.waiting.isBehind(sequence))) {
    found.remarks.push({ code: 'tcp-out-of-order', given: [] });
  } else if (offset < 0) {
    found.remarks.push({ code: 'tcp-retransmission', given: [] });
  }
  const bytes = slice(view, at, limit.captured);
  const known = Math.min(bytes.length, Math.max(0, -offset));
  const differs = known > 0 && own.cutter.contradicts(bytes.subarray(0, known), -offset - known);
  if (differs || own.waiting.conflicts(sequence, bytes)) {
    found.remarks.push({ code: 'tcp-overlap-conflict', given: [] });
  }
}

/** Feeds a segment whose first bytes, so many, were fed before. */
function accept(own: Direction, { sequence, view, at, limit, pieces }: Coming, known: number, found: Found): void {
  own.next = (sequence + limit.wire - at) >>> 0;
  const start = Math.min(at + known, limit.captured);
  const skipped = start - at;
  // Bytes that came before are not missing again where the capture cut this segment short of them.
  const missing = limit.wire - Math.max(limit.captured, at + known);
  const reach = { captured: limit.captured, wire: limit.captured + missing };
  const cut = own.cutter.feed(cutPieces(pieces, skipped, limit.captured - start), view, start, reach);
  for (const packet of cut.packets) {
    found.packets.push(packet.source ? packet : { ...packet, at: packet.at + skipped });
  }
  noteGarbage(cut, found);
}

/** Goes on behind the gap before the first segment that waits. */
function giveUp(own: Direction, found: Found): void {
  const { first } = own.waiting;
  if (!first || own.next === undefined) return;
  const length = ahead(own.next, first.sequence);
  found.remarks.push({ code: 'tcp-lost-segment', given: [length] });
  own.gaps.push([own.next, first.sequence]);
  if (own.gaps.length > GAPS) own.gaps.shift();
  merge(own.cutter.gap(length), found);
  own.next = first.sequence;
  drain(own, found);
}

/** Feeds the segments that are next in order now. */
function drain(own: Direction, found: Found): void {
  while (own.next !== undefined) {
    const segment = own.waiting.take(own.next);
    if (!segment) return;
    const offset = ahead(own.next, segment.sequence);
    if (offset + segment.wire <= 0) continue;
    own.next = (segment.sequence + segment.wire) >>> 0;
    merge(feedWaiting(own.cutter, segment, -offset), found);
  }
}

/** Feeds bytes of an earlier packet: what is found in them lies in a source of its own. */
function feedWaiting(cutter: Cutter, { bytes, wire, pieces }: WaitingSegment, known: number): Cut {
  const start = Math.min(bytes.length, known);
  const missing = wire - Math.max(bytes.length, known);
  const length = bytes.length - start;
  const own = cutPieces(pieces, start, length);
  const cut = cutter.feed(own, viewOf(bytes), start, { captured: bytes.length, wire: bytes.length + missing });
  const packets = cut.packets.map((packet): StreamPacket => {
    if (packet.source) return packet;
    const { at, captured } = packet;
    const view = viewOf(bytes.subarray(start + at, start + at + captured));
    return { ...packet, source: { name: 'Earlier segment', view, pieces: cutPieces(own, at, captured) }, at: 0 };
  });
  return { packets, garbage: cut.garbage };
}

function merge(cut: Cut, found: Found): void {
  for (const packet of cut.packets) found.packets.push(packet);
  noteGarbage(cut, found);
}

function noteGarbage({ garbage }: Cut, found: Found): void {
  for (const passed of garbage) found.remarks.push({ code: 'stream-garbage', given: [passed] });
}
