import { printable } from '../../text/printable.js';
import { wrapped } from '../../text/wrapped.js';
import { moveCursor } from '../cursor.js';
import type { LogCommand } from '../keys.js';
import { layoutFor, screenHeight } from '../layout.js';
import type { LogLine } from '../log.js';
import type { AppState } from '../state.js';

/** Cells before the text of a line: a mark, a time, and blanks. */
export const LOG_HEAD = 12;

/** A row of the log: a line, or what of one does not fit in the rows above. */
export interface LogRow {
  readonly line: LogLine;
  readonly text: string;
  readonly isFirst: boolean;
}

/** The rows of the log, the newest last. */
export function logRows(state: AppState, ascii = false): readonly LogRow[] {
  const room = Math.max(1, layoutFor(state).width - LOG_HEAD);
  return state.log.flatMap((line) =>
    wrapped(printable(line.text, ascii), room).map((text, place) => ({ line, text, isFirst: place === 0 })),
  );
}

/** What a command does to the log. */
export function runLog(state: AppState, command: LogCommand): AppState {
  const rows = logRows(state).length;
  const cursor = moveCursor(state.logScreen.cursor, command, screenHeight(state), rows, 1);
  return { ...state, logScreen: { cursor } };
}
