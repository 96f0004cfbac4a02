import type { Dialect } from '../channel/dialects.js';
import type { Streamed, StreamPacket } from '../dissect.js';
import type { Piece, Segment } from '../layer.js';
import { type Finding, finding } from '../wire/finding.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import { Cutter } from './stream.js';

/** Conversations that are followed at once; the one that was quiet longest goes first. */
const CONVERSATIONS = 16_384;
/** What one direction may hold behind a gap: more than this, and the gap will not be filled. */
const HELD_SEGMENTS = 256;
const HELD_BYTES = 1 << 20;

/** Whether a later packet at hand brings the byte `sequence` of the direction `key`. */
export type Lookahead = (key: string, sequence: number) => boolean;

interface HeldSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Bytes of the segment on the wire; more than `bytes` where the capture cut it. */
  readonly wire: number;
  readonly piece: Piece;
}

interface Direction {
  /** The first sequence number seen, from which relative ones count. */
  base: number | undefined;
  /** The next byte expected; undefined before the first segment. */
  next: number | undefined;
  readonly cutter: Cutter;
  /** Segments beyond a gap, in the order of their sequence numbers. */
  readonly held: HeldSegment[];
  heldBytes: number;
  /** The next byte that the other side expects: what it has, no gap will bring any more. */
  acknowledged: number | undefined;
}

interface Conversation {
  readonly number: number;
  readonly directions: Map<string, Direction>;
  closed: boolean;
}

/** How far `to` is ahead of `from`, 32-bit serial numbers. Source: RFC 9293, section 3.4. */
const ahead = (from: number, to: number): number => (to - from) | 0;

/**
 * TCP conversations, one byte stream a direction, put in order: out of order, overlapping, repeated and lost segments.
 * A gap is held open while it may still be filled; it is given up when the receiver acknowledges beyond it, when too
 * much waits behind it, or when no later packet at hand fills it. Bounded.
 */
export class TcpStreams {
  private readonly conversations = new Map<string, Conversation>();
  private count = 0;
  private readonly dialect: Dialect | undefined;
  lookahead: Lookahead | undefined;

  constructor(dialect?: Dialect) {
    this.dialect = dialect;
  }

  /** Adds the segment whose payload is `[at, limit.captured)` of a view. */
  add(piece: Piece, view: DataView, at: number, limit: Limit, segment: Segment): Streamed {
    const conversation = this.conversationOf(segment);
    const own = this.direction(conversation, segment.key);
    const other = this.direction(conversation, segment.reverse);
    const length = limit.wire - at;
    // SYN takes the number before the first byte; relative numbers count from it, as everyone's do.
    own.base ??= (segment.sequence - 1) >>> 0;
    other.base ??= segment.acknowledgement === 0 ? undefined : (segment.acknowledgement - 1) >>> 0;
    if (segment.syn) own.next = segment.sequence;
    const facts = {
      number: conversation.number,
      sequence: ((segment.syn ? segment.sequence - 1 : segment.sequence) - own.base) >>> 0,
      acknowledgement: other.base === undefined ? 0 : (segment.acknowledgement - other.base) >>> 0,
    };
    const packets: StreamPacket[] = [];
    const findings: Finding[] = [];
    other.acknowledged = segment.acknowledgement;
    if (length > 0) this.take(own, segment, piece, view, at, limit, packets, findings);
    if (segment.fin || segment.reset) conversation.closed = true;
    return { facts, findings, packets, channel: own.cutter.found };
  }

  private conversationOf(segment: Segment): Conversation {
    const known = this.conversations.get(segment.key) ?? this.conversations.get(segment.reverse);
    // A new SYN on the addresses of a closed conversation opens another.
    if (known && !(segment.syn && known.closed)) return known;
    const opened: Conversation = { number: this.count++, directions: new Map(), closed: false };
    this.conversations.delete(segment.key);
    this.conversations.delete(segment.reverse);
    this.conversations.set(segment.key, opened);
    if (this.conversations.size > CONVERSATIONS) {
      const oldest = this.conversations.keys().next().value;
      if (oldest !== undefined) this.conversations.delete(oldest);
    }
    return opened;
  }

  private direction({ directions }: Conversation, key: string): Direction {
    const known = directions.get(key);
    if (known) return known;
    const fresh: Direction = {
      base: undefined,
      next: undefined,
      cutter: new Cutter(this.dialect),
      held: [],
      heldBytes: 0,
      acknowledged: undefined,
    };
    directions.set(key, fresh);
    return fresh;
  }

