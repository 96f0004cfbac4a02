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

/** Takes a filter: what passes it is asked for at once. An empty one shows all packets. */
export function applyFilter(state: AppState, text: string): AppState {
  const filter = text.trim();
  if (filter === '') return switchedOff({ ...state, filter: NO_FILTER });
  const problem = problemOf(filter);
  if (problem !== undefined) return say(state, problem.problem, 'error');
  const on: AppState = { ...state, filter: { text: filter, on: true, news: undefined } };
  return ordered(on, { type: 'match', key: FILTER, wanted: { type: 'filter', text: filter } });
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
