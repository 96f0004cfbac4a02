import type { Column, Sheet } from './sheet.js';

/** The steps of a decade into which round trips fall. */
const STEPS = [1, 2, 5] as const;
/** Decades of microseconds: longer than 100 s is one class. */
const DECADES = 9;

/** How many handshakes took how long, in classes that grow with it: 1, 2, 5, 10, … microseconds. */
export class RoundTrips {
  /** Channels by the lower end of their class. */
  private readonly classes = new Map<number, number[]>();

  /** @param seconds from CHANNEL_NEW to CHANNEL_ACKNOWLEDGE */
  take(channel: number, seconds: number): void {
    const from = lowerEnd(seconds * 1e6);
    const known = this.classes.get(from);
    if (known) known.push(channel);
    else this.classes.set(from, [channel]);
  }

  /** A row a class from the first that has any to the last. */
  sheet(): Sheet {
    const rows = this.ends().map((from) => {
      const end = upperEnd(from);
      return [from, Number.isFinite(end) ? end : undefined, this.classes.get(from)?.length ?? 0];
    });
    return { title: 'Round trips NEW to ACKNOWLEDGE', columns: COLUMNS, rows, notes: [] };
  }

  /** The channels of each row. */
  channels(): readonly (readonly number[])[] {
    return this.ends().map((from) => this.classes.get(from) ?? []);
  }

  private ends(): readonly number[] {
    const known = [...this.classes.keys()];
    const last = Math.max(...known);
    const ends: number[] = [];
    for (let from = Math.min(...known); from <= last; from = upperEnd(from)) ends.push(from);
    return ends;
  }
}

const ENDS: readonly number[] = [
  0,
  ...Array.from({ length: DECADES }, (_, decade) => STEPS.map((step) => step * 10 ** decade)).flat(),
];

const lowerEnd = (micros: number): number => ENDS.findLast((end) => end <= micros) ?? 0;
const upperEnd = (from: number): number => ENDS.find((end) => end > from) ?? Number.POSITIVE_INFINITY;

const COLUMNS: readonly Column[] = [
  { key: 'from_us', head: 'From ms', show: 'millis' },
  { key: 'to_us', head: 'Below ms', show: 'millis' },
  { key: 'channels', head: 'Channels' },
];
