import type { Packet } from '../print/packet.js';
import { addValues, KEPT, type Measure, resultOf } from './measure.js';
import type { Cell, Column, Sheet } from './sheet.js';

/** What is counted of a packet. */
export interface Timed {
  readonly seconds: number;
  readonly nanos: number;
  readonly wire: number;
}

/** A column of the table: what it counts. */
export interface IoColumn<P = Packet> {
  /** As the user wrote it; empty for everything. */
  readonly filter: string;
  readonly passes: (packet: P) => boolean;
  /** What to work out of the values of a field; left out, frames and bytes are counted. */
  readonly measure?: Measure<P>;
}

/** Intervals that are kept. */
const MOST_INTERVALS = 100_000;
const MICRO = 1_000_000;

/**
 * Frames and bytes, or what is worked out of fields, interval by interval: tshark's `-z io,stat,…`. Times are
 * microseconds since the first packet of the capture; a packet that seems to come before the one before it counts where that did, as tshark has it.
 */
export class IoCounts<P extends Timed = Packet> {
  private readonly columns: readonly IoColumn<P>[];
  /** In microseconds. */
  private readonly interval: number;
  private readonly most: number;
  private readonly rows = new Map<number, Float64Array>();
  private origin: { readonly seconds: number; readonly nanos: number } | undefined;
  private last = 0;
  private end = 0;
  private left = 0;

  /** @param interval in seconds; 0 for the whole capture */
  constructor(columns: readonly IoColumn<P>[], interval: number, most = MOST_INTERVALS) {
    this.columns = columns;
    this.interval = Math.round(interval * MICRO);
    this.most = most;
  }

  /** Notes the time of a packet, whether it is counted or not: the table covers the whole capture. */
  begin({ seconds, nanos }: Pick<Timed, 'seconds' | 'nanos'>): void {
    this.origin ??= { seconds, nanos };
    const nanosSince = nanos - this.origin.nanos;
    // Rounded to the nearest, half away from zero.
    const micros = (seconds - this.origin.seconds) * MICRO + Math.floor((nanosSince + 500) / 1000);
    if (micros >= 0) this.last = micros;
    this.end = Math.max(this.end, this.last);
  }

  /** Counts the next packet. */
  take(packet: P): void {
    this.begin(packet);
    const place = this.interval === 0 ? 0 : Math.floor(this.last / this.interval);
    let row = this.rows.get(place);
    for (const [column, { passes, measure }] of this.columns.entries()) {
      if (!passes(packet)) continue;
      if (!row) {
        if (this.rows.size >= this.most) {
          this.left++;
          return;
        }
        row = new Float64Array(KEPT * this.columns.length);
        this.rows.set(place, row);
      }
      const at = KEPT * column;
      if (measure) addValues(measure, packet, row, at);
      else {
        row[at] = (row[at] ?? 0) + 1;
        row[at + 1] = (row[at + 1] ?? 0) + packet.wire;
      }
    }
  }

  sheets(): readonly Sheet[] {
    const notes: string[] = [];
    if (this.left > 0) notes.push(`more than ${this.most} intervals: ${this.left} packets in others are left out`);
    const rows = this.places(notes).map((place) => this.rowOf(place));
    return [{ title: 'Frames and bytes', columns: columnsOf(this.columns), rows, notes }];
  }

  /** The intervals to tell: all, or only those with packets where the empty ones are too many. */
  private places(notes: string[]): readonly number[] {
    if (this.origin === undefined) return [];
    const count = this.interval === 0 ? 1 : Math.floor(this.end / this.interval) + 1;
    if (count <= this.most) return Array.from({ length: count }, (_, place) => place);
    notes.push('intervals without packets are left out');
    return [...this.rows.keys()].sort((one, other) => one - other);
  }

  private rowOf(place: number): readonly Cell[] {
    const start = place * this.interval;
    // The capture ends where its last packet came, not at the end of an interval.
    const end = this.interval === 0 ? this.end : Math.min(this.end, start + this.interval);
    const kept = this.rows.get(place) ?? new Float64Array(KEPT * this.columns.length);
    const cells = this.columns.flatMap(({ measure }, column): readonly Cell[] => {
      const at = KEPT * column;
      return measure ? [resultOf(measure, kept, at)] : [kept[at], kept[at + 1]];
    });
    return [start / MICRO, end / MICRO, ...cells];
  }
}

function columnsOf(columns: readonly Pick<IoColumn<never>, 'filter' | 'measure'>[]): readonly Column[] {
  return [
    { key: 'start', head: 'Start', show: 'seconds' },
    { key: 'end', head: 'End', show: 'seconds' },
    ...columns.flatMap(({ filter, measure }): readonly Column[] => {
      if (measure)
        return [
          { key: filter, head: filter, show: measure.isDuration && measure.name !== 'COUNT' ? 'seconds' : 'rounded' },
        ];
      const of = filter === '' ? '' : `${filter} `;
      return [
        { key: `${of}frames`, head: `${of}frames` },
        { key: `${of}bytes`, head: `${of}bytes` },
      ];
    }),
  ];
}
