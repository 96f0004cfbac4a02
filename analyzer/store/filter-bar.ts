import { compileFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import { ordered, say } from './answer.js';
import { heightOf } from './layout.js';
import { selectPacket } from './list.js';
import { visibleOf } from './select.js';
import { NO_FILTER } from './state/filter.js';
import type { AppState } from './state.js';

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

/** What is wrong with a filter, and what may have been meant. */
export const problemText = ({ problem, suggestion }: FilterError): string =>
  suggestion === undefined ? problem : `${problem}; did you mean ${suggestion}?`;

/** Takes a filter: what passes it is asked for at once. An empty one shows all packets. */
export function applyFilter(state: AppState, text: string): AppState {
  const filter = text.trim();
  if (filter === '')
    return switchedOff({ ...state, filterBefore: state.filter.text || state.filterBefore, filter: NO_FILTER });
  const problem = problemOf(filter);
  if (problem !== undefined) return say(state, problemText(problem), 'error');
  const { text: last } = state.filter;
  const filterBefore = last === '' || last === filter ? state.filterBefore : last;
  const on: AppState = { ...state, filterBefore, filter: { text: filter, on: true, news: undefined } };
  return ordered(on, { type: 'match', key: FILTER, wanted: { type: 'filter', text: filter } });
}

/** Takes the filter again that was taken before this one; again, and the two change places. */
export function previousFilter(state: AppState): AppState {
  const { filter, history } = state;
  const before = state.filterBefore ?? history.filter.findLast((line) => line !== filter.text);
  if (before === undefined) return say(state, 'there was no other filter before', 'note');
  return applyFilter(state, before);
}

/** Switches the filter off without forgetting it, or on again. */
export function toggleFilter(state: AppState): AppState {
  const { text, on } = state.filter;
  if (text === '') return say(state, 'there is no filter: type one with /', 'note');
  return on ? switchedOff({ ...state, filter: { text, on: false, news: undefined } }) : applyFilter(state, text);
}

/** Shows all packets, and the selected one among them. */
function switchedOff(state: AppState): AppState {
  const { list } = state;
  const shown = selectPacket(list, list.selected, visibleOf(state), heightOf(state, 'list'));
  return ordered({ ...state, list: shown }, { type: 'cancel', key: FILTER });
}
