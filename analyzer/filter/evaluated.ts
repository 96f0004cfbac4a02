import type { Visit } from './reader.js';
import type { Value } from './types.js';

/** Shows the values that a field has in a subject: a packet, or what is known of one without looking at it. */
export type ReadOf<P> = (subject: P, visit: Visit) => boolean;

/** What yields the values of an expression for a subject. */
export interface Evaluated<P> {
  readonly some: ReadOf<P>;
  readonly values: (subject: P) => readonly Value[];
  /** The value, where it is the same for every packet. */
  readonly constant?: Value;
}
