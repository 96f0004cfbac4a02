import type { ChannelSnapshot } from '../../index/channel-row.js';
import type { HandshakeSnapshot } from '../../index/handshake-row.js';
import type { MatchNews } from '../../query/news.js';
import type { CaptureState } from './capture.js';

/** What a capture that grows tells again and again. */
export type GrowthNews =
  | { readonly type: 'grown'; readonly capture: CaptureState }
  | { readonly type: 'channels'; readonly snapshot: ChannelSnapshot }
  | { readonly type: 'handshakes'; readonly snapshot: HandshakeSnapshot }
  | { readonly type: 'matched'; readonly key: string; readonly news: MatchNews };

/** What the user does with a capture that grows. */
export interface LiveControl {
  /** What came while the screens are held still; undefined while they are not. */
  readonly held: Held | undefined;
  /** What was asked for once, and is done if it is asked for again at once. */
  readonly asked: 'quit' | 'restart' | undefined;
  /** All packets up to this one have been saved. */
  readonly saved: number;
  /** The newest packet when saving all of them began; 0 if not all are being saved. */
  readonly saving: number;
}

/** What the screens are to be told when they are held still no longer. */
export interface Held {
  /** The newest packet there is. */
  readonly newest: number;
  /** The newest news of each kind. */
  readonly later: ReadonlyMap<string, GrowthNews>;
}

export const FIRST_LIVE: LiveControl = { held: undefined, asked: undefined, saved: 0, saving: 0 };
