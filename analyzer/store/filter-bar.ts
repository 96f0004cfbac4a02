import { compileFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { MatchNews } from './capture-view.js';
import { heightOf } from './layout.js';
import { selectPacket } from './list.js';
import { visibleOf } from './select.js';
import type { AppState } from './state.js';

/** The display filter of the screens. */
export interface FilterState {
  /** The filter that was taken last; empty for none. It is kept while it is off. */
  readonly text: string;
  readonly on: boolean;
  /** What passes it, as far as that is known. Undefined while it is off. */
  readonly news: MatchNews | undefined;
}

export const NO_FILTER: FilterState = { text: '', on: false, news: undefined };

/** The key of the orders of the display filter. */
export const FILTER = 'filter';

/** What is wrong with a filter; undefined if nothing is. */
export function problemOf(text: string): FilterError | undefined {
  if (text.trim() === '') return undefined;
  try {
    compileFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

/** Takes a filter: what passes it is asked for at once. An empty one shows all packets. */
export function applyFilter(state: AppState, text: string): AppState {
  const filter = text.trim();
  if (filter === '') return switchedOff({ ...state, filter: NO_FILTER });
  const problem = problemOf(filter);
  if (problem !== undefined) return { ...state, notice: { text: problem.problem, severity: 'error' } };
  return ordered({ ...state, filter: { text: filter, on: true, news: undefined } }, filter);
}

/** Switches the filter off without forgetting it, or on again. */
export function toggleFilter(state: AppState): AppState {
  const { text, on } = state.filter;
  if (text === '') return { ...state, notice: { text: 'there is no filter: type one with /', severity: 'note' } };
  return on ? switchedOff({ ...state, filter: { text, on: false, news: undefined } }) : applyFilter(state, text);
}

const ordered = (state: AppState, text: string): AppState => ({
  ...state,
  orders: [...state.orders, { type: 'match', key: FILTER, wanted: { type: 'filter', text } }],
});

/** Shows all packets, and the selected one among them. */
function switchedOff(state: AppState): AppState {
  const { list, orders } = state;
  return {
    ...state,
    list: selectPacket(list, list.selected, visibleOf(state), heightOf(state, 'list')),
    orders: [...orders, { type: 'cancel', key: FILTER }],
  };
}
