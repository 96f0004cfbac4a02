import type { MatchNews } from '../capture-view.js';
import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

export interface LadderState {
  readonly cursor: Cursor;
}

export const FIRST_LADDER: LadderState = { cursor: FIRST_CURSOR };

export function runLadder(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.ladder.cursor, command, screenHeight(state), 0);
  return cursor === undefined ? state : { ...state, ladder: { ...state.ladder, cursor } };
}

/** The packets of the chosen channels, as far as they are known. */
export const takeLadder = (state: AppState, _news: MatchNews): AppState => state;
