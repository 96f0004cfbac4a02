import type { Severity } from '../../dissectors/wire/finding.js';
import type { Step } from '../print/ladder.js';
import type { DataNews, FindNews, SaveNews, StatisticsNews } from '../query/news.js';
import type { CaptureView, Detail, Row } from './capture-view.js';
import type { Command } from './keys.js';
import type { Size } from './layout.js';
import type { LogLine } from './log.js';
import type { RunNews } from './state/craft.js';
import type { GrowthNews } from './state/live.js';
import type { AppState } from './state.js';

/** A time in seconds since 1970-01-01T00:00:00Z, and nanoseconds on top. */
type Origin = { readonly seconds: number; readonly nanos: number };

/** Everything that can happen to the state. */
export type Action =
  | { readonly type: 'command'; readonly command: Command; readonly argument?: string }
  | { readonly type: 'typed'; readonly text: string }
  /** A key that means nothing where it was pressed. */
  | { readonly type: 'unbound'; readonly key: string }
  | MouseAction
  | { readonly type: 'resized'; readonly size: Size }
  | GrowthNews
  /** Capturing began anew: there is another capture. */
  | { readonly type: 'restarted'; readonly view: CaptureView }
  /** The capture was read again with other secrets, which are so many. */
  | { readonly type: 'read-again'; readonly view: CaptureView; readonly secrets: number }
  /** This capture comes on the screen after another one, whose last state this is. */
  | { readonly type: 'taken-over'; readonly from: AppState }
  /** The files whose paths begin with what was typed; folders end with a slash. */
  | { readonly type: 'files'; readonly typed: string; readonly paths: readonly string[] }
  | { readonly type: 'shown'; readonly detail: Detail | undefined }
  | { readonly type: 'rows'; readonly rows: readonly Row[]; readonly before: Row | undefined }
  /** Steps of packets that a screen needs, by number, and when the capture began. */
  | {
      readonly type: 'steps';
      readonly steps: ReadonlyMap<number, readonly Step[]>;
      readonly origin: Origin | undefined;
    }
  /** Steps to be drawn into a file; those of so many packets are left out. */
  | { readonly type: 'drawn'; readonly path: string; readonly steps: readonly Step[]; readonly left: number }
  /** The channels that some more packets touch which pass the display filter. */
  | {
      readonly type: 'touched';
      readonly list: 'channels' | 'handshakes';
      readonly looked: number;
      readonly numbers: readonly number[];
    }
  /** The packet that the handshake under the cursor got stuck at. */
  | { readonly type: 'stuck'; readonly detail: Detail }
  /** The two packets that are compared. */
  | { readonly type: 'pair'; readonly left: Detail; readonly right: Detail }
  | { readonly type: 'found'; readonly news: FindNews }
  | { readonly type: 'counted'; readonly news: StatisticsNews }
  | { readonly type: 'data'; readonly news: DataNews }
  | { readonly type: 'saved'; readonly path: string; readonly news: SaveNews }
  /** What came of an order for the world; `done` is false while it goes on. */
  | {
      readonly type: 'told';
      readonly key?: string;
      readonly text: string;
      readonly severity: Severity;
      readonly done: boolean;
    }
  /** What a script has done since. */
  | { readonly type: 'played'; readonly news: RunNews }
  | { readonly type: 'log'; readonly line: LogLine };

/** What a mouse can do that we listen to. Cells count from 0, from the top left. */
export interface MouseAction {
  readonly type: 'mouse';
  readonly kind: 'press' | 'drag' | 'wheel-up' | 'wheel-down';
  readonly x: number;
  readonly y: number;
}
