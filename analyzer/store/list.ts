import { clamp, reveal } from './layout.js';

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
}

export const FIRST_LIST: ListState = { selected: 0, top: 0, shift: 0, follow: false };

/** Selects a packet, as near to `number` as there is one, and brings it into the window. */
export function selectPacket(list: ListState, number: number, count: number, height: number): ListState {
  const selected = count === 0 ? 0 : clamp(number, 1, count);
  return { ...list, selected, top: reveal(list.top, selected - 1, height, count) };
}

/** Moves the window and leaves the selection where it is, as a wheel does. */
export const scrollList = (list: ListState, by: number, count: number, height: number): ListState => ({
  ...list,
  follow: false,
  top: clamp(list.top + by, 0, Math.max(0, count - Math.max(1, height))),
});

/** What a grown capture does to the list: the first packet is selected, or the last one followed. */
export function growList(list: ListState, count: number, height: number): ListState {
  if (list.follow) return selectPacket(list, count, count, height);
  return list.selected === 0 ? selectPacket(list, 1, count, height) : list;
}
