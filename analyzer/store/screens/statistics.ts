import type { StatisticsNews } from '../capture-view.js';
import { type Cursor, FIRST_CURSOR, moveCursor } from '../cursor.js';
import type { Command } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { AppState } from '../state.js';

export interface StatisticsState {
  readonly cursor: Cursor;
}

export const FIRST_STATISTICS: StatisticsState = { cursor: FIRST_CURSOR };

export function runStatistics(state: AppState, command: Command): AppState {
  const cursor = moveCursor(state.statistics.cursor, command, screenHeight(state), 0);
  return cursor === undefined ? state : { ...state, statistics: { ...state.statistics, cursor } };
}

export const takeStatistics = (state: AppState, _news: StatisticsNews): AppState => state;
