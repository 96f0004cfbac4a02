import type { Search } from '../../query/news.js';

/** What was searched for last, and how the next search will be. */
export interface SearchState {
  readonly in: Search['in'];
  readonly as: Search['as'];
  readonly what: string;
  readonly backwards: boolean;
}

export const FIRST_SEARCH: SearchState = { in: 'list', as: 'text', what: '', backwards: false };
