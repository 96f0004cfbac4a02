import { type Dissection, Walk } from '../../dissectors/dissect.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Source } from '../../dissectors/layer.js';
import { bytesOf, viewOf } from '../../dissectors/wire/view.js';
import type { CaptureBatch } from '../capture/record-scanner.js';
import { readFacts, writeFacts } from '../index/facts-pool.js';
import { IntReader, Ints } from '../index/ints.js';
import type { Packet } from '../print/packet.js';
import { type Passed, Timeline } from '../print/timeline.js';
import { type Contribution, Replaying } from '../track/contributions.js';
import type { ExaminedOnce } from '../track/examine.js';
import type { PacketFacts } from '../track/facts.js';
import { NO_COMMENTS } from './reading.js';

/** Some packets of a capture that were examined in order, for a thread that prints them from the bytes of the file. */
export interface PacketRange {
  /** The number of the first. */
  readonly first: number;
  readonly count: number;
  /** Where their bytes begin in the file, and how many bytes there are up to the end of the last. */
  readonly offset: number;
  readonly size: number;
  /** What the capture says of each: the columns that `columnsOver` finds there. */
  readonly columns: ArrayBuffer;
  /** The numbers of those to which the capture gives no time. */
  readonly timeless: readonly number[];
  /** By the packet's number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
  readonly interfaces: readonly CaptureInterface[];
  /** What came before them. */
  readonly passed: Passed | undefined;
  /** What the packets before say of each, as `writeFacts` writes it. */
  readonly facts: Uint8Array<ArrayBuffer>;
  /** The bytes that were put together from several packets, in the order in which the facts speak of them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Columns as those of a `RecordBatch`; packets begin so far behind the first of the range. */
interface RangeColumns {
  readonly seconds: Float64Array;
  readonly at: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly nanos: Uint32Array;
  readonly interfaceId: Uint16Array;
}

/** The bytes of a packet's columns. */
const COLUMN_BYTES = 8 + 4 * 4 + 2;

/** One memory for all columns: a thread is handed few things faster than many. */
function columnsOver(buffer: ArrayBuffer, count: number): RangeColumns {
  const numbers = (place: number) => new Uint32Array(buffer, (8 + 4 * place) * count, count);
  return {
    seconds: new Float64Array(buffer, 0, count),
    at: numbers(0),
    captured: numbers(1),
    wire: numbers(2),
    nanos: numbers(3),
    interfaceId: new Uint16Array(buffer, 24 * count, count),
  };
}

/** The memories of a range, which can be handed over. */
export const memoriesOf = ({ columns, facts, bytes }: PacketRange): readonly ArrayBuffer[] => [
  columns,
  facts.buffer,
  bytes.buffer,
];

/** Gathers what the packets of a range must be printed with. */
export class PacketRangeWriter {
  private readonly facts = new Ints(1 << 16);
  private bytes = new Uint8Array(1 << 12);
  private size = 0;

  /** Takes the next packet. */
  take({ facts, contributions }: ExaminedOnce): void {
    writeFacts(facts, contributions, this.facts);
    for (const contribution of contributions) {
      for (const source of sourcesOf(contribution)) this.takeBytes(source);
    }
  }

  private takeBytes({ view, pieces = [] }: Source): void {
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    const end = this.size + size;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(bytesOf(view).subarray(0, size), this.size);
    this.size = end;
  }

