/** What happens to packets on their way in one direction. Times are in milliseconds, probabilities from 0 to 1. */
export interface Conditions {
  readonly loss: number;
  readonly duplicate: number;
  /** One bit of the packet is turned over. */
  readonly corrupt: number;
  readonly delay: number;
  /** More delay, evenly spread; packets overtake each other when it is larger than their distance. */
  readonly jitter: number;
  /** A packet is held back by `reorderDelay` with this probability, so that later ones overtake it. */
  readonly reorder: number;
  readonly reorderDelay: number;
  /** Larger packets do not get through; in bytes. */
  readonly mtu: number;
  /** Bytes a millisecond; what comes faster waits in a queue. */
  readonly rate: number;
  /** Bytes that wait at most; what comes beyond is lost. */
  readonly queue: number;
}

/** Everything arrives at once, once and whole. */
export const PERFECT: Conditions = {
  loss: 0,
  duplicate: 0,
  corrupt: 0,
  delay: 0,
  jitter: 0,
  reorder: 0,
  reorderDelay: 10,
  mtu: Number.POSITIVE_INFINITY,
  rate: Number.POSITIVE_INFINITY,
  queue: Number.POSITIVE_INFINITY,
};