  private take(
    own: Direction,
    segment: Segment,
    piece: Piece,
    view: DataView,
    at: number,
    limit: Limit,
    packets: StreamPacket[],
    findings: Finding[],
  ): void {
    const { sequence, key } = segment;
    const place = [at, Math.max(at, limit.captured)] as const;
    const next = own.next ?? sequence;
    own.next = next;
    const wire = limit.wire - at;
    const offset = ahead(next, sequence);
    if (offset + wire <= 0) {
      findings.push(finding('tcp-retransmission', ...place));
      return;
    }
    if (offset <= 0) {
      if (offset < 0) findings.push(finding('tcp-retransmission', ...place));
      const fresh = Math.min(limit.captured, at - offset);
      const rest = { ...piece, at: piece.at + fresh - at, length: limit.captured - fresh };
      own.next = (sequence + wire) >>> 0;
      merge(own.cutter.feed(rest, view, fresh, limit), packets, findings);
      this.drain(own, packets, findings);
      return;
    }
    if (own.held.some((held) => conflicts(held, sequence, slice(view, at, limit.captured)))) {
      findings.push(finding('tcp-overlap-conflict', ...place));
    }
    hold(own, { sequence, bytes: slice(view, at, limit.captured).slice(), wire, piece });
    const passed = own.acknowledged !== undefined && ahead(next, own.acknowledged) > 0;
    const hopeless = passed || own.held.length > HELD_SEGMENTS || own.heldBytes > HELD_BYTES;
    if (hopeless || this.lookahead?.(key, next) === false) {
      findings.push(finding('tcp-lost-segment', ...place, [offset]));
      this.giveUp(own, packets, findings);
    } else {
      findings.push(finding('tcp-out-of-order', ...place));
    }
  }

  /** Goes on behind the gap. */
  private giveUp(own: Direction, packets: StreamPacket[], findings: Finding[]): void {
    const first = own.held[0];
    if (!first || own.next === undefined) return;
    own.cutter.gap(ahead(own.next, first.sequence));
    own.next = first.sequence;
    this.drain(own, packets, findings);
  }

  /** Feeds the segments that are next in order now. */
  private drain(own: Direction, packets: StreamPacket[], findings: Finding[]): void {
    for (let first = own.held[0]; first && own.next !== undefined; first = own.held[0]) {
      const offset = ahead(own.next, first.sequence);
      if (offset > 0) return;
      own.held.shift();
      own.heldBytes -= first.bytes.length;
      if (offset + first.wire <= 0) continue;
      const fresh = Math.min(first.bytes.length, -offset);
      const { piece, bytes, wire } = first;
      const rest = { ...piece, at: piece.at + fresh, length: bytes.length - fresh };
      own.next = (first.sequence + wire) >>> 0;
      merge(feedHeld(own.cutter, rest, bytes, fresh, wire), packets, findings);
    }
  }
}

/** Feeds bytes of an earlier packet: what is found in them lies in a source of its own. */
function feedHeld(cutter: Cutter, rest: Piece, bytes: Uint8Array, fresh: number, wire: number) {
  const cut = cutter.feed(rest, viewOf(bytes), fresh, { captured: bytes.length, wire });
  const packets = cut.packets.map((packet): StreamPacket => {
    if ('source' in packet) return packet;
    const length = packet.limit.captured - packet.at;
    const pieces = [{ packet: rest.packet, at: rest.at + packet.at - fresh, length }];
    const view = viewOf(bytes.subarray(packet.at, packet.limit.captured));
    const limit = { captured: length, wire: packet.limit.wire - packet.at };
    return { source: { name: 'Earlier segment', view, pieces }, at: 0, limit };
  });
  return { packets, findings: cut.findings };
}

function merge(
  cut: { readonly packets: readonly StreamPacket[]; readonly findings: readonly Finding[] },
  packets: StreamPacket[],
  findings: Finding[],
): void {
  packets.push(...cut.packets);
  findings.push(...cut.findings);
}

function hold(own: Direction, segment: HeldSegment): void {
  let place = own.held.length;
  while (place > 0 && ahead((own.held[place - 1] as HeldSegment).sequence, segment.sequence) < 0) place--;
  own.held.splice(place, 0, segment);
  own.heldBytes += segment.bytes.length;
}

function conflicts(held: HeldSegment, sequence: number, bytes: Uint8Array): boolean {
  const shift = ahead(held.sequence, sequence);
  const start = Math.max(0, shift);
  const end = Math.min(held.bytes.length, shift + bytes.length);
  for (let at = start; at < end; at++) if (held.bytes[at] !== bytes[at - shift]) return true;
  return false;
}
