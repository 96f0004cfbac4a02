import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

export interface CraftState {
  readonly cursor: Cursor;
}

export const FIRST_CRAFT: CraftState = { cursor: FIRST_CURSOR };

export function runCraft(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.craft.cursor, command, screenHeight(state), 0);
  return cursor === undefined ? state : { ...state, craft: { ...state.craft, cursor } };
}

/** What came of sending, or of a script. */
export const takeSent = (state: AppState, _told: { readonly key?: string; readonly text: string }): AppState => state;
