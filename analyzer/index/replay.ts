import type { Dialect } from '../../dissectors/channel/dialects.js';
import { dissect } from '../../dissectors/dissect.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Piece } from '../../dissectors/layer.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { Timeline } from '../print/timeline.js';
import type { Secret } from '../secrets/secrets.js';
import { STATES, type State } from '../track/channel.js';
import { replaying } from '../track/contributions.js';
import type { PacketFacts } from '../track/facts.js';
import type { PacketLinks } from '../track/links.js';
import { type Columns, capsIn, stateIn } from './columns.js';
import { readFacts } from './facts-pool.js';
import { type Moment, type PacketIndex, rowOf } from './packet-index.js';

/** A capture that was scanned: what was found then, and its bytes again. */
export interface Replayable {
  readonly index: PacketIndex;
  readonly interfaces: readonly CaptureInterface[];
  /** By the packet's number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
  readonly secrets: readonly Secret[];
  readonly dialect: Dialect | undefined;
  /** What became of channels and handshakes, as far as that is known by now. */
  readonly ends: PacketLinks | undefined;
  /** Exactly so many bytes of the uncompressed file; zeros where it has become shorter. */
  bytesAt(offset: number, length: number): Uint8Array;
  /** The same for a whole frame: valid until the next is asked for. */
  frameAt(offset: number, length: number): Uint8Array;
}

/** A packet again as it was when it was scanned: dissected afresh, with the facts that were found then. */
export function replay(capture: Replayable, number: number): Packet {
  const row = rowOf(number);
  const { index, interfaces, comments, secrets, dialect } = capture;
  const columns = index.columnsOf(number);
  const captured = columns.captured[row] ?? 0;
  const wire = columns.wire[row] ?? 0;
  const view = viewOf(capture.frameAt(columns.offset[row] ?? 0, captured));
  const on = interfaces[columns.interfaceId[row] ?? 0];
  const facts = index.segmentOf(number)?.factsOf(row);
  const kept = facts && readFacts(facts, (piece) => pieceOf(capture, piece));
  const limit = { captured, wire: Math.max(wire, captured) };
  const reassembly = replaying(kept?.contributions ?? []);
  const dissection = dissect(view, 0, limit, on?.linkType ?? -1, number, reassembly, dialect ? { dialect } : {});
  return {
    dissection,
    facts: withFlow(kept?.facts ?? plainFacts(columns, row, dissection.channels[0]?.id ?? 0), columns.flow[row] ?? 0),
    number,
    seconds: columns.seconds[row] ?? 0,
    nanos: columns.nanos[row] ?? 0,
    captured,
    wire,
    on,
    comments: comments.get(number) ?? [],
    secrets,
    timeline: timelineAt(index, number),
    links: capture.ends,
  };
}

/** Bytes of an earlier packet; zeros where that was forgotten. */
function pieceOf({ index, bytesAt }: Replayable, { packet, at, length }: Piece): Uint8Array {
  const offset = index.columnsOf(packet).offset[rowOf(packet)];
  return offset === undefined ? new Uint8Array(length) : bytesAt(offset + at, length);
}

/** The times of the first packet, the one before and this one. */
function timelineAt(index: PacketIndex, number: number): Timeline {
  const timeline = new Timeline(false);
  const own = index.momentOf(number);
  for (const one of [index.began, index.momentOf(number - 1), own]) {
    const { seconds, nanos } = one ?? own ?? NO_TIME;
    timeline.next(seconds, nanos);
  }
  return timeline;
}

const NO_TIME: Moment = { seconds: 0, nanos: 0 };

/** Adds the flow that the column tells; the facts tell of more than one. */
const withFlow = (facts: PacketFacts, flow: number): PacketFacts =>
  flow === 0 ? facts : { ...facts, conversations: { flows: [flow - 1], segments: [] } };

/** The facts of a packet that has no more than its columns: one channel, its own. */
function plainFacts(columns: Columns, row: number, id: number): PacketFacts {
  const number = columns.channel[row] ?? 0;
  if (number === 0) return { channels: [], verdicts: [], findings: [] };
  const standing = columns.standing[row] ?? 0;
  const touched = {
    number,
    c1: id >>> 16,
    c2: id & 0xffff,
    state: STATES[stateIn(standing)] as State,
    caps: capsIn(standing),
    start: columns.start[row] ?? 0,
  };
  return { channels: [touched], verdicts: [], findings: [] };
}
