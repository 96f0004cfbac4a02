import type { MatchNews, Search } from '../../query/news.js';

/** Words that were found in the information of a packet: where they begin and end. */
export interface FoundWords {
  readonly packet: number;
  readonly from: number;
  readonly to: number;
}

/** What was searched for last, and how the next search will be. */
export interface SearchState {
  readonly in: Search['in'];
  readonly as: Search['as'];
  readonly what: string;
  readonly backwards: boolean;
  /** The packets that the last search finds, as far as that is known, and what they were asked by. */
  readonly hits: { readonly key: string; readonly news: MatchNews | undefined } | undefined;
  /** The search that goes on: for words, or for a packet of the same channel; and whether it began anew at the other end. */
  readonly looking:
    | {
        readonly search: Search;
        readonly kind: 'words' | 'channel';
        readonly backwards: boolean;
        readonly wrapped: boolean;
      }
    | undefined;
  /** The packet that was found last; whether its match is shown in the details, which come later. */
  readonly goal: { readonly packet: number; readonly search: Search; readonly isShown: boolean } | undefined;
  /** Whether the search that found the packet under the cursor began anew at the other end. */
  readonly wrapped: boolean;
  readonly words: FoundWords | undefined;
}

export const FIRST_SEARCH: SearchState = {
  in: 'list',
  as: 'text',
  what: '',
  backwards: false,
  hits: undefined,
  looking: undefined,
  goal: undefined,
  wrapped: false,
  words: undefined,
};
