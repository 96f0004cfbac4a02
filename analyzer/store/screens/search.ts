import { compileFilter } from '../../filter/compile.js';
import { FilterError } from '../../filter/filter-error.js';
import type { FindNews, Search } from '../../query/news.js';
import { ordered, say } from '../answer.js';
import { goTo, select } from '../go-to.js';
import { type PromptState, promptFor } from '../prompt.js';
import { visibleOf } from '../select.js';
import type { SearchState } from '../state/search.js';
import type { AppState } from '../state.js';

const PLACES: readonly Search['in'][] = ['list', 'tree', 'bytes', 'filter'];
const WAYS: readonly Search['as'][] = ['text', 'regex', 'hex'];

/** What stands before the words that are searched for. */
function searchLabel({ in: place, as }: SearchState): string {
  return place === 'filter' ? 'Find by filter: ' : `Find ${as} in ${place}: `;
}

/** Asks for what is to be searched for. */
export const askForSearch = (state: AppState): AppState => ({
  ...state,
  prompt: promptFor('search', searchLabel(state.search), '', 'find'),
});

/** Changes where the words are searched for, or how they are meant, while they are typed. */
export function changeSearch(state: AppState, prompt: PromptState, what: 'search-in' | 'search-as'): AppState {
  const { in: place, as } = state.search;
  const next: SearchState =
    what === 'search-in'
      ? { ...state.search, in: PLACES[(PLACES.indexOf(place) + 1) % PLACES.length] ?? 'list' }
      : { ...state.search, as: WAYS[(WAYS.indexOf(as) + 1) % WAYS.length] ?? 'text' };
  // Only bytes can be written in hex.
  const search: SearchState = next.as === 'hex' && next.in !== 'bytes' ? { ...next, as: 'text' } : next;
  return { ...state, search, prompt: { ...prompt, label: searchLabel(search) } };
}

/** What is wrong with a search; undefined if nothing is. */
function problemOfSearch({ in: place, as, what }: Pick<SearchState, 'in' | 'as' | 'what'>): string | undefined {
  if (what === '') return 'there is nothing to search for: type it with f';
  if (place === 'filter') {
    try {
      compileFilter(what);
    } catch (error) {
      if (error instanceof FilterError) return error.problem;
      throw error;
    }
    return undefined;
  }
  if (as === 'hex' && !/^(?:[0-9a-f]{2}[\s:.-]*)+$/i.test(what)) return `${what}: not bytes in hex, such as 0a 1b`;
  if (as !== 'regex') return undefined;
  try {
    new RegExp(what, 'u');
    return undefined;
  } catch {
    return `${what}: not a regular expression`;
  }
}

/** Searches for words from the selected packet on. */
export const find = (state: AppState, what: string): AppState =>
  findNext({ ...state, search: { ...state.search, what: what.trim(), backwards: false } }, false);

/** Searches on. @param turned whether against the direction of the last search */
export function findNext(state: AppState, turned: boolean): AppState {
  const { search } = state;
  const problem = problemOfSearch(search);
  if (problem !== undefined) return say(state, problem, 'error');
  const { in: place, as, what } = search;
  return lookFor(state, { in: place, as, what }, search.backwards !== turned);
}

/** Whether there is a packet that belongs to no channel. */
export const hasNoChannel = ({ shown }: AppState): boolean => shown?.detail.channels.length === 0;

export const sayNoChannel = (state: AppState): AppState => say(state, 'this packet belongs to no channel', 'note');

/** Goes to the packet before or after the selected one of its channel. */
export function alongChannel(state: AppState, backwards: boolean): AppState {
  const channel = state.shown?.detail.channels[0];
  if (channel === undefined) return sayNoChannel(state);
  return lookFor(state, { in: 'filter', as: 'text', what: `channel.number == ${channel}` }, backwards);
}

/** Has the next packet found, beside the selected one, of those that are shown. */
const lookFor = (state: AppState, search: Search, backwards: boolean): AppState =>
  ordered(state, {
    type: 'find',
    key: 'find',
    search,
    from: state.list.selected + (backwards ? -1 : 1),
    backwards,
    within: state.filter.on ? visibleOf(state) : undefined,
  });

/** Goes to the packet that was found. */
export function takeFound(state: AppState, { number, looked, done, problem }: FindNews): AppState {
  if (problem !== undefined) return say({ ...state, task: undefined }, problem, 'error');
  if (!done) return { ...state, task: { key: 'find', text: `searching: ${looked} packets so far` } };
  const task = state.task?.key === 'find' ? undefined : state.task;
  if (number === 0) return say({ ...state, task }, 'not found in this direction', 'warn');
  return select(goTo({ ...state, task }, 'packets'), number);
}
