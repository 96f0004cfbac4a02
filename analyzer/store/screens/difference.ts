import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

export interface DifferenceState {
  readonly cursor: Cursor;
}

export const FIRST_DIFFERENCE: DifferenceState = { cursor: FIRST_CURSOR };

export function runDifference(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.difference.cursor, command, screenHeight(state), 0);
  return cursor === undefined ? state : { ...state, difference: { ...state.difference, cursor } };
}
