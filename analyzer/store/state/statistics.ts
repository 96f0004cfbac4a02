import type { StatisticsKind, StatisticsNews } from '../../query/news.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';
import type { StatisticsLine, TableOrder } from '../screens/statistics-lines.js';

/** What is counted, and what came of it so far. */
export interface StatisticsState {
  readonly kind: StatisticsKind;
  /** The display filter that it was counted with; undefined while nothing was. */
  readonly filter: string | undefined;
  /** Packets of the capture when it was counted. */
  readonly packets: number;
  readonly news: StatisticsNews | undefined;
  readonly lines: readonly StatisticsLine[];
  readonly cursor: Cursor;
  /** How the tables are sorted, by their titles; those that are not there stay as they were counted. */
  readonly sorted: ReadonlyMap<string, TableOrder>;
}

export const FIRST_STATISTICS: StatisticsState = {
  kind: 'handshakes',
  filter: undefined,
  packets: 0,
  news: undefined,
  lines: [],
  cursor: FIRST_CURSOR,
  sorted: new Map(),
};
