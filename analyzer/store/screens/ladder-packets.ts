import type { Step } from '../../print/ladder.js';
import type { MatchNews, Wanted } from '../../query/news.js';
import type { Order } from '../orders.js';
import { visibleOf } from '../select.js';
import type { LadderState } from '../state/ladder.js';
import type { AppState } from '../state.js';
import { includes } from '../visible.js';
import { sought, sourceOf, toSpot } from './ladder.js';
import { ladderAreas } from './ladder-areas.js';
import { LAST_ROW, neededPackets } from './ladder-items.js';

/** The key of the orders that ask for the packets of the ladder. */
export const LADDER = 'ladder';

/** Asks for the packets of the channels that the ladder shows, and keeps its cursor where that of the lists is. */
export const tendLadder = (state: AppState): AppState =>
  state.screen === 'ladder' && state.ladder.channels.length > 0 ? inStep(asking(state)) : state;

/** The selected packet may have been changed on another screen: then the cursor goes there, if it is drawn here. */
function inStep(state: AppState): AppState {
  const source = sourceOf(state);
  const { matches } = source;
  const { selected } = state.list;
  const here = matches.at(state.ladder.at.place);
  if (matches.count === 0 || selected === here || !includes(visibleOf(state), here)) return state;
  return toSpot(state, includes(matches, selected) ? { place: matches.placeOf(selected), nth: 0 } : state.ladder.at);
}

function asking(state: AppState): AppState {
  const { asked } = state.ladder;
  const wanted = wantedBy(state);
  const text = JSON.stringify(wanted);
  if (text === asked) return state;
  const order: Order = { type: 'match', key: LADDER, wanted };
  return { ...state, ladder: { ...state.ladder, asked: text, news: undefined }, orders: [...state.orders, order] };
}

/** The packets of its channels; of those only what passes the display filter, if it is on. */
function wantedBy({ ladder, filter }: AppState): Wanted {
  if (!filter.on) return { type: 'channels', numbers: ladder.channels };
  const own = ladder.channels.map((number) => `channel.number == ${number}`).join(' || ');
  return { type: 'filter', text: `(${own}) && (${filter.text})` };
}

/** The packets of the selected channels, as far as they are known. */
export function takeLadder(state: AppState, news: MatchNews): AppState {
  const { ladder } = state;
  const isFirst = ladder.news === undefined || ladder.news.matches.count === 0;
  const next = { ...state, ladder: { ...ladder, news } };
  // The cursor takes the selected packet of the lists with it: not while the user is there.
  if (state.screen !== 'ladder') return next;
  if (ladder.follow) return toSpot(next, { place: news.matches.count - 1, nth: LAST_ROW });
  const { seek } = ladder;
  if (seek > 0 && includes(news.matches, seek))
    return toSpot(sought(next), { place: news.matches.placeOf(seek), nth: 0 });
  return isFirst ? toSpot(next, ladder.at) : next;
}

/** Steps that the store has asked for. Those that are no longer near are dropped when there are many. */
export function takeSteps(
  state: AppState,
  fresh: ReadonlyMap<number, readonly Step[]>,
  origin: LadderState['origin'],
): AppState {
  const { ladder } = state;
  const kept = ladder.steps.size + fresh.size > MOST_STEPS ? pruned(state) : ladder.steps;
  return { ...state, ladder: { ...ladder, origin: ladder.origin ?? origin, steps: new Map([...kept, ...fresh]) } };
}

/** Packets whose steps are kept. */
const MOST_STEPS = 8192;

function pruned(state: AppState): ReadonlyMap<number, readonly Step[]> {
  const needed = new Set(neededBy(state));
  return new Map([...state.ladder.steps].filter(([packet]) => needed.has(packet)));
}

const neededBy = (state: AppState): readonly number[] =>
  neededPackets(sourceOf(state), state.ladder.top, ladderAreas(state).rows.height);

/** The packets whose steps the ladder needs and does not have. */
export function missingSteps(state: AppState): readonly number[] {
  if (state.screen !== 'ladder') return [];
  return neededBy(state).filter((packet) => !state.ladder.steps.has(packet));
}
