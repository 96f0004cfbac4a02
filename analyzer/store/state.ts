import type { Severity } from '../../dissectors/wire/finding.js';
import type { BytesState } from './bytes.js';
import type { Detail, Row } from './capture-view.js';
import type { Pane, Size, Split } from './layout.js';
import type { ListState } from './list.js';
import type { LogLine } from './log.js';
import type { HistoryName, Order } from './orders.js';
import type { PromptState } from './prompt.js';
import type { Moment } from './row-time.js';
import type { ScreenName } from './screens/screen.js';
import type { Settings } from './settings.js';
import type { CaptureState } from './state/capture.js';
import type { ChannelsState } from './state/channels.js';
import type { CraftState } from './state/craft.js';
import type { DataState } from './state/data.js';
import type { DifferenceState } from './state/difference.js';
import type { Drilled, FilterState } from './state/filter.js';
import type { HandshakesState } from './state/handshakes.js';
import type { LadderState } from './state/ladder.js';
import type { LiveControl } from './state/live.js';
import type { LogState } from './state/log.js';
import type { SearchState } from './state/search.js';
import type { StatisticsState } from './state/statistics.js';
import type { Node, TreeState } from './tree.js';

/** The packet whose details are on the screen. */
export interface Shown {
  readonly detail: Detail;
  readonly nodes: readonly Node[];
}

/** The packets of the window, and how wide their columns have been so far, so that scrolling does not move them. */
export interface RowsState {
  readonly rows: readonly Row[];
  /** By what a column is known by: the most characters it has held. */
  readonly widths: ReadonlyMap<string, number>;
}

/** A line that answers the last key. */
export interface Notice {
  readonly text: string;
  readonly severity: Severity;
  /** What it tells of, where that may be told better later. */
  readonly of?: string;
}

/** Long work that goes on, and that Esc ends. */
export interface Task {
  /** The key of its order. */
  readonly key: string;
  readonly text: string;
}

/** All that the screen shows, and nothing it could not be drawn from. */
export interface AppState {
  readonly size: Size;
  readonly capture: CaptureState;
  readonly screen: ScreenName;
  /** The title of the capture over which this one was opened, if it was. */
  readonly beneath: string | undefined;
  /** The screens that `back` goes through, the newest last. */
  readonly trail: readonly ScreenName[];
  readonly settings: Settings;
  readonly filter: FilterState;
  readonly drilled: Drilled | undefined;
  /** The display filter before this one. */
  readonly filterBefore: string | undefined;
  /** The pane of the packets' screen that has the keys. */
  readonly focus: Pane;
  readonly zoomed: boolean;
  /** How the panes share the screen, and the one whose heading the mouse drags. */
  readonly split: Split;
  readonly dragged: 'detail' | 'bytes' | undefined;
  /** Whether the program listens to the mouse, or leaves it to the terminal. */
  readonly mouse: boolean;
  /** The first line of the help screen; undefined while it is closed. */
  readonly help: number | undefined;
  /** What is being typed; undefined while nothing is. */
  readonly prompt: PromptState | undefined;
  /** What was typed before, the newest last. */
  readonly history: Readonly<Record<HistoryName, readonly string[]>>;
  /** The answer to the last key, until the next key. */
  readonly notice: Notice | undefined;
  readonly task: Task | undefined;
  readonly log: readonly LogLine[];
  readonly list: ListState;
  readonly rows: RowsState;
  readonly shown: Shown | undefined;
  readonly tree: TreeState;
  readonly bytes: BytesState;
  readonly channels: ChannelsState;
  readonly handshakes: HandshakesState;
  readonly ladder: LadderState;
  readonly difference: DifferenceState;
  readonly data: DataState;
  readonly statistics: StatisticsState;
  readonly craft: CraftState;
  readonly search: SearchState;
  readonly logScreen: LogState;
  /** Numbers of packets that the user has marked. */
  readonly marks: ReadonlySet<number>;
  /** The packet from which times count, where the user has chosen one. */
  readonly reference: (Moment & { readonly number: number }) | undefined;
  readonly live: LiveControl;
  /** What the world is to do; the store takes these out. */
  readonly orders: readonly Order[];
}
