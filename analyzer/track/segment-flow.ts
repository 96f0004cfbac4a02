import { SCALE_UNKNOWN, type Span } from './segment-facts.js';
import { SentSegments } from './unacknowledged.js';

/** One direction of a TCP connection, as far as its segments tell of it. */
export interface SegmentFlow {
  /** The number before the first byte; undefined before the first segment. */
  base: number | undefined;
  /** The number behind all that was sent, and the packet and time that brought it there. */
  next: number | undefined;
  nextPacket: number;
  nextTime: Span;
  /** The number up to which nothing is missing: an acknowledgement beyond it tells of a segment that was not captured. */
  complete: number | undefined;
  /** What the last segment acknowledged, when it came, and the first packet that did. */
  acknowledged: number;
  acknowledgedTime: Span;
  acknowledgedPacket: number;
  /** How often the acknowledgement was repeated; −1 once the other side acknowledged what was not captured. */
  repeats: number;
  /** As the last segment told it, unscaled; −1 before the first. */
  window: number;
  scale: number;
  /** Whether only its SYN was seen: the window that it told is not scaled. */
  isOpening: boolean;
  /** Of the last segment. */
  flags: number;
  /** Bytes that the last segment said to have beyond a gap. */
  selected: number;
  /** Whether all segments since the last acknowledgement were seen. */
  isCounted: boolean;
  /** Bytes since PSH, and whether the last segment with bytes had it. */
  pushed: number;
  hasPushed: boolean;
  /** Whether its SYN has data and an option of fast open. */
  opensFast: boolean;
  readonly sent: SentSegments;
}

const NEVER: Span = { seconds: 0, nanos: 0 };

export const newFlow = (): SegmentFlow => ({
  base: undefined,
  next: undefined,
  nextPacket: 0,
  nextTime: NEVER,
  complete: undefined,
  acknowledged: 0,
  acknowledgedTime: NEVER,
  acknowledgedPacket: 0,
  repeats: 0,
  window: -1,
  scale: SCALE_UNKNOWN,
  isOpening: false,
  flags: 0,
  selected: 0,
  isCounted: true,
  pushed: 0,
  hasPushed: false,
  opensFast: false,
  sent: new SentSegments(),
});
