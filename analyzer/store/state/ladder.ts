import type { Step } from '../../print/ladder.js';
import type { MatchNews } from '../../query/news.js';

/** What is shown of the message under the cursor. */
export type Preview = 'none' | 'tree' | 'raw';

/** A place in the ladder: a packet, by its place from 0, and which of its rows, from 0. */
export interface Spot {
  readonly place: number;
  readonly nth: number;
}

export interface LadderState {
  /** Numbers of the channels that are drawn, in the order in which they are tagged. */
  readonly channels: readonly number[];
  /** What was asked for last, as text, so that it is asked for once. */
  readonly asked: string;
  readonly news: MatchNews | undefined;
  /** Steps of packets, as far as the window needs them. */
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  /** The time of the first packet of the capture, from which times count. */
  readonly origin: { readonly seconds: number; readonly nanos: number } | undefined;
  readonly at: Spot;
  readonly top: Spot;
  /** The packet that the cursor is to go to once it is known to be drawn; 0 for none. */
  readonly seek: number;
  /** Columns of peers moved out to the left. */
  readonly shift: number;
  readonly collapsed: boolean;
  /** Whether times are those of the day, in UTC, or count from the first packet. */
  readonly dated: boolean;
  /** Undefined until the user chooses: then it depends on the room. */
  readonly preview: Preview | undefined;
  /** Lines of the preview above its window. */
  readonly previewTop: number;
  /** Whether the cursor moves to the last packet as the channel grows. */
  readonly follow: boolean;
}

/** The first row of the first packet. */
export const START: Spot = { place: 0, nth: 0 };

export const FIRST_LADDER: LadderState = {
  channels: [],
  asked: '',
  news: undefined,
  steps: new Map(),
  origin: undefined,
  at: START,
  top: START,
  seek: 0,
  shift: 0,
  collapsed: false,
  dated: false,
  preview: undefined,
  previewTop: 0,
  follow: false,
};
