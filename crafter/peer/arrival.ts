import type { Budget } from './budget.js';
import type { Channel, Core, Remote } from './channel.js';
import { type Packet, SENDER } from './read.js';
import type { Address } from './settings.js';

/** A packet, where it came from and when. */
export interface Arrival {
  readonly packet: Packet;
  /** The id of its sender, which is the initiator of what it asks for or proves. */
  readonly initiator: Uint8Array;
  readonly from: Address;
  readonly now: number;
  /** What may be sent in answer. */
  readonly budget: Budget;
  /** Channels that the packet has proven, and that are confirmed. */
  readonly proven: Channel[];
  readonly wake: (channel: Channel, now: number) => void;
}

/** The sender of a packet, if there is anything to remember of it. */
export const senderIn = (core: Core, { view }: Packet): Remote | undefined => core.remotes.find(view, SENDER);
