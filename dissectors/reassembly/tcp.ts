import type { Dialect } from '../channel/dialects.js';
import type { Piece, Segment, StreamFacts } from '../layer.js';
import { STREAM_APPLICATIONS, type StreamedApplication } from '../registry.js';
import { NOT_SHELVED, Shelf, type Shelved } from '../wire/shelf.js';
import type { Limit } from '../wire/stop.js';
import type { Streamed } from './answers.js';
import { Direction, type Lookahead } from './direction.js';
import { Carried, PduCutter } from './pdus.js';
import type { Found } from './stretch.js';

/** What is kept of streams. */
export interface StreamBounds {
  /** Conversations that are followed at once; the one that was quiet longest goes first. */
  readonly conversations: number;
  /** Bytes that wait in all of them, for others before them or for the rest of their packets. */
  readonly bytes: number;
  /** Bytes besides that are kept in case others come after their gap was given up. */
  readonly late: number;
}

export const STREAM_BOUNDS: StreamBounds = { conversations: 16_384, bytes: 64 * 1024 * 1024, late: 16 * 1024 * 1024 };

interface Conversation extends Shelved<Conversation> {
  readonly number: number;
  /** Of its first packet. */
  readonly key: string;
  /** The direction of its first packet, and the other. */
  readonly there: Direction;
  readonly back: Direction;
  /** What its streams carry. */
  readonly carried: Carried;
  /** Whether RST has ended it. */
  aborted: boolean;
}

/** Bytes that wait in both directions. */
const bytesOf = ({ there, back }: Conversation): number => there.bytes + (there === back ? 0 : back.bytes);

/**
 * TCP conversations, one byte stream a direction, put in order: out of order, overlapping, repeated and lost segments.
 * A gap is held open while a later packet at hand fills it; where nobody knows, until the receiver acknowledges beyond
 * it. It is given up when too much waits behind it. What comes after that is searched as well. Bounded.
 */
export class TcpStreams {
  lookahead: Lookahead | undefined;
  /** Conversations given up to stay within bounds. */
  forgotten = 0;
  private readonly conversations = new Map<string, Conversation>();
  /** The one that was quiet longest first. */
  private readonly order = new Shelf<Conversation>();
  private latest: Conversation | undefined;
  private count = 0;
  private bytes = 0;
  /** The directions that keep bytes in case others come late, in the order in which they began to. */
  private readonly late = new Set<Direction>();
  /** How many bytes those are. */
  lateBytes = 0;
  private readonly dialect: Dialect | undefined;
  private readonly bounds: StreamBounds;
  private readonly applications: readonly StreamedApplication[];

  /** @param applications those whose PDUs are cut out of the streams, by their places in the registry */
  constructor(
    dialect?: Dialect,
    bounds: StreamBounds = STREAM_BOUNDS,
    applications: readonly StreamedApplication[] = STREAM_APPLICATIONS,
  ) {
    this.dialect = dialect;
    this.bounds = bounds;
    this.applications = applications;
  }

  /** Adds the segment whose payload is `[at, limit.captured)` of a view. */
  add(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, segment: Segment): Streamed {
    const { sequence, acknowledgement, acknowledges, syn, fin, reset } = segment;
    const conversation = this.conversationOf(segment);
    const isThere = segment.key === conversation.key;
    const own = isThere ? conversation.there : conversation.back;
    const other = isThere ? conversation.back : conversation.there;
    const before = bytesOf(conversation);
    const base = (sequence - 1) >>> 0;
    if (syn) this.begin(conversation, segment, own, other);
    own.base ??= base;
    if (acknowledges) {
      other.base ??= (acknowledgement - 1) >>> 0;
      other.acknowledge(acknowledgement);
    }
    const found: Found = { packets: [], remarks: [] };
    const ownBase = own.base;
    own.pdus.isPartial = false;
    if (limit.wire > at) own.take({ sequence, view, at, limit, pieces }, segment, this.lookahead, found);
    if (fin || reset) own.finish((sequence + limit.wire - at) >>> 0);
    conversation.aborted ||= reset;
    own.settle(found);
    this.bytes += bytesOf(conversation) - before;
    this.noteLate(own, own.lateBytes);
    this.shrinkLate();
    this.shrink(conversation);
    const facts: StreamFacts = {
      number: conversation.number,
      sequence: ((syn ? base : sequence) - ownBase) >>> 0,
      acknowledgement: (acknowledgement - (other.base ?? 0)) >>> 0,
      isPart: own.pdus.isPartial && found.packets.length === 0 ? true : undefined,
    };
    return { facts, remarks: found.remarks, packets: found.packets };
  }

