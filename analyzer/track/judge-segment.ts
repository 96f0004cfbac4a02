import { NOT_SCALED, SCALE_UNKNOWN, SEGMENT_FLAGS, type Span, spanOf } from './segment-facts.js';
import type { SegmentFlow } from './segment-flow.js';
import { ACK, FIN, RESET, type SegmentHeader, SYN } from './segment-header.js';
import { ahead } from './unacknowledged.js';

const FLAGS = SEGMENT_FLAGS;
const OPENS_OR_ENDS = SYN | FIN | RESET;

/** A retransmission that follows a repeated acknowledgement within this time is a fast one, in nanoseconds. */
const FAST_WITHIN = 20_000_000;
/** A segment that follows those behind it within this time was overtaken, where no round trip is known, in nanoseconds. */
const OVERTAKEN_WITHIN = 3_000_000;
/** Repeated acknowledgements that ask for a fast retransmission, less those that may not have been captured. */
const FAST_REPEATS = 2;

const nanosOf = ({ seconds, nanos }: Span): number => seconds * 1_000_000_000 + nanos;

/**
 * What a segment is on its way, before it changes its direction: flags of `SEGMENT_FLAGS`. The questions are those that
 * Wireshark documents. Source: Wireshark User's Guide, "TCP Analysis".
 */
export function judgeSending(own: SegmentFlow, other: SegmentFlow, header: SegmentHeader): number {
  const { sequence, length, window, flags } = header;
  const isPlain = (flags & OPENS_OR_ENDS) === 0;
  const isNext = sequence === own.next;
  if (length === 1 && isNext && other.window === 0) return FLAGS.zero_window_probe;
  let found = 0;
  if (window === 0 && isPlain) found |= FLAGS.zero_window;
  if (own.next !== undefined && ahead(own.next, sequence) > 0 && (flags & RESET) === 0) found |= FLAGS.lost_segment;
  if (length <= 1 && own.next !== undefined && sequence === (own.next - 1) >>> 0 && isPlain) found |= FLAGS.keep_alive;
  if (length > 0 && isPlain && fillsWindow(other, (sequence + length) >>> 0)) found |= FLAGS.window_full;
  const repeats = length === 0 && isNext && header.acknowledgement === own.acknowledged && isPlain;
  return repeats ? found | judgeRepeat(own, other, window) : found;
}

/** Whether bytes up to a number reach the edge of the window that the other side has told. */
function fillsWindow({ scale, isOpening, window, acknowledged }: SegmentFlow, end: number): boolean {
  if (scale === SCALE_UNKNOWN || window < 0) return false;
  const shift = isOpening || scale === NOT_SCALED ? 0 : scale;
  return end === (acknowledged + window * 2 ** shift) >>> 0;
}

/** What a segment without bytes is that acknowledges what the one before it did. */
function judgeRepeat(own: SegmentFlow, other: SegmentFlow, window: number): number {
  if (window !== own.window) return window > 0 ? FLAGS.window_update : 0;
  if (window === 0) return other.flags & FLAGS.zero_window_probe ? FLAGS.zero_window_probe_ack : 0;
  return other.flags & FLAGS.keep_alive ? FLAGS.keep_alive_ack : FLAGS.duplicate_ack;
}

/**
 * Whether a segment acknowledges what was not captured: `again` where that was told before. Notes it, so that it is told
 * once.
 */
export function acknowledgesUnseen(
  other: SegmentFlow,
  { acknowledgement, flags }: SegmentHeader,
): 'first' | 'again' | undefined {
  const { complete } = other;
  if (complete === undefined || ahead(complete, acknowledgement) <= 0 || (flags & ACK) === 0) return undefined;
  if (other.next !== undefined && ahead(complete, other.next) > 0) {
    other.complete = other.next;
    return 'first';
  }
  // Nothing was sent since: one that repeats what was told before, or follows repeats, is not told again.
  const isFirst = other.repeats === 0;
  other.repeats = -1;
  return isFirst ? 'first' : 'again';
}

/**
 * Whether a segment with bytes, or a SYN or FIN, was sent again or overtaken, and how: a flag, or 0.
 * @param roundTrip of the handshake, if it is known
 */
export function judgeOrder(
  own: SegmentFlow,
  other: SegmentFlow,
  { sequence, length, flags }: SegmentHeader,
  now: Span,
  roundTrip: Span | undefined,
): number {
  const { next } = own;
  const end = (sequence + length) >>> 0;
  // One number early, with more than that byte: the first of them was a probe.
  const isProbed = length > 1 && next !== undefined && sequence === (next - 1) >>> 0;
  const isBehind = next !== undefined && ahead(sequence, next) > 0 && !isProbed;
  if (length > 0 && other.acknowledged !== 0 && ahead(end, other.acknowledged) >= 0) {
    return FLAGS.spurious_retransmission;
  }
  if (!isBehind) return 0;
  const sinceRepeat = nanosOf(spanOf(other.acknowledgedTime, now));
  // An acknowledgement of what was not captured asks for as much.
  const isAsked = other.repeats >= FAST_REPEATS || other.repeats === -1;
  if (isAsked && other.acknowledged === sequence && isWithin(sinceRepeat, FAST_WITHIN)) {
    return FLAGS.fast_retransmission;
  }
  const isLast = next === (end + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  const within = roundTrip ? nanosOf(roundTrip) : OVERTAKEN_WITHIN;
  if (!isLast && isWithin(nanosOf(spanOf(own.nextTime, now)), within)) return FLAGS.out_of_order;
  return FLAGS.retransmission;
}

const isWithin = (time: number, most: number): boolean => time >= 0 && time < most;
