import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { Conditions } from '../link/conditions.js';
import type { Settings } from '../peer/settings.js';

/** Which of two peers: the one that opens channels, or the one that is asked. */
export type Side = 'initiator' | 'responder';

export const SIDES: readonly Side[] = ['initiator', 'responder'];

/** Packets that are lost, by their place: among all that the two peers send, or among those of one of them; from 1. */
export interface Drop {
  readonly of: Side | 'all';
  readonly first: number;
  /** The last of them; `first` for just one. */
  readonly last: number;
}

/** What is simulated. Times are in milliseconds of virtual time. */
export interface Plan {
  readonly seed: number;
  readonly dialect: DialectName;
  readonly mode: Mode;
  /** Of both directions. */
  readonly conditions: Partial<Conditions>;
  readonly drops: readonly Drop[];
  /** Channels that the initiator opens at once. */
  readonly channels: number;
  /** Messages on each channel: those of the initiator, and those of the responder. */
  readonly messages: number;
  readonly answers: number;
  /** The size of each, in bytes. */
  readonly bytes: number;
  /** The time between two messages. */
  readonly interval: number;
  /** Whether data goes along with the handshake, in both directions. */
  readonly isEarly: boolean;
  /** Forged CHANNEL_NEW that the responder gets from addresses that are nobody's; the channels open in their midst. */
  readonly flood: number;
  /** Forged CHANNEL_ACKNOWLEDGE for its attempts that the initiator gets from the responder's address before the right one. */
  readonly spurious: number;
  /** Settings of both peers, where they are not the usual ones. */
  readonly settings: Partial<Settings>;
}

/** How long a flood takes: channels open when half of it is over. */
export const FLOOD_MS = 200;
/** How long packets that are reordered are held back: longer than usual messages are apart. */
export const REORDER_MS = 25;

/** What is simulated unless it is said otherwise: ten messages a hundredth of a second apart, over a good network. */
export const USUAL: Plan = {
  seed: 1,
  dialect: 'hmac',
  mode: 'tcp',
  conditions: { delay: 20, reorderDelay: REORDER_MS },
  drops: [],
  channels: 1,
  messages: 10,
  answers: 0,
  bytes: 16,
  interval: 10,
  isEarly: false,
  flood: 0,
  spurious: 0,
  settings: {},
};

/** When the channels are opened. */
export const openingTime = ({ flood }: Plan): number => (flood > 0 ? FLOOD_MS / 2 : 0);
