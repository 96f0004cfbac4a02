import { type Cursor, FIRST_CURSOR } from '../cursor.js';
import type { ComparedLine } from '../screens/compare-lines.js';

/** Two packets side by side. */
export interface DifferenceState {
  /** Their numbers; undefined while nothing is compared. */
  readonly pair: readonly [left: number, right: number] | undefined;
  /** All lines of both; empty until the packets have been read. */
  readonly lines: readonly ComparedLine[];
  /** The pair whose lines these are. */
  readonly of: DifferenceState['pair'];
  readonly onlyDifferences: boolean;
  readonly cursor: Cursor;
}

export const FIRST_DIFFERENCE: DifferenceState = {
  pair: undefined,
  lines: [],
  of: undefined,
  onlyDifferences: false,
  cursor: FIRST_CURSOR,
};
