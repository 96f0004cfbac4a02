import { compileFilter } from '../../filter/compile.js';
import { FilterError } from '../../filter/filter-error.js';
import type { FindNews, MatchNews, Search } from '../../query/news.js';
import { grouped } from '../../text/numbers.js';
import { ordered, say } from '../answer.js';
import { goTo, select } from '../go-to.js';
import { type PromptState, promptFor } from '../prompt.js';
import { visibleOf } from '../select.js';
import type { SearchState } from '../state/search.js';
import type { AppState } from '../state.js';
import { showMatch } from './search-match.js';

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

/** The key of the orders for all packets that a search finds. */
export const HITS = 'search';

/** Searches for words from the selected packet on. */
export const find = (state: AppState, what: string): AppState =>
  findNext({ ...state, search: { ...state.search, what: what.trim(), backwards: false } }, false);

/** Searches on. @param turned whether against the direction of the last search */
export function findNext(state: AppState, turned: boolean): AppState {
  const { search } = state;
  const problem = problemOfSearch(search);
  if (problem !== undefined) return say(state, problem, 'error');
  const { in: place, as, what } = search;
  const words: Search = { in: place, as, what };
  const backwards = search.backwards !== turned;
  const asked = askForHits(state, words);
  return fromHits(asked, words, backwards) ?? lookFor(asked, words, backwards, 'words');
}

/** Has all packets counted that a search finds, unless that goes on already. */
function askForHits(state: AppState, search: Search): AppState {
  const filter = state.filter.on ? state.filter.text : '';
  const key = JSON.stringify([search, filter]);
  if (state.search.hits?.key === key) return state;
  const next = { ...state, search: { ...state.search, hits: { key, news: undefined } } };
  return ordered(next, { type: 'match', key: HITS, wanted: { type: 'search', search, filter } });
}

/** Goes to the next packet of those that are known to be found; undefined where it is not known which that is. */
function fromHits(state: AppState, search: Search, backwards: boolean): AppState | undefined {
  const { selected } = state.list;
  const news = state.search.hits?.news;
  if (news === undefined || news.problem !== undefined) return undefined;
  const { matches, looked, done } = news;
  const place = matches.placeOf(backwards ? selected : selected + 1) - (backwards ? 1 : 0);
  // What comes before the selected packet is known once the search has come so far.
  const isKnown = backwards ? looked >= selected : true;
  if (isKnown && place >= 0 && place < matches.count) return goToFound(state, matches.at(place), search, false);
  if (!done) return undefined;
  if (matches.count === 0) return say(state, 'not found', 'warn');
  return goToFound(state, matches.at(backwards ? matches.count - 1 : 0), search, true);
}

/** Whether there is a packet that belongs to no channel. */
export const hasNoChannel = ({ shown }: AppState): boolean => shown?.detail.channels.length === 0;

export const sayNoChannel = (state: AppState): AppState => say(state, 'this packet belongs to no channel', 'note');

/** Goes to the packet before or after the selected one of its channel. */
export function alongChannel(state: AppState, backwards: boolean): AppState {
  const channel = state.shown?.detail.channels[0];
  if (channel === undefined) return sayNoChannel(state);
  const search = { in: 'filter', as: 'text', what: `channel.number == ${channel}` } as const;
  return lookFor(state, search, backwards, 'channel');
}

/** Has the next packet found, beside the selected one, of those that are shown. */
const lookFor = (state: AppState, search: Search, backwards: boolean, kind: 'words' | 'channel'): AppState =>
  lookFrom(state, state.list.selected + (backwards ? -1 : 1), {
    search,
    kind,
    backwards,
    wrapped: false,
  });

function lookFrom(state: AppState, from: number, looking: NonNullable<SearchState['looking']>): AppState {
  const { search, backwards } = looking;
  const within = state.filter.on ? visibleOf(state) : undefined;
  const next = { ...state, search: { ...state.search, looking } };
  return ordered(next, { type: 'find', key: 'find', search, from, backwards, within });
}

/** Goes to the packet that was found; where there is none in this direction, on from the other end. */
export function takeFound(state: AppState, { number, looked, done, problem }: FindNews): AppState {
  if (problem !== undefined) return say({ ...state, task: undefined }, problem, 'error');
  if (!done) return { ...state, task: { key: 'find', text: `searching: ${grouped(looked)} packets so far` } };
  const ended: AppState = { ...state, task: state.task?.key === 'find' ? undefined : state.task };
  const { looking } = state.search;
  if (looking === undefined) return ended;
  const { search, kind, wrapped, backwards } = looking;
  if (number > 0) {
    if (kind === 'words') return goToFound(ended, number, search, wrapped);
    return select(goTo(ended, 'packets'), number);
  }
  if (kind === 'channel') return say(ended, 'no other packet of the channel in this direction', 'note');
  const visible = visibleOf(ended);
  if (wrapped || visible.count === 0) return say(ended, 'not found', 'warn');
  const from = visible.at(backwards ? visible.count - 1 : 0);
  return lookFrom(ended, from, { ...looking, wrapped: true });
}

/** Goes to a packet that a search has found, and has its match shown as soon as its details are there. */
function goToFound(state: AppState, number: number, search: Search, wrapped: boolean): AppState {
  const there = select(goTo(state, 'packets'), number);
  const goal = { packet: number, search, isShown: false };
  const next = { ...there.search, goal, wrapped, looking: undefined, words: undefined };
  return tellMatch(showMatch({ ...there, search: next }));
}

/** The packets that the search finds, so far. */
export function takeHits(state: AppState, news: MatchNews): AppState {
  const { hits } = state.search;
  if (hits === undefined) return state;
  const next = { ...state, search: { ...state.search, hits: { ...hits, news } } };
  return state.notice?.of === HITS ? tellMatch(next) : next;
}

/** Tells which match the selected packet is, of how many. */
function tellMatch(state: AppState): AppState {
  const { hits, wrapped } = state.search;
  const news = hits?.news;
  const { selected } = state.list;
  const end = wrapped ? ', searched on from the other end' : '';
  const place = news === undefined || news.looked < selected ? undefined : news.matches.placeOf(selected) + 1;
  const of =
    news === undefined
      ? ''
      : news.done
        ? ` of ${grouped(news.matches.count)}`
        : ` of ${grouped(news.matches.count)} so far`;
  const text = place === undefined ? `match in packet ${grouped(selected)}` : `match ${grouped(place)}${of}`;
  return { ...state, notice: { text: `${text}${end}`, severity: 'chat', of: HITS } };
}
