import type { Matches } from '../../index/matches.js';
import type { Arrow, Step } from '../../print/ladder.js';
import type { Spot } from '../state/ladder.js';

/** A row of the ladder. */
export type LadderItem =
  | { readonly type: 'step'; readonly at: Spot; readonly packet: number; readonly step: Step }
  /** Numbers that a packet shows to be missing before it. */
  | { readonly type: 'loss'; readonly at: Spot; readonly packet: number; readonly arrow: Arrow }
  /** Packets of data that are drawn as one row. */
  | {
      readonly type: 'run';
      readonly at: Spot;
      readonly packet: number;
      readonly last: number;
      readonly packets: number;
    }
  /** A packet whose steps are not known yet. */
  | { readonly type: 'unknown'; readonly at: Spot; readonly packet: number };

/** Beyond the last row of any packet. */
export const LAST_ROW = Number.MAX_SAFE_INTEGER;

/** What the rows are made of. */
export interface LadderSource {
  readonly matches: Matches;
  /** By number of packet, as far as they have been asked for. */
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  /** Numbers of the channels that are drawn. */
  readonly channels: ReadonlySet<number>;
  readonly collapsed: boolean;
}

/**
 * Packets that make rows together: runs of data are collapsed within such groups only, so that no more than a group
 * must be known to draw any of it, wherever it is.
 */
const GROUP = 64;

const groupSize = ({ collapsed }: LadderSource): number => (collapsed ? GROUP : 1);

/** The place where the group of a packet begins. */
const groupAt = (source: LadderSource, place: number): number => place - (place % groupSize(source));

/** The place where the next group begins; `count` for the last one. */
const nextGroup = (source: LadderSource, place: number): number =>
  Math.min(source.matches.count, groupAt(source, place) + groupSize(source));

/** The rows of the group that begins at a place. */
export function groupItems(source: LadderSource, from: number): readonly LadderItem[] {
  const to = nextGroup(source, from);
  const items: LadderItem[] = [];
  for (let place = from; place < to; ) {
    const end = runEnd(source, place, to);
    const packet = source.matches.at(place);
    if (end - place > 1) {
      const last = source.matches.at(end - 1);
      items.push({ type: 'run', at: { place, nth: 0 }, packet, last, packets: end - place });
      place = end;
    } else {
      items.push(...itemsOf(source, place, packet, source.steps.get(packet)));
      place++;
    }
  }
  return items;
}

/** Where the run of data ends that begins at a place; the place itself where there is none. */
function runEnd(source: LadderSource, from: number, to: number): number {
  if (!source.collapsed) return from;
  let place = from;
  while (place < to) {
    const steps = source.steps.get(source.matches.at(place));
    if (steps === undefined || !isPlain(stepsOf(source, steps))) break;
    place++;
  }
  return place;
}

function itemsOf(
  source: LadderSource,
  place: number,
  packet: number,
  steps: readonly Step[] | undefined,
): readonly LadderItem[] {
  if (steps === undefined) return [{ type: 'unknown', at: { place, nth: 0 }, packet }];
  const items: LadderItem[] = [];
  const next = () => ({ place, nth: items.length });
  for (const step of stepsOf(source, steps)) {
    if (step.type === 'arrow' && step.missing > 0) items.push({ type: 'loss', at: next(), packet, arrow: step });
    items.push({ type: 'step', at: next(), packet, step });
  }
  return items.length > 0 ? items : [{ type: 'unknown', at: { place, nth: 0 }, packet }];
}

/** The steps that belong to the channels that are drawn; all, if none of them is known to. */
function stepsOf({ channels }: LadderSource, steps: readonly Step[]): readonly Step[] {
  const own = steps.filter(
    ({ type, ...step }) => type === 'arrow' && 'channel' in step && channels.has(step.channel ?? 0),
  );
  return own.length > 0 ? own : steps;
}

const DATA: ReadonlySet<string> = new Set(['DATA', 'DATA_PROGRESS', 'DATA_WINDOW']);

/** Whether there is nothing to tell of a packet but that it carries data. */
const isPlain = (steps: readonly Step[]): boolean =>
  steps.length > 0 &&
  steps.every(
    (step) =>
      step.type === 'arrow' &&
      step.fate === 'taken' &&
      step.missing === 0 &&
      step.messages.length > 0 &&
      step.messages.every((name) => DATA.has(name)) &&
      step.notes.every(({ severity }) => severity === 'chat'),
  );

/** Where a spot stands among the rows of its group. */
function rowIn(items: readonly LadderItem[], { place, nth }: Spot): number {
  let row = 0;
  for (const [index, { at }] of items.entries()) {
    if (at.place < place || (at.place === place && at.nth <= nth)) row = index;
  }
  return row;
}

/** Moves by rows, as far as there are any. */
export function moveSpot(source: LadderSource, from: Spot, by: number): Spot {
  let group = groupAt(source, from.place);
  let items = groupItems(source, group);
  let row = rowIn(items, from) + by;
  while (row < 0 && group > 0) {
    group = groupAt(source, group - 1);
    items = groupItems(source, group);
    row += items.length;
  }
  for (;;) {
    const next = nextGroup(source, group);
    if (row < items.length || next >= source.matches.count) break;
    row -= items.length;
    group = next;
    items = groupItems(source, group);
  }
  return items[Math.max(0, Math.min(row, items.length - 1))]?.at ?? { place: 0, nth: 0 };
}

/** The rows from a spot on, at most so many. */
export function itemsFrom(source: LadderSource, from: Spot, most: number): readonly LadderItem[] {
  const { count } = source.matches;
  const found: LadderItem[] = [];
  if (from.place >= count) return found;
  let group = groupAt(source, from.place);
  let items = groupItems(source, group);
  found.push(...items.slice(rowIn(items, from)));
  for (group = nextGroup(source, group); found.length < most && group < count; group = nextGroup(source, group)) {
    items = groupItems(source, group);
    found.push(...items);
  }
  return found.slice(0, most);
}

const isBefore = (one: Spot, other: Spot): boolean =>
  one.place < other.place || (one.place === other.place && one.nth < other.nth);

/** The first row to draw so that a spot can be seen, moving as little as possible. */
export function revealSpot(source: LadderSource, top: Spot, at: Spot, height: number): Spot {
  const count = source.matches.count;
  if (count === 0) return { place: 0, nth: 0 };
  if (isBefore(at, top)) return at;
  const least = moveSpot(source, at, 1 - Math.max(1, height));
  return isBefore(top, least) ? least : top;
}

/** The packets whose steps must be known to draw a window, and a page before and after it. */
export function neededPackets(source: LadderSource, top: Spot, height: number): readonly number[] {
  const { matches } = source;
  if (matches.count === 0) return [];
  const size = groupSize(source);
  const before = size === 1 ? height : size;
  const from = groupAt(source, Math.max(0, Math.min(top.place, matches.count - 1) - before));
  let rows = 0;
  let to = groupAt(source, Math.min(top.place, matches.count - 1));
  // A collapsed group that is not known yet may become one row: then the next ones are asked for after it.
  while (to < matches.count && rows < 2 * height) {
    const items = groupItems(source, to);
    rows += items.length;
    to = nextGroup(source, to);
  }
  return Array.from({ length: to - from }, (_, place) => matches.at(from + place));
}
