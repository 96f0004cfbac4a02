import type { ChannelSnapshot } from '../../index/channel-row.js';
import type { Matches } from '../../index/matches.js';
import type { Passing } from '../state/channels.js';
import type { AppState } from '../state.js';

/** The display filter that the list of channels is narrowed by: not one that was made of channels of this very list. */
export const siftedBy = ({ filter, channels }: AppState): string =>
  filter.on && filter.text !== channels.ownFilter ? filter.text : '';

/** What is known of the channels that pass the filter which is on; undefined while none is. */
export function passingOf(state: AppState): Passing | undefined {
  const filter = siftedBy(state);
  const { passing } = state.channels;
  if (filter === '') return undefined;
  return passing?.filter === filter ? passing : { filter, looked: 0, numbers: new Set() };
}

/** The same once there is something to narrow the list by: it must not be empty while the first answer is on its way. */
export function narrowingOf(state: AppState): Passing | undefined {
  const passing = passingOf(state);
  return passing !== undefined && (passing.looked > 0 || state.filter.news?.done === true) ? passing : undefined;
}

/** Packets that are looked at in one frame. */
const MOST_LOOKED = 20_000;

/** Packets that pass the filter whose channels have not been asked for; of many the next ones. */
export function unlooked(state: AppState): readonly number[] {
  const passing = state.screen === 'channels' ? passingOf(state) : undefined;
  const matches: Matches | undefined = state.filter.news?.matches;
  if (passing === undefined || matches === undefined) return [];
  const count = Math.max(0, Math.min(matches.count - passing.looked, MOST_LOOKED));
  return Array.from({ length: count }, (_, place) => matches.at(passing.looked + place));
}

/** Those places whose channels pass. */
export function passingPlaces(
  order: Uint32Array,
  snapshot: ChannelSnapshot,
  passing: Passing | undefined,
): Uint32Array {
  if (passing === undefined) return order;
  const passes = new Uint8Array(snapshot.count);
  for (const number of passing.numbers) {
    const place = snapshot.placeOf(number);
    if (place >= 0) passes[place] = 1;
  }
  return order.filter((place) => passes[place] === 1);
}
