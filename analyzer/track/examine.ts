import type { Dialect } from '../../dissectors/channel/dialects.js';
import { type DecodeAs, streamsWith } from '../../dissectors/decode-as.js';
import { type Dissection, type DissectOptions, type Reassembly, Walk } from '../../dissectors/dissect.js';
import type { RecordBatch } from '../../dissectors/file/records.js';
import { UNKNOWN } from '../../dissectors/quic/told.js';
import { type LiveReassembly, liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { finding } from '../../dissectors/wire/finding.js';
import type { KindOptions } from '../handshakes/kinds.js';
import type { KindTracker } from '../handshakes/step.js';
import type { HandshakeBounds } from '../handshakes/table.js';
import { HandshakeTracker } from '../handshakes/tracker.js';
import type { Secret } from '../secrets/secrets.js';
import { type Contribution, recording } from './contributions.js';
import { Conversations } from './conversations.js';
import { NO_FACTS, type PacketFacts } from './facts.js';
import type { ConversationFacts } from './segment-facts.js';
import type { Bounds } from './table.js';
import { Tracker } from './tracker.js';

/** How the packets of a capture are to be examined. */
export interface ExamineOptions extends KindOptions {
  readonly secrets?: readonly Secret[];
  readonly dialect?: Dialect | undefined;
  /** False skips channel tracking. */
  readonly track?: boolean;
  /** Whether only channels are asked for: no other handshakes are followed, and what holds no channel packet is not read. */
  readonly channelsOnly?: boolean;
  /** As in `DissectOptions`; not where channels are followed, which takes their checksums into account. */
  readonly unjudged?: boolean;
  /** Whether UDP flows are numbered and TCP connections followed: it is left out where nobody asks. */
  readonly converse?: boolean;
  /** What the user has the payload behind some ports and numbers read as. */
  readonly decodeAs?: readonly DecodeAs[];
  /** What strangers must not know, for hash tables. */
  readonly seed?: number;
  /** How many channels are kept. */
  readonly bounds?: Bounds;
  /** How many handshakes are kept. */
  readonly handshakeBounds?: HandshakeBounds;
  /** The trackers of handshakes; all there are, unless given. */
  readonly kinds?: readonly KindTracker[];
}

/** A packet with its layers, and with what the packets before it say of it. */
export interface Examined {
  readonly dissection: Dissection;
  readonly facts: PacketFacts;
}

/** A packet as it is examined, with what earlier packets contributed to it: nothing, for most. */
export interface ExaminedOnce extends Examined {
  /** Valid until the next packet is examined. */
  readonly contributions: readonly Contribution[];
}

/** Some packets of a capture, as they are read: the rest of them is what can be known of the future. */
export interface Records {
  readonly view: DataView;
  readonly records: RecordBatch;
  readonly linkTypes: (row: number) => number;
}

/** Segments of one direction that are looked through for the byte that fills a gap. */
const LOOK_AT = 4096;

/** Examines the packets of a capture, each once, in capture order: reassembly and tracking in one pass. */
export class Examiner {
  readonly tracker: Tracker;
  readonly handshakes: HandshakeTracker;
  private readonly live: LiveReassembly;
  private readonly walk: Walk;
  private readonly contributions: Contribution[] = [];
  private readonly options: DissectOptions;
  private readonly track: boolean;
  private readonly conversations: Conversations | undefined;
  private row = 0;
  private carried: ReadonlyMap<number, number> = NONE;

  constructor(options: ExamineOptions) {
    const { secrets = [], dialect, track = true, converse = false, seed = 0, bounds, handshakeBounds } = options;
    const { sharedSecret, channelsOnly = false, unjudged = false } = options;
    const kinds = channelsOnly ? [] : options.kinds;
    this.handshakes = new HandshakeTracker({
      secrets,
      seed,
      bounds: handshakeBounds,
      sharedSecret,
      ...(kinds && { kinds }),
    });
    this.tracker = new Tracker(secrets, seed, bounds, channelsOnly ? undefined : this.handshakes.table);
    const { decodeAs } = options;
    this.live = liveReassembly(dialect, channelsOnly ? [] : decodeAs && streamsWith(decodeAs));
    this.options = { channelsOnly, unjudged, ...(dialect && { dialect }), ...(decodeAs && { decodeAs }) };
    this.walk = new Walk(recording(this.live, this.contributions), this.options);
    this.track = track;
    this.conversations = converse ? new Conversations(seed) : undefined;
  }

  /** Tells which packets come next, so that a gap in a stream is held open only where one of them fills it. */
  begin(batch: Records): void {
    this.carried = batch.records.carried;
    let coming: ReadonlyMap<string, readonly Coming[]> | undefined;
    this.live.foresee((key, sequence) => {
      coming ??= comingSegments(batch, this.options);
      const segments = coming.get(key) ?? [];
      const first = placeAfter(segments, this.row);
      const last = Math.min(segments.length, first + LOOK_AT);
      for (let place = first; place < last; place++) {
        const segment = segments[place] as Coming;
        const offset = (sequence - segment.sequence) | 0;
        if (offset >= 0 && offset < segment.length) return true;
      }
      return false;
    });
  }

  /**
   * Examines the next packet.
   * @param row its place among the records that `begin` was given
   */
  examine(
    view: DataView,
    at: number,
    captured: number,
    wire: number,
    linkType: number,
    number: number,
    seconds: number,
    nanos: number,
    row = 0,
  ): ExaminedOnce {
    this.row = row;
    const carry = this.carried.size > 0 ? this.carried.get(row) : undefined;
    // Setting a length costs more than taking out the one or two that there are.
    while (this.contributions.length > 0) this.contributions.pop();
    const limit = { captured: at + captured, wire: at + Math.max(wire, captured) };
    const dissection = this.walk.dissect(view, at, limit, linkType, number);
    const tracked = this.track ? this.follow(dissection, seconds, nanos) : NO_FACTS;
    const timed = carry === undefined ? tracked : withCarry(tracked, carry);
    const conversations = this.conversations?.fold(dissection, seconds, nanos);
    const facts = conversations ? withConversations(timed, conversations) : timed;
    return { dissection, facts, contributions: this.contributions };
  }

  /** Takes more secrets, by which cookies are judged from now on. @param blocks of the capture that held secrets so far */
  learn(secrets: readonly Secret[], blocks: number): void {
    this.tracker.judge.learn(secrets, blocks);
    this.handshakes.secrets.learn(secrets);
  }

  private follow(dissection: Dissection, seconds: number, nanos: number): PacketFacts {
    this.handshakes.fold(dissection, seconds, nanos);
    const tracked = this.tracker.fold(dissection, seconds, nanos);
    const found = this.handshakes.take();
    if (!found) return tracked;
    const { handshakes, findings } = found;
    const { channels, verdicts } = tracked;
    const all = findings.length === 0 ? tracked.findings : [...tracked.findings, ...findings];
    return { channels, verdicts, findings: all, handshakes };
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

/** Spread out: for every packet that is part of a conversation. */
const withConversations = (
  { channels, verdicts, findings, handshakes }: PacketFacts,
  conversations: ConversationFacts,
): PacketFacts => ({ channels, verdicts, findings, handshakes, conversations });

/** Adds that the file told a fraction of so many seconds. */
const withCarry = (facts: PacketFacts, carry: number): PacketFacts => ({
  ...facts,
  findings: [...facts.findings, finding('time-carried', 0, 0, [carry])],
});

interface Coming {
  readonly row: number;
  readonly sequence: number;
  readonly length: number;
}

/** The first of some segments, in the order of their rows, that comes after a row. */
function placeAfter(segments: readonly Coming[], row: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as Coming).row <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The TCP segments among some packets, by their direction. Costs a pass: made only when a gap asks for it. */
function comingSegments({ view, records, linkTypes }: Records, options: DissectOptions) {
  const coming = new Map<string, Coming[]>();
  let row = 0;
  const spy: Reassembly = {
    fragment: () => ({ remarks: [] }),
    message: () => ({ remarks: [] }),
    datagram: () => ({ flow: 0, numbers: [], wholes: [] }),
    expecting: () => -1,
    associate: () => ({ tsn: undefined, acknowledged: undefined, acceptsZero: false }),
    expectingStream: () => -1,
    announce: () => {},
    connect: () => ({ told: UNKNOWN }),
    segment: (_pieces, _view, at, limit, { key, sequence }) => {
      const length = limit.wire - at;
      if (length > 0) {
        const list = coming.get(key);
        if (list) list.push({ row, sequence, length });
        else coming.set(key, [{ row, sequence, length }]);
      }
      return { facts: { number: 0, sequence: 0, acknowledgement: 0 }, remarks: [], packets: [] };
    },
  };
  const walk = new Walk(spy, options);
  for (; row < records.count; row++) {
    const at = records.at[row] ?? 0;
    const captured = records.captured[row] ?? 0;
    const limit = { captured: at + captured, wire: at + Math.max(captured, records.wire[row] ?? 0) };
    walk.dissect(view, at, limit, linkTypes(row), row);
  }
  return coming;
}
