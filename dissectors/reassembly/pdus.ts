import type { PduState, Piece } from '../layer.js';
import { STREAM_APPLICATIONS, type StreamedApplication } from '../registry.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';
import type { StreamPacket } from './answers.js';
import { cutPieces } from './pieces.js';
import { type HeldBytes, hold } from './run.js';

/** The longest PDU that is put together, in bytes: what claims to be longer is taken for something else. */
const MOST_PDU = 8 * 1024 * 1024;

/** Room that is made at once for a PDU whose length is known: no record of TLS needs more. */
const MOST_ROOM = 32 * 1024;

/** No application is known. */
const NONE = -1;

/** What a conversation carries, for both its directions. */
export class Carried {
  /** The place of the application in the registry, or `NONE`. */
  application = NONE;
  /** PDUs that were cut. */
  count = 0;
  /** Set once the stream carries channel packets: then it carries nothing else. */
  isOff = false;
  /** Applications that the ports hint at, the lower port's first; undefined until somebody asks. */
  private hints: readonly number[] | undefined;
  private readonly port: number;
  private readonly otherPort: number;
  private readonly applications: readonly StreamedApplication[];

  constructor(port = NONE, otherPort = NONE, applications = STREAM_APPLICATIONS) {
    this.port = port;
    this.otherPort = otherPort;
    this.applications = applications;
  }

  get stream() {
    return this.applications[this.application]?.stream;
  }

  /** Notes which application the bytes at the start of a segment are of, if any knows them. */
  recognize(view: DataView, at: number, limit: Limit): void {
    this.hints ??= [...this.onPort(this.port), ...this.onPort(this.otherPort)];
    for (const place of this.hints) {
      if (this.applications[place]?.stream.length(view, at, limit, NO_STATE) === undefined) continue;
      this.application = place;
      return;
    }
    for (let place = 0; place < this.applications.length; place++) {
      if (!this.applications[place]?.stream.startsOnAnyPort?.(view, at, limit)) continue;
      this.application = place;
      return;
    }
  }

  private onPort(port: number): readonly number[] {
    return this.applications.flatMap(({ tcpPorts = [] }, place) => (tcpPorts.includes(port) ? [place] : []));
  }

  /** Forgets all that was seen: another connection begins between the same ports. */
  reset(): void {
    this.application = NONE;
    this.count = 0;
    this.isOff = false;
  }

  /** Forgets the application, unless PDUs of it were seen. */
  doubt(): void {
    if (this.count === 0) this.application = NONE;
  }
}

const NO_STATE: PduState = { own: 0, other: 0 };

/** What the next bytes of a direction have brought. */
export interface PduCut {
  readonly packets: readonly StreamPacket[];
  /** Bytes behind a PDU that belong to none. */
  readonly lost: number;
}

const NO_CUT: PduCut = { packets: [], lost: 0 };

type Growing = { readonly packets: StreamPacket[]; lost: number };

/** Bytes that wait for the rest of their PDU. */
interface Waiting extends HeldBytes {
  /** As many bytes as may tell more. */
  readonly need: number;
  /** The length of the PDU, 0 where it is not known. */
  readonly size: number;
}

/** The bytes that are being cut: those of a segment, or those that waited and then those of a segment. */
interface Run {
  readonly view: DataView;
  readonly start: number;
  /** How far the bytes go, as captured and as sent. */
  readonly limit: Limit;
  readonly pieces: readonly Piece[];
  /** Where the first of the pieces starts. */
  readonly from: number;
  readonly held: Waiting | undefined;
}

/**
 * Cuts one direction of a byte stream, in order, into the PDUs of the application that its conversation carries. After a
 * gap it goes on behind the PDU that was cut by it, where that is known, else at the first segment that starts with one.
 * What it costs grows with the bytes of the stream; it holds one PDU at most.
 */
export class PduCutter {
  /** Whether the last segment brought bytes that wait for the rest of their PDU, or that end one which is not shown. */
  isPartial = false;
  /** What the PDUs of this direction have said: see `StreamApplication.learn`. */
  known = 0;
  /** The other direction. */
  other: PduCutter = this;
  private held: Waiting | undefined;
  /** Bytes to come of a PDU that was shown, or that a gap has cut. */
  private skip = 0;
  private readonly carried: Carried;

  constructor(carried: Carried) {
    this.carried = carried;
  }

  /** Bytes that are kept for a PDU of which some are still to come, room for those counted. */
  get waiting(): number {
    return this.held?.bytes.length ?? 0;
  }

  /** Tells that the stream carries channel packets. */
  turnOff(): void {
    if (this.carried.isOff) return;
    this.carried.isOff = true;
    this.restart();
    this.other.restart();
  }

  /** Tells that a segment waits for others before it. */
  delay(): void {
    this.isPartial = !this.carried.isOff && this.carried.stream !== undefined;
  }

