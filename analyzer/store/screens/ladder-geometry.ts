import type { AppState } from '../state.js';
import { ladderAreas } from './ladder-areas.js';
import { type Lane, ladderLanes } from './ladder-lanes.js';

/** Where the columns of the peers are. */
export interface LadderGeometry {
  /** Cells of the gutter: marks, number, times. */
  readonly gutter: number;
  readonly number: number;
  /** 0 where there is no room for times, or for differences of times. */
  readonly time: number;
  readonly delta: number;
  /** Cells for columns and arrows. */
  readonly room: number;
  /** Cells from one column to the next. */
  readonly spacing: number;
  readonly lanes: readonly Lane[];
  /** Cells that are moved out to the left. */
  readonly skipped: number;
}

/** Columns nearer than this leave no room for what a message says. */
const NARROWEST = 24;
/** Two marks and a blank. */
const MARKS = 3;
const DELTA = 9;
/** `06:12:13.123456`, and the digits after the point of a time since the start, with the point. */
const DATED = 15;
const FRACTION = 7;
/** Cells from which there is room for times, and for differences of times. */
const WITH_TIME = 36;
const WITH_DELTA = 64;

/** Lays out gutter and columns. */
export function ladderGeometry(state: AppState): LadderGeometry {
  const { width } = ladderAreas(state);
  const lanes = ladderLanes(state);
  const number = Math.max(5, `${state.capture.count}`.length);
  const wanted = state.ladder.dated ? DATED : Math.max(9, wholeDigits(state) + FRACTION);
  const time = width >= WITH_TIME ? wanted : 0;
  const delta = width >= WITH_DELTA ? DELTA : 0;
  const gutter = MARKS + number + 1 + (time > 0 ? time + 1 : 0) + (delta > 0 ? delta + 1 : 0);
  const room = Math.max(4, width - gutter);
  const gaps = Math.max(1, lanes.length - 1);
  const shown = Math.max(1, Math.min(gaps, Math.floor((room - 1) / NARROWEST)));
  const spacing = Math.max(3, Math.floor((room - 1) / shown));
  const shift = Math.max(0, Math.min(state.ladder.shift, gaps - shown));
  return { gutter, number, time, delta, room, spacing, lanes, skipped: shift * spacing };
}

/** Digits of the seconds at the end of the newest channel that is drawn. */
function wholeDigits({ ladder, channels: { snapshot } }: AppState): number {
  const ends = ladder.channels.map((number) => {
    const place = snapshot?.placeOf(number) ?? -1;
    return place < 0 ? 0 : (snapshot?.at(place).ended ?? 0);
  });
  return `${Math.floor(Math.max(0, ...ends))}`.length;
}
