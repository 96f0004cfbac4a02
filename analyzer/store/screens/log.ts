import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

/** Where the user is in the log. */
export interface LogState {
  readonly cursor: Cursor;
}

export const FIRST_LOG: LogState = { cursor: FIRST_CURSOR };

/** What a command does to the log. */
export function runLog(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.logScreen.cursor, command, screenHeight(state), state.log.length);
  return cursor === undefined ? state : { ...state, logScreen: { cursor } };
}
