import { applyFilter, toggleFilter } from './filter-bar.js';
import { goTo } from './go-to.js';
import type { AppState } from './state.js';

/** Shows the packets that a filter passes, on their screen; `back` brings the filter again that was there before. */
export function drillDown(state: AppState, filter: string): AppState {
  const { text, on } = state.filter;
  const there = goTo(applyFilter(state, filter), 'packets');
  return { ...there, drilled: { filter: there.filter.text, before: { text, on }, depth: there.trail.length } };
}

/** Takes the filter again that was there before, where the screen is left that was opened with another one. */
export function drilledBack(before: AppState, state: AppState): AppState {
  const { drilled } = before;
  if (drilled === undefined || before.trail.length !== drilled.depth) return state;
  const left = { ...state, drilled: undefined };
  // Another one may have been typed since.
  if (!before.filter.on || before.filter.text !== drilled.filter) return left;
  const again = applyFilter(left, drilled.before.text);
  return drilled.before.text === '' || drilled.before.on ? again : toggleFilter(again);
}
