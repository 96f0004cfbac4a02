/** A length of time; of one that is negative, `seconds` alone is. */
export interface Span {
  readonly seconds: number;
  /** From 0 to below a thousand million. */
  readonly nanos: number;
}

/** What the packets before it make of a TCP segment, each a bit, by the names of Wireshark's `tcp.analysis` fields. */
export const SEGMENT_FLAGS = {
  retransmission: 1 << 0,
  fast_retransmission: 1 << 1,
  spurious_retransmission: 1 << 2,
  out_of_order: 1 << 3,
  lost_segment: 1 << 4,
  ack_lost_segment: 1 << 5,
  duplicate_ack: 1 << 6,
  window_update: 1 << 7,
  window_full: 1 << 8,
  zero_window: 1 << 9,
  zero_window_probe: 1 << 10,
  zero_window_probe_ack: 1 << 11,
  keep_alive: 1 << 12,
  keep_alive_ack: 1 << 13,
  reused_ports: 1 << 14,
  tfo_syn: 1 << 15,
  tfo_ack: 1 << 16,
  tfo_ignored: 1 << 17,
} as const;
/** Those of fast open, which stand beside the analysis of a stream, not in it. */
export const FAST_OPEN_FLAGS = SEGMENT_FLAGS.tfo_syn | SEGMENT_FLAGS.tfo_ack | SEGMENT_FLAGS.tfo_ignored;
export type SegmentFlag = keyof typeof SEGMENT_FLAGS;

/** How a direction scales its windows: by so many bits, or one of the two below. */
export const SCALE_UNKNOWN = -1;
export const NOT_SCALED = -2;

/** What the packets before it say of a TCP segment. */
export interface SegmentFacts {
  /** Of `SEGMENT_FLAGS`. */
  readonly flags: number;
  readonly scale: number;
  /** Which parts of a connection came before, as Wireshark's `tcp.completeness`. */
  readonly completeness: number;
  readonly sinceFirst: Span;
  readonly sinceBefore: Span;
  /** The packet whose segment it acknowledges, and how long ago that was; 0 for none. */
  readonly acksFrame: number;
  readonly ackTime: Span;
  /** Of the handshake, on segments of which there is more to tell; undefined where it is not known. */
  readonly initialTime: Span | undefined;
  /** Bytes sent and not acknowledged, with this segment; 0 where that is not known. */
  readonly inFlight: number;
  /** Bytes since the last one with PSH; 0 where that is not known. */
  readonly pushed: number;
  /** How often the acknowledgement was repeated since the packet that had it first; 0 for none. */
  readonly duplicates: number;
  readonly duplicateOf: number;
  /** The packet from which the timeout of a retransmission counts, and how long ago that was; 0 for none. */
  readonly timeoutFrame: number;
  readonly timeout: Span;
  /** Whether there is anything to tell besides times and the window. */
  readonly isAnalyzed: boolean;
}

/** What the packets before it say of the UDP datagrams and TCP segments of a packet. */
export interface ConversationFacts {
  /** The number of the flow of each UDP layer, from 0, as Wireshark's `udp.stream`. */
  readonly flows: readonly number[];
  /** Of each TCP layer that is part of a stream. */
  readonly segments: readonly SegmentFacts[];
}

export const NO_SPAN: Span = { seconds: 0, nanos: 0 };

/** The time from one moment to another. */
export function spanOf(from: Span, to: Span): Span {
  const nanos = to.nanos - from.nanos;
  return nanos < 0
    ? { seconds: to.seconds - from.seconds - 1, nanos: nanos + 1_000_000_000 }
    : { seconds: to.seconds - from.seconds, nanos };
}
