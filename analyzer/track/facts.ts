import type { Finding } from '../../dissectors/wire/finding.js';
import type { TouchedHandshake } from '../handshakes/handshake.js';
import type { State } from './channel.js';
import type { Verdict } from './cookies.js';
import type { ConversationFacts } from './segment-facts.js';

/** A channel that a packet touches, as it stands after the packet. */
export interface Touched {
  readonly number: number;
  readonly c1: number;
  readonly c2: number | undefined;
  readonly state: State;
  /** The capability bits, once they are known. */
  readonly caps: number | undefined;
  /** Where the numbers of the packet's direction start, once they are known; else the first that was seen. */
  readonly start: number | undefined;
}

/**
 * What the packets before this one say about it: computed once, in capture order. Arguments of the findings are
 * numbers, so that facts can be kept in columns.
 */
export interface PacketFacts {
  readonly channels: readonly Touched[];
  /** One for every cookie that can be read, in the order of the packet; see `cookiesOf`. */
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
  /** Where conversations are followed, and the packet is part of one. */
  readonly conversations?: ConversationFacts | undefined;
  /** The handshakes that the packet is a message of; left out where it is of none. */
  readonly handshakes?: readonly TouchedHandshake[] | undefined;
}

export const NO_FACTS: PacketFacts = { channels: [], verdicts: [], findings: [] };
