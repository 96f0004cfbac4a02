import { acknowledgesUnseen, judgeOrder, judgeSending } from './judge-segment.js';
import {
  NO_SPAN,
  NOT_SCALED,
  SCALE_UNKNOWN,
  SEGMENT_FLAGS,
  type SegmentFacts,
  type Span,
  spanOf,
} from './segment-facts.js';
import { newFlow, type SegmentFlow } from './segment-flow.js';
import { ACK, CARRIES_COOKIE, FIN, PUSH, RESET, type SegmentHeader, SYN } from './segment-header.js';
import { ahead } from './unacknowledged.js';

const FLAGS = SEGMENT_FLAGS;

/** The bits of `tcp.completeness`. Source: Wireshark User's Guide, "TCP Conversation Completeness". */
const PARTS = { syn: 1, synAck: 2, ack: 4, data: 8, fin: 16, reset: 32 };

/** A segment that is judged: when it came, and where it belongs. */
interface Turn {
  readonly packet: number;
  readonly now: Span;
  readonly header: SegmentHeader;
  readonly own: SegmentFlow;
  readonly other: SegmentFlow;
}

/** One TCP connection: what its segments are to each other. Its memory is bounded by what waits for acknowledgements. */
export class StreamAnalysis {
  private readonly flows: readonly [SegmentFlow, SegmentFlow] = [newFlow(), newFlow()];
  private first: Span | undefined;
  private before: Span = NO_SPAN;
  private completeness = 0;
  private synTime: Span | undefined;
  private roundTrip: Span | undefined;

  /**
   * Takes the next segment of the connection.
   * @param isBack whether it goes against the first one
   * @param isReused whether its SYN opens a connection between ports that had one
   */
  take(header: SegmentHeader, isBack: boolean, isReused: boolean, packet: number, now: Span): SegmentFacts {
    const [there, back] = this.flows;
    const turn = { packet, now, header, own: isBack ? back : there, other: isBack ? there : back };
    const { own } = turn;
    const first = this.first ?? now;
    const times = { sinceFirst: spanOf(first, now), sinceBefore: spanOf(this.first ? this.before : now, now) };
    const before = this.completeness;
    this.completeness = completenessAfter(before, header, this.first === undefined);
    const completeness = isReused ? this.completeness : before;
    this.first = first;
    this.before = now;
    const judged = this.judge(turn, this.begin(turn) || isReused ? FLAGS.reused_ports : 0);
    const scale = own.scale;
    this.end(turn);
    // Every property by its name: objects that are spread into others cost more than all that is found out here.
    return {
      sinceFirst: times.sinceFirst,
      sinceBefore: times.sinceBefore,
      flags: judged.flags | judgeFastOpen(turn),
      scale,
      completeness,
      isAnalyzed: judged.isAnalyzed,
      acksFrame: judged.acksFrame,
      ackTime: judged.ackTime,
      initialTime: judged.isAnalyzed ? this.roundTrip : undefined,
      inFlight: judged.inFlight,
      pushed: judged.pushed,
      duplicates: judged.duplicates,
      duplicateOf: judged.duplicateOf,
      timeoutFrame: judged.timeoutFrame,
      timeout: judged.timeout,
    };
  }

  /** @returns whether an answer to a SYN begins elsewhere than the one before it: that of another connection */
  private begin({ header, own, other }: Turn): boolean {
    const { sequence, acknowledgement, flags } = header;
    const isOther = (flags & (SYN | ACK)) === (SYN | ACK) && own.base !== undefined && own.base !== sequence;
    if (isOther) own.base = sequence;
    own.base ??= flags & SYN ? sequence : (sequence - 1) >>> 0;
    if ((flags & ACK) === 0) return false;
    other.base ??= (acknowledgement - 1) >>> 0;
    other.isCounted = true;
    return isOther;
  }

  private judge(turn: Turn, before: number) {
    const { header, own, other, now, packet } = turn;
    const { length, flags } = header;
    let found = before | judgeSending(own, other, header);
    if (found & FLAGS.lost_segment) own.isCounted = false;
    const isRepeat = (found & FLAGS.duplicate_ack) !== 0;
    if (isRepeat) own.repeats = own.repeats === -1 ? 1 : own.repeats + 1;
    const duplicates = isRepeat ? own.repeats : 0;
    const duplicateOf = isRepeat ? own.acknowledgedPacket : 0;
    if (header.acknowledgement !== own.acknowledged) {
      own.acknowledgedPacket = packet;
      own.repeats = 0;
    }
    const unseen = acknowledgesUnseen(other, header);
    if (unseen === 'first') found |= FLAGS.ack_lost_segment;
    const isSent = length > 0 || (flags & (SYN | FIN)) !== 0;
    if (isSent && (found & FLAGS.keep_alive) === 0) found |= judgeOrder(own, other, header, now, this.roundTrip);
    const timed = found & FLAGS.retransmission ? timeoutOf(turn) : NO_TIMEOUT;
    advance(turn, found, isSent);
    const acked = other.sent.acknowledge(header.acknowledgement);
    const flight = inFlight(turn);
    return {
      flags: found,
      duplicates,
      duplicateOf,
      timeoutFrame: timed.timeoutFrame,
      timeout: timed.timeout,
      inFlight: flight.inFlight,
      pushed: flight.pushed,
      acksFrame: acked?.packet ?? 0,
      ackTime: acked ? spanOf(acked.time, now) : NO_SPAN,
      isAnalyzed: found !== 0 || unseen !== undefined || acked !== undefined || flight.isCounted,
    };
  }

