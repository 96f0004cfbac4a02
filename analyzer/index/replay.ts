import type { Dialect } from '../../dissectors/channel/dialects.js';
import { dissect } from '../../dissectors/dissect.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Piece } from '../../dissectors/layer.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { Timeline } from '../print/timeline.js';
import { STATES, type State } from '../track/channel.js';
import type { PacketFacts } from '../track/facts.js';
import type { Secret } from '../track/secrets.js';
import { replaying } from './contributions.js';
import { readFacts } from './facts-pool.js';
import { IntReader } from './ints.js';
import { NO_CAPS, type PacketIndex } from './packet-index.js';

/** A capture that was scanned: what was found then, and its bytes again. */
export interface Replayable {
  readonly index: PacketIndex;
  readonly interfaces: readonly CaptureInterface[];
  /** By the packet's number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
  readonly secrets: readonly Secret[];
  readonly dialect: Dialect | undefined;
  /** Exactly so many bytes of the uncompressed file; zeros where it has become shorter. */
  bytesAt(offset: number, length: number): Uint8Array;
}

/** A packet again as it was when it was scanned: dissected afresh, with the facts that were found then. */
export function replay(capture: Replayable, number: number): Packet {
  const row = number - 1;
  const { index, interfaces, comments, secrets, dialect } = capture;
  const { columns, pool } = index;
  const captured = columns.captured[row] ?? 0;
  const wire = columns.wire[row] ?? 0;
  const read = ({ packet, at, length }: Piece) => capture.bytesAt((columns.offset[packet - 1] ?? 0) + at, length);
  const view = viewOf(read({ packet: number, at: 0, length: captured }));
  const on = interfaces[columns.interfaceId[row] ?? 0];
  const place = columns.facts[row] ?? 0;
  const kept = place > 0 ? readFacts(new IntReader(pool.values, place - 1), read) : undefined;
  const limit = { captured, wire: Math.max(wire, captured) };
  const reassembly = replaying(kept?.contributions ?? []);
  const dissection = dissect(view, 0, limit, on?.linkType ?? -1, number, reassembly, dialect ? { dialect } : {});
  return {
    dissection,
    facts: kept?.facts ?? plainFacts(index, row, dissection.channels[0]?.id ?? 0),
    number,
    seconds: columns.seconds[row] ?? 0,
    nanos: columns.nanos[row] ?? 0,
    captured,
    wire,
    on,
    comments: comments.get(number) ?? [],
    secrets,
    timeline: timelineAt(index, row),
    links: undefined,
  };
}

/** The times of the first packet, the one before and this one. */
function timelineAt({ columns: { seconds, nanos } }: PacketIndex, row: number): Timeline {
  const timeline = new Timeline();
  for (const one of [0, Math.max(0, row - 1), row]) timeline.next(seconds[one] ?? 0, nanos[one] ?? 0);
  return timeline;
}

/** The facts of a packet that has no more than its columns: one channel, its own. */
function plainFacts({ columns }: PacketIndex, row: number, id: number): PacketFacts {
  const number = columns.channel[row] ?? 0;
  if (number === 0) return { channels: [], verdicts: [], findings: [] };
  const caps = columns.caps[row] ?? NO_CAPS;
  const touched = {
    number,
    c1: id >>> 16,
    c2: id & 0xffff,
    state: STATES[columns.state[row] ?? 0] as State,
    caps: caps === NO_CAPS ? undefined : caps,
  };
  return { channels: [touched], verdicts: [], findings: [] };
}
