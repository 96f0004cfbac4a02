import { type Cursor, FIRST_CURSOR } from '../cursor.js';

/** Where the user is in the log. */
export interface LogState {
  readonly cursor: Cursor;
}

export const FIRST_LOG: LogState = { cursor: FIRST_CURSOR };
