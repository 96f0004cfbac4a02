import type { MatchNews } from '../../query/news.js';

/** The display filter of the screens. */
export interface FilterState {
  /** The filter that was taken last; empty for none. It is kept while it is off. */
  readonly text: string;
  readonly on: boolean;
  /** What passes it, as far as that is known. Undefined while it is off. */
  readonly news: MatchNews | undefined;
}

/** A filter that was taken to show the packets of a row, and what was there before: going back brings it again. */
export interface Drilled {
  readonly filter: string;
  readonly before: { readonly text: string; readonly on: boolean };
  /** Screens that were gone through by then. */
  readonly depth: number;
}

export const NO_FILTER: FilterState = { text: '', on: false, news: undefined };
