import type { DataNews } from '../capture-view.js';
import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

export interface DataState {
  readonly cursor: Cursor;
}

export const FIRST_DATA: DataState = { cursor: FIRST_CURSOR };

export function runData(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.data.cursor, command, screenHeight(state), 0);
  return cursor === undefined ? state : { ...state, data: { ...state.data, cursor } };
}

export const takeData = (state: AppState, _news: DataNews): AppState => state;