  /** Forgets where the stream was: it starts anew. */
  restart(): void {
    this.held = undefined;
    this.skip = 0;
    this.isPartial = false;
    this.known = 0;
  }

  /** Tells that bytes before the next are missing. */
  gap(length: number): void {
    const { held } = this;
    this.held = undefined;
    // Of a PDU whose length is known the end is known as well.
    if (held) this.skip = Math.max(0, held.size - held.length);
    this.skip = Math.max(0, this.skip - length);
  }

  /**
   * Takes the next bytes of the stream: `[at, limit.captured)` of a view; those up to `limit.wire` were not captured.
   * PDUs that lie whole in them are told by their offset from `at`.
   * @param mayBeChannel whether the bytes may be the start of a channel packet
   */
  feed(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, mayBeChannel: boolean): PduCut {
    const { carried } = this;
    if (carried.isOff) return NO_CUT;
    const { captured, wire } = limit;
    if (carried.application === NONE) {
      if (mayBeChannel || at >= captured) return NO_CUT;
      carried.recognize(view, at, limit);
      if (carried.application === NONE) return NO_CUT;
    }
    const skipped = Math.min(this.skip, captured - at);
    this.skip -= skipped;
    this.isPartial ||= skipped > 0;
    const start = at + skipped;
    const cut: Growing = { packets: [], lost: 0 };
    const { held } = this;
    if (!held) {
      if (start < captured) this.cut({ view, start, limit, pieces, from: at, held }, cut);
    } else {
      hold(held, slice(view, start, captured), cutPieces(pieces, skipped, captured - start));
      this.isPartial = true;
      if (held.length >= held.need || captured < wire) this.cut(runOf(held, wire - captured), cut);
    }
    if (captured < wire) this.gap(wire - captured);
    return cut;
  }

  private cut(run: Run, cut: Growing): void {
    const { view, limit } = run;
    const { captured: end, wire } = limit;
    const { stream } = this.carried;
    this.held = undefined;
    let at = run.start;
    while (stream && at < end) {
      const state = { own: this.known, other: this.other.known };
      const length = stream.length(view, at, limit, state);
      if (length === undefined || length === 0 || length > MOST_PDU) return this.lose(end - at, cut);
      const stop = at + length;
      if (length < 0 || (stop > end && end === wire)) return this.wait(run, at, length);
      if (stop <= end && stream.learn) this.known = stream.learn(view, at, stop, state);
      // Of a PDU that the capture cut short is shown what there is.
      const captured = Math.min(stop, end);
      cut.packets.push(pduOf(run, at, captured, length, this.carried.application, state));
      this.carried.count++;
      this.skip = stop - captured;
      at = captured;
    }
  }

  /** Gives up the bytes that are left: they are of no PDU. */
  private lose(left: number, cut: Growing): void {
    if (cut.packets.length > 0) cut.lost += left;
    else this.isPartial = false;
    this.carried.doubt();
  }

  /** Keeps the bytes from `at` on. @param length of the PDU; negative where it is not known, but so many bytes tell more */
  private wait(run: Run, at: number, length: number): void {
    this.isPartial = true;
    const have = run.limit.captured - at;
    const state = { need: Math.max(Math.abs(length), have + 1), size: Math.max(0, length) };
    // Bytes that wait already are not copied again: they may come one by one.
    if (run.held && at === 0) {
      this.held = Object.assign(run.held, state);
      return;
    }
    const pieces = [...cutPieces(run.pieces, at - run.from, have)];
    const bytes = new Uint8Array(Math.max(have, Math.min(state.size, MOST_ROOM)));
    bytes.set(slice(run.view, at, run.limit.captured));
    this.held = { bytes, length: have, pieces, ...state };
  }
}

/** All bytes that wait, to be cut. @param missing how many more were sent, and not captured */
const runOf = (held: Waiting, missing: number): Run => ({
  view: viewOf(held.bytes),
  start: 0,
  limit: { captured: held.length, wire: held.length + missing },
  pieces: held.pieces,
  from: 0,
  held,
});

/** The PDU `[at, end)` of a run, of `wire` bytes when sent. */
function pduOf(run: Run, at: number, end: number, wire: number, pdu: number, state: PduState): StreamPacket {
  const { view, held, pieces, from } = run;
  if (!held) return { source: undefined, at: at - from, captured: end - at, wire, pdu, state };
  const isAll = at === 0 && end === held.length;
  // Nobody else has bytes that waited and are all of one PDU.
  const bytes = isAll ? held.bytes.subarray(0, end) : slice(view, at, end).slice();
  const own = isAll ? pieces : cutPieces(pieces, at, end - at);
  const source = { name: 'Reassembled PDU', view: viewOf(bytes), pieces: own };
  return { source, at: 0, captured: end - at, wire, pdu, state };
}
