import type { Matches } from '../index/matches.js';
import { clamp, reveal } from './layout.js';
import { nearestPlace } from './visible.js';

/** Where the user is in the packet list. */
export interface ListState {
  /** The number of the selected packet; 0 while there is none. */
  readonly selected: number;
  /** Rows above the window. */
  readonly top: number;
  /** Cells by which the information column is moved to the left. */
  readonly shift: number;
  /** Whether the selection moves to the last packet as the capture grows. */
  readonly follow: boolean;
  /** The column that was gone to, from 0; none if it is left out or below. */
  readonly cell?: number;
}

export const FIRST_LIST: ListState = { selected: 0, top: 0, shift: 0, follow: false };

/** Selects the packet in a place, as near to it as there is one, and brings it into the window. */
export function selectPlace(list: ListState, place: number, visible: Matches, height: number): ListState {
  if (visible.count === 0) return { ...list, selected: 0, top: 0 };
  const at = clamp(place, 0, visible.count - 1);
  return { ...list, selected: visible.at(at), top: reveal(list.top, at, height, visible.count) };
}

/** Selects a packet, or the one that is nearest to it among those that can be seen, and brings it into the window. */
export const selectPacket = (list: ListState, number: number, visible: Matches, height: number): ListState =>
  selectPlace(list, nearestPlace(visible, number), visible, height);

/** Moves the window and leaves the selection where it is, as a wheel does. */
export const scrollList = (list: ListState, by: number, visible: Matches, height: number): ListState => ({
  ...list,
  follow: false,
  top: clamp(list.top + by, 0, Math.max(0, visible.count - Math.max(1, height))),
});

/** What a grown capture does to the list: the first packet is selected, or the last one followed. */
export function growList(list: ListState, visible: Matches, height: number): ListState {
  if (list.follow) return selectPlace(list, visible.count - 1, visible, height);
  if (visible.count === 0) return list;
  // What was selected may have been forgotten meanwhile.
  if (list.selected < visible.at(0)) return selectPlace(list, 0, visible, height);
  return list;
}
