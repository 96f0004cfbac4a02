import type { StatisticsKind, StatisticsNews } from '../../query/news.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';
import type { StatisticsLine } from '../screens/statistics-lines.js';

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
}

export const FIRST_STATISTICS: StatisticsState = {
  kind: 'handshakes',
  filter: undefined,
  packets: 0,
  news: undefined,
  lines: [],
  cursor: FIRST_CURSOR,
};