  /** The packets of the rows `[from, to)` of a batch, which were taken; what was gathered is forgotten. */
  range(
    { base, records, first: ofBatch }: CaptureBatch,
    from: number,
    to: number,
    interfaces: readonly CaptureInterface[],
    commented: ReadonlyMap<number, readonly string[]>,
    passed: Passed | undefined,
  ): PacketRange {
    const first = ofBatch + from;
    const count = to - from;
    const columns = new ArrayBuffer(count * COLUMN_BYTES);
    const { seconds, at, captured, wire, nanos, interfaceId } = columnsOver(columns, count);
    seconds.set(records.seconds.subarray(from, to));
    captured.set(records.captured.subarray(from, to));
    wire.set(records.wire.subarray(from, to));
    nanos.set(records.nanos.subarray(from, to));
    interfaceId.set(records.interfaceId.subarray(from, to));
    const start = records.at[from] as number;
    let end = start;
    for (let row = from; row < to; row++) {
      const place = records.at[row] as number;
      at[row - from] = place - start;
      end = Math.max(end, place + (records.captured[row] as number));
    }
    const rows = [...records.timeless].filter((row) => row >= from && row < to);
    const range: PacketRange = {
      first,
      count,
      offset: base + start,
      size: end - start,
      columns,
      timeless: rows.map((row) => ofBatch + row),
      comments: commentsOf(commented, first, first + count),
      interfaces,
      passed,
      facts: this.facts.bytes.slice(0, this.facts.length),
      bytes: this.bytes.slice(0, this.size),
    };
    this.facts.clear();
    this.size = 0;
    return range;
  }
}

function commentsOf(commented: ReadonlyMap<number, readonly string[]>, first: number, end: number) {
  const found = new Map<number, readonly string[]>();
  if (commented.size === 0) return found;
  for (let number = first; number < end; number++) {
    const comments = commented.get(number);
    if (comments) found.set(number, comments);
  }
  return found;
}

/** The sources that a contribution speaks of, in the order in which they are read back. */
function sourcesOf(contribution: Contribution): readonly Source[] {
  switch (contribution.type) {
    case 'fragment':
      return contribution.source ? [contribution.source] : NO_SOURCES;
    case 'datagram':
      return contribution.wholes;
    case 'segment':
      return contribution.packets.flatMap(({ source }) => source ?? []);
    default:
      return NO_SOURCES;
  }
}

const NO_SOURCES: readonly Source[] = [];

/** Makes the packets of ranges again, from their bytes. */
export class PacketRangeReader {
  private readonly given: Pick<Packet, 'secrets'>;
  private readonly replaying = new Replaying();
  private readonly walk: Walk;

  constructor(secrets: Packet['secrets'], options: Walk['options']) {
    this.given = { secrets };
    this.walk = new Walk(this.replaying, options);
  }

  /**
   * Makes the packets of a range, one after the other: each is valid until the next.
   * @param frames the bytes of the range
   */
  read(range: PacketRange, frames: Uint8Array, take: (packet: Packet) => void): void {
    const facts = new IntReader(range.facts, 0);
    const timeline = Timeline.behind(range.passed);
    const columns = columnsOver(range.columns, range.count);
    const timeless = new Set(range.timeless);
    let taken = 0;
    const pieceOf = ({ length }: { readonly length: number }): Uint8Array => {
      taken += length;
      return range.bytes.subarray(taken - length, taken);
    };
    for (let row = 0; row < range.count; row++) {
      const number = range.first + row;
      const kept = readFacts(facts, pieceOf);
      this.replaying.begin(kept.contributions);
      take(this.packet(range, columns, row, number, frames, kept.facts, timeline, !timeless.has(number)));
    }
  }

  private packet(
    range: PacketRange,
    columns: RangeColumns,
    row: number,
    number: number,
    frames: Uint8Array,
    facts: PacketFacts,
    timeline: Timeline,
    isTimed: boolean,
  ): Packet {
    const captured = columns.captured[row] as number;
    const wire = columns.wire[row] as number;
    const [seconds, nanos] = [columns.seconds[row] as number, columns.nanos[row] as number];
    const on = range.interfaces[columns.interfaceId[row] as number];
    const at = columns.at[row] as number;
    const dissection = this.dissect(viewOf(frames.subarray(at, at + captured)), captured, wire, on, number);
    timeline.next(seconds, nanos);
    return {
      dissection,
      facts,
      number,
      seconds,
      nanos,
      isTimed,
      captured,
      wire,
      on,
      comments: range.comments.get(number) ?? NO_COMMENTS,
      secrets: this.given.secrets,
      timeline,
      links: undefined,
    };
  }

  private dissect(
    view: DataView,
    captured: number,
    wire: number,
    on: CaptureInterface | undefined,
    number: number,
  ): Dissection {
    const limit = { captured, wire: Math.max(wire, captured) };
    return this.walk.dissect(view, 0, limit, on?.linkType ?? -1, number);
  }
}
