import type { ChannelKey, ChannelSnapshot } from '../capture-view.js';
import { type Cursor, FIRST_CURSOR, moveCursor, moveTo } from '../cursor.js';
import type { Command } from '../keys.js';
import { clamp, screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

/** The list of channels. */
export interface ChannelsState {
  readonly snapshot: ChannelSnapshot | undefined;
  /** Places in the snapshot, in the order of the list. */
  readonly order: Uint32Array;
  readonly key: ChannelKey;
  readonly descending: boolean;
  /** Words that a channel must have to be shown. */
  readonly words: string;
  readonly cursor: Cursor;
  /** The number of the channel under the cursor; 0 while there is none. */
  readonly selected: number;
  /** Numbers of the channels that were chosen for the ladder besides. */
  readonly chosen: ReadonlySet<number>;
}

export const FIRST_CHANNELS: ChannelsState = {
  snapshot: undefined,
  order: new Uint32Array(0),
  key: 'number',
  descending: false,
  words: '',
  cursor: FIRST_CURSOR,
  selected: 0,
  chosen: new Set(),
};

/** Rows of the list. */
export const channelRows = (state: AppState): number => Math.max(1, screenHeight(state) - 1);

/** A newer snapshot: the cursor stays on its channel. */
export function takeChannels(state: AppState, snapshot: ChannelSnapshot): AppState {
  return reorder({ ...state, channels: { ...state.channels, snapshot } });
}

/** The list in the order that is wanted now, with the cursor on the channel where it was. */
function reorder(state: AppState): AppState {
  const { snapshot, key, descending, words, selected, cursor } = state.channels;
  if (snapshot === undefined) return state;
  const order = snapshot.order(
    key,
    descending,
    words.split(/\s+/).filter((word) => word !== ''),
  );
  const place = snapshot.placeOf(selected);
  const at = place < 0 ? cursor.at : order.indexOf(place);
  return settled({ ...state, channels: { ...state.channels, order } }, at < 0 ? cursor.at : at);
}

function settled(state: AppState, at: number): AppState {
  const { order, snapshot, cursor } = state.channels;
  const moved = moveTo(cursor, clamp(at, 0, Math.max(0, order.length - 1)), channelRows(state), order.length);
  const place = order[moved.at];
  const selected = place === undefined ? 0 : (snapshot?.at(place).number ?? 0);
  return { ...state, channels: { ...state.channels, cursor: moved, selected } };
}

/** What a command does to the list of channels. */
export function runChannels(state: AppState, command: Command): AppState {
  const { cursor, order } = state.channels;
  const moved = moveCursor(cursor, command, channelRows(state), order.length);
  return moved === undefined ? state : settled({ ...state, channels: { ...state.channels, cursor: moved } }, moved.at);
}