  /** Takes a SYN: late, again, or for the first time. What comes after the end of both directions starts anew. */
  private begin(
    conversation: Conversation,
    { sequence, acknowledges }: Segment,
    own: Direction,
    other: Direction,
  ): void {
    const base = (sequence - 1) >>> 0;
    const isOver = conversation.aborted || (own.hasEnded && other.hasEnded);
    if (isOver || !own.mayBegin(base)) own.restart();
    if (isOver && !acknowledges) {
      this.noteLate(other, 0);
      other.restart();
      conversation.carried.reset();
    }
    conversation.aborted = false;
    own.begin(base);
  }

  private conversationOf(segment: Segment): Conversation {
    const known = this.conversations.get(segment.key) ?? this.conversations.get(segment.reverse);
    if (!known || opensAnother(known, segment)) return this.open(segment, known);
    if (known !== this.latest) {
      this.order.put(known);
      this.latest = known;
    }
    return known;
  }

  private open({ key, reverse, port, otherPort }: Segment, before: Conversation | undefined): Conversation {
    if (before) this.forget(before);
    const carried = new Carried(port, otherPort, this.applications);
    const there = new Direction(this.dialect, new PduCutter(carried));
    // Who talks to themselves has one direction.
    const back = key === reverse ? there : new Direction(this.dialect, new PduCutter(carried));
    there.pdus.other = back.pdus;
    back.pdus.other = there.pdus;
    const number = this.count++;
    const opened: Conversation = { number, key, there, back, carried, aborted: false, ...NOT_SHELVED };
    this.conversations.set(key, opened);
    this.order.put(opened);
    this.latest = opened;
    return opened;
  }

  private forget(conversation: Conversation): void {
    this.conversations.delete(conversation.key);
    this.order.take(conversation);
    const { there, back } = conversation;
    this.bytes -= bytesOf(conversation);
    this.noteLate(there, 0);
    this.noteLate(back, 0);
  }

  /** Forgets what was quiet longest while there is too much, but not the one that is being followed. */
  private shrink(current: Conversation): void {
    while (this.conversations.size > this.bounds.conversations || this.bytes > this.bounds.bytes) {
      const { oldest } = this.order;
      if (!oldest || oldest === current) return;
      this.forget(oldest);
      this.forgotten++;
    }
  }

  private noteLate(direction: Direction, bytes: number): void {
    const before = direction.notedLate;
    if (before === bytes) return;
    direction.notedLate = bytes;
    this.lateBytes += bytes - before;
    if (bytes === 0) this.late.delete(direction);
    else this.late.add(direction);
  }

  /** Keeps less for what might come late: the direction goes first that has kept some for longest. */
  private shrinkLate(): void {
    while (this.lateBytes > this.bounds.late) {
      const oldest = this.late.keys().next().value;
      if (!oldest) return;
      oldest.forgetLate();
      this.noteLate(oldest, 0);
    }
  }
}

/**
 * Whether a SYN opens another conversation between the same ports: with another number, as Wireshark sees it, but for one
 * that came late, after the first bytes of its conversation.
 */
function opensAnother(known: Conversation, { key, sequence, syn, acknowledges }: Segment): boolean {
  if (!syn || acknowledges) return false;
  return !(key === known.key ? known.there : known.back).mayBegin((sequence - 1) >>> 0);
}
