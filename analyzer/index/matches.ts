/** Packets that something applies to, in order. Grows while the capture does; what is there stays. */
export interface Matches {
  readonly count: number;
  /** The number of a packet. @param place from 0 */
  at(place: number): number;
  /** The place of the first packet whose number is not smaller; `count` if there is none. */
  placeOf(number: number): number;
}
