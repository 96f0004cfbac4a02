import type { ChannelKey, ChannelSnapshot } from '../../index/channel-row.js';
import type { Step } from '../../print/ladder.js';
import type { MatchNews } from '../../query/news.js';
import type { Detail } from '../capture-view.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';

/** The channels that packets which pass the display filter touch, as far as that is known. */
export interface Passing {
  /** The filter that they pass. */
  readonly filter: string;
  /** Packets of those that pass that have been looked at. */
  readonly looked: number;
  readonly numbers: ReadonlySet<number>;
}

/** The packets of the channel under the cursor that its story is told from. */
export interface StoryState {
  readonly channel: number;
  readonly news: MatchNews | undefined;
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  /** The packet that its handshake got stuck at, once it has been read. */
  readonly stuck: Detail | undefined;
}

export const NO_STORY: StoryState = { channel: 0, news: undefined, steps: new Map(), stuck: undefined };

/** The list of channels. */
export interface ChannelsState {
  readonly snapshot: ChannelSnapshot | undefined;
  /** Places in the snapshot, in the order of the list, and the snapshot that they were made for. */
  readonly order: Uint32Array;
  readonly ordered: ChannelSnapshot | undefined;
  /** The display filter that it was narrowed by then. */
  readonly orderedBy: string | undefined;
  readonly passing: Passing | undefined;
  /** The display filter that was made of channels of this list, which is not to narrow it. */
  readonly ownFilter: string;
  readonly key: ChannelKey;
  readonly descending: boolean;
  /** Words that a channel must have to be shown; and those that are being typed in their place. */
  readonly words: string;
  readonly typed: string | undefined;
  readonly cursor: Cursor;
  /** The number of the channel under the cursor; 0 while there is none. */
  readonly selected: number;
  /** Numbers of the channels that were chosen for the ladder besides. */
  readonly chosen: ReadonlySet<number>;
  readonly story: StoryState;
}

export const FIRST_CHANNELS: ChannelsState = {
  snapshot: undefined,
  order: new Uint32Array(0),
  ordered: undefined,
  orderedBy: undefined,
  passing: undefined,
  ownFilter: '',
  key: 'number',
  descending: false,
  words: '',
  typed: undefined,
  cursor: FIRST_CURSOR,
  selected: 0,
  chosen: new Set(),
  story: NO_STORY,
};
