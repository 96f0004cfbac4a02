import { say } from './answer.js';
import { heightOf } from './layout.js';
import { selectPacket } from './list.js';
import type { ScreenName } from './screens/screen.js';
import { visibleOf } from './select.js';
import type { AppState } from './state.js';
import { includes } from './visible.js';

/** Screens that `back` remembers. */
const MOST_TRAIL = 16;

/** Shows another screen; `back` returns from it. */
export function goTo(state: AppState, screen: ScreenName): AppState {
  if (screen === state.screen) return state;
  return { ...state, screen, zoomed: false, trail: [...state.trail, state.screen].slice(-MOST_TRAIL) };
}

/** Selects a packet by its number, as typed. */
export function goToPacket(state: AppState, typed: string): AppState {
  const text = typed.trim();
  if (text === '') return state;
  const number = Number(text);
  const { first, count } = state.capture;
  if (count === 0) return say(state, 'there are no packets', 'warn');
  if (!/^\d+$/.test(text) || number < first || number > count)
    return say(state, `no packet ${text}: there are ${first} to ${count}`, 'warn');
  if (!includes(visibleOf(state), number)) return say(state, `packet ${number} does not pass the filter`, 'warn');
  return select(goTo(state, 'packets'), number);
}

/** Selects a packet, or the one nearest to it in the list. */
export const select = (state: AppState, number: number): AppState => ({
  ...state,
  list: selectPacket({ ...state.list, follow: false }, number, visibleOf(state), heightOf(state, 'list')),
});
