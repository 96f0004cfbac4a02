import type { Matches } from '../../index/matches.js';
import type { Passing } from '../state/channels.js';
import type { AppState } from '../state.js';

/** The lists that the display filter narrows: to what has packets that pass. */
export type Narrowed = 'channels' | 'handshakes';

/** The list that is on the screen, if it is one of those. */
export const narrowedList = ({ screen }: AppState): Narrowed | undefined =>
  screen === 'channels' || screen === 'handshakes' ? screen : undefined;

/** The display filter that a list is narrowed by: not one that was made of rows of this very list. */
export const siftedBy = (state: AppState, list: Narrowed): string =>
  state.filter.on && state.filter.text !== state[list].ownFilter ? state.filter.text : '';

/** What is known of the rows that pass the filter which is on; undefined while none is. */
export function passingOf(state: AppState, list: Narrowed): Passing | undefined {
  const filter = siftedBy(state, list);
  const { passing } = state[list];
  if (filter === '') return undefined;
  return passing?.filter === filter ? passing : { filter, looked: 0, numbers: new Set() };
}

/** The same once there is something to narrow the list by: it must not be empty while the first answer is on its way. */
export function narrowingOf(state: AppState, list: Narrowed): Passing | undefined {
  const passing = passingOf(state, list);
  return passing !== undefined && (passing.looked > 0 || state.filter.news?.done === true) ? passing : undefined;
}

/** Packets that are looked at in one frame. */
const MOST_LOOKED = 20_000;

/** Packets that pass the filter whose rows have not been asked for; of many the next ones. */
export function unlooked(state: AppState): readonly number[] {
  const list = narrowedList(state);
  const passing = list && passingOf(state, list);
  const matches: Matches | undefined = state.filter.news?.matches;
  if (passing === undefined || matches === undefined) return [];
  const count = Math.max(0, Math.min(matches.count - passing.looked, MOST_LOOKED));
  return Array.from({ length: count }, (_, place) => matches.at(passing.looked + place));
}

/** What is known once more packets have been looked at; undefined where that is nothing new for the list. */
export function lookedOn(
  state: AppState,
  list: Narrowed,
  looked: number,
  touched: readonly number[],
): { readonly passing: Passing; readonly grows: boolean } | undefined {
  const known = passingOf(state, list);
  if (known === undefined) return undefined;
  const fresh = touched.filter((number) => !known.numbers.has(number));
  const numbers = fresh.length === 0 ? known.numbers : new Set([...known.numbers, ...fresh]);
  return { passing: { ...known, looked: known.looked + looked, numbers }, grows: fresh.length > 0 };
}

/** What of a list's rows the places are. */
interface Numbered {
  readonly count: number;
  placeOf(number: number): number;
}

/** Those places whose rows pass. */
export function passingPlaces(order: Uint32Array, snapshot: Numbered, passing: Passing | undefined): Uint32Array {
  if (passing === undefined) return order;
  const passes = new Uint8Array(snapshot.count);
  for (const number of passing.numbers) {
    const place = snapshot.placeOf(number);
    if (place >= 0) passes[place] = 1;
  }
  return order.filter((place) => passes[place] === 1);
}
