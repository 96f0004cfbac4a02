import type { Matches } from './capture-view.js';

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
