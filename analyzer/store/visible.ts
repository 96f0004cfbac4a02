import type { Matches } from '../index/matches.js';

/** The packets that the lists show: all that are kept, unless a filter is on. Places count from 0. */
export const allPackets = (first: number, count: number): Matches => ({
  count: Math.max(0, count - first + 1),
  at: (place) => first + place,
  placeOf: (number) => Math.max(0, Math.min(number, count + 1) - first),
});

/** No packets. */
export const NO_MATCHES: Matches = { count: 0, at: () => 0, placeOf: () => 0 };

/** The place of the packet nearest to a number, -1 where there are none: the packet itself, or the next one, or the last. */
export const nearestPlace = (visible: Matches, number: number): number =>
  Math.min(visible.placeOf(number), visible.count - 1);

/** Whether a packet is among some. */
export const includes = (visible: Matches, number: number): boolean => {
  const place = visible.placeOf(number);
  return place < visible.count && visible.at(place) === number;
};

/** Those of some packets whose numbers are from `first` to `last`: what was forgotten, or is kept back, is left out. */
export function between(matches: Matches, first: number, last: number): Matches {
  const start = matches.placeOf(first);
  const inside = (place: number): number => Math.max(0, place - start);
  return {
    get count() {
      return inside(matches.placeOf(last + 1));
    },
    at: (place) => matches.at(start + place),
    placeOf: (number) => inside(matches.placeOf(Math.min(number, last + 1))),
  };
}
