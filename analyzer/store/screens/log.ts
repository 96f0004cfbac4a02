import { moveCursor } from '../cursor.js';
import type { LogCommand } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

/** Cells before the text of a line: a mark and a time. */
const HEAD = 12;

/** What a command does to the log. */
export function runLog(state: AppState, command: LogCommand): AppState {
  const { log, logScreen } = state;
  const longest = log.reduce((most, { text }) => Math.max(most, HEAD + text.length), 1);
  const cursor = moveCursor(logScreen.cursor, command, screenHeight(state), log.length, longest);
  return { ...state, logScreen: { cursor } };
}
