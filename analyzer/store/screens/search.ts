import type { FindNews, Search } from '../capture-view.js';
import type { AppState } from '../state.js';

/** What was searched for last. */
export interface SearchState {
  readonly search: Search | undefined;
}

export const FIRST_SEARCH: SearchState = { search: undefined };

/** Goes to the packet that was found. */
export const takeFound = (state: AppState, _news: FindNews): AppState => state;