  /** What holds for the segments after this one. */
  private end({ header, own, other, now }: Turn): void {
    const { flags, shift } = header;
    if (flags & SYN) {
      if ((flags & ACK) === 0) this.synTime = now;
      own.isOpening = true;
      // One that answers a SYN without the option must not scale either.
      const isRefused = (flags & ACK) !== 0 && other.scale === NOT_SCALED;
      if (shift !== undefined) own.scale = isRefused ? NOT_SCALED : shift;
      else if (own.scale === SCALE_UNKNOWN) {
        own.scale = NOT_SCALED;
        other.scale = NOT_SCALED;
      }
    }
    if ((flags & (SYN | ACK)) !== ACK) return;
    own.isOpening = false;
    if (this.synTime) this.roundTrip ??= spanOf(this.synTime, now);
  }
}

/** What a SYN asks of fast open, and whether its answer takes the data that came with it. Source: RFC 7413, section 4.2. */
function judgeFastOpen({ header, own, other }: Turn): number {
  const { flags, fastOpen, length, acknowledgement } = header;
  if ((flags & SYN) === 0) return 0;
  if ((flags & ACK) === 0) {
    if (fastOpen !== 0 && length > 0) own.opensFast = true;
    return fastOpen === CARRIES_COOKIE ? FLAGS.tfo_syn : 0;
  }
  if (!other.opensFast) return 0;
  return acknowledgement === ((other.base ?? 0) + 1) >>> 0 ? FLAGS.tfo_ignored : FLAGS.tfo_ack;
}

/** Which parts of a connection have come, with one segment more. */
function completenessAfter(before: number, { flags, length }: SegmentHeader, isFirst: boolean): number {
  if (isFirst) return (flags & (SYN | ACK)) === SYN ? PARTS.syn | (length > 0 ? PARTS.data : 0) : 0;
  let parts = before;
  if ((flags & (SYN | ACK)) === (SYN | ACK)) parts |= PARTS.synAck;
  if ((flags & (SYN | ACK)) === ACK) parts |= length > 0 ? PARTS.data : PARTS.ack;
  if ((flags & (FIN | ACK)) === (FIN | ACK)) parts |= PARTS.fin;
  return flags & RESET ? parts | PARTS.reset : parts;
}

const NO_TIMEOUT = { timeoutFrame: 0, timeout: NO_SPAN };

/** From when the timeout of a retransmission counts: the oldest segment that waits, else the one sent last. */
function timeoutOf({ own, now }: Turn) {
  const { oldest } = own.sent;
  const from = oldest ?? { packet: own.nextPacket, time: own.nextTime };
  return { timeoutFrame: from.packet, timeout: spanOf(from.time, now) };
}

/** Moves a direction on by a segment. */
function advance({ packet, now, header, own }: Turn, found: number, isSent: boolean): void {
  const { sequence, length, flags, acknowledgement, window } = header;
  const hasRoom = own.sent.hasRoom;
  const end = (sequence + length + (isSent && hasRoom && flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  if (isSent) own.sent.add({ packet, time: now, sequence, next: end });
  if ((found & FLAGS.zero_window_probe) === 0) {
    if (own.next === undefined || ahead(own.next, end) > 0) {
      own.next = end;
      own.nextPacket = packet;
      own.nextTime = now;
    }
    if (own.complete === undefined || own.complete === sequence) own.complete = own.next;
  }
  own.window = window;
  own.acknowledged = acknowledgement;
  own.acknowledgedTime = now;
  own.flags = found;
  own.selected = header.selected;
}

/** The bytes that are on their way with a segment, and those since the last one with PSH. */
function inFlight({ header, own, other }: Turn) {
  const { length, flags } = header;
  if (length === 0 || !own.isCounted || own.sent.newest === undefined) return NOT_COUNTED;
  const isPushed = (flags & PUSH) !== 0;
  own.pushed = own.hasPushed ? length : own.pushed + length;
  own.hasPushed = isPushed;
  const span = (own.sent.span(own.base ?? 0) - other.selected) >>> 0;
  return {
    inFlight: span > 0 && span < NONSENSE ? span - (flags & (SYN | FIN) ? 1 : 0) : 0,
    pushed: own.pushed,
    isCounted: true,
  };
}

/** More bytes than this are in flight only where numbers make no sense. */
const NONSENSE = 2_000_000_000;

const NOT_COUNTED = { inFlight: 0, pushed: 0, isCounted: false };
