import type { DataNews } from '../../query/news.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';
import { type DataLines, NO_LINES } from '../screens/data-lines.js';

/** Of what went both ways on a channel, or one of them. */
export const DIRECTIONS = ['both', 'initiator', 'responder'] as const;
export type DataDirection = (typeof DIRECTIONS)[number];
export type DataForm = 'text' | 'hex';

/** What a channel carried. */
export interface DataState {
  /** The number of the channel; 0 while none was chosen. */
  readonly channel: number;
  readonly direction: DataDirection;
  readonly form: DataForm;
  readonly news: DataNews | undefined;
  readonly lines: DataLines;
  /** Pieces that the lines were made of, and those of the other direction between them. */
  readonly lined: number;
  readonly cursor: Cursor;
}

export const FIRST_DATA: DataState = {
  channel: 0,
  direction: 'both',
  form: 'text',
  news: undefined,
  lines: NO_LINES,
  lined: 0,
  cursor: FIRST_CURSOR,
};
