import { adoptBytes, type BytesState, FIRST_BYTES } from './bytes.js';
import type { Detail, Row } from './capture-view.js';
import { runCommand } from './command.js';
import type { Command } from './keys.js';
import { heightOf, hexWindow, PANES, type Pane, type Size } from './layout.js';
import { linkBytes } from './link.js';
import { FIRST_LIST, growList, type ListState, selectPacket } from './list.js';
import { type MouseAction, runMouse } from './mouse.js';
import { adoptNodes, FIRST_TREE, type Node, nodesOf, settle, type TreeState } from './tree.js';

/** The capture's own news, as of the last frame. */
export interface CaptureState {
  readonly title: string;
  readonly count: number;
  readonly progress: number | undefined;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** The packet whose details are on the screen. */
export interface Shown {
  readonly detail: Detail;
  readonly nodes: readonly Node[];
}

/** The packets of the window, and how wide their columns have been so far, so that scrolling does not move them. */
export interface RowsState {
  /** The number of the first row, less one. */
  readonly top: number;
  readonly rows: readonly Row[];
  readonly time: number;
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
}

/** All that the screen shows, and nothing it could not be drawn from. */
export interface AppState {
  readonly size: Size;
  readonly capture: CaptureState;
  readonly focus: Pane;
  readonly zoomed: boolean;
  /** Whether the program listens to the mouse, or leaves it to the terminal. */
  readonly mouse: boolean;
  /** The first line of the help screen; undefined while it is closed. */
  readonly help: number | undefined;
  /** What has been typed after "Go to packet"; undefined while nobody asks. */
  readonly prompt: string | undefined;
  /** The answer to the last key, in words, until the next key. */
  readonly notice: string | undefined;
  readonly list: ListState;
  readonly rows: RowsState;
  readonly shown: Shown | undefined;
  readonly tree: TreeState;
  readonly bytes: BytesState;
}

/** Everything that can happen to the state. */
export type Action =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'typed'; readonly text: string }
  | MouseAction
  | { readonly type: 'resized'; readonly size: Size }
  | { readonly type: 'grown'; readonly capture: CaptureState }
  | { readonly type: 'shown'; readonly detail: Detail | undefined }
  | { readonly type: 'rows'; readonly top: number; readonly rows: readonly Row[] };

/** What a user may want different from the start. */
export interface Start {
  readonly size: Size;
  /** Names of the lines that are open at first, such as `chan`. */
  readonly expanded?: readonly string[];
  /** Keep to the newest packet, as one wants of live traffic. */
  readonly follow?: boolean;
}

export const initialState = ({ size, expanded = [], follow = false }: Start, capture: CaptureState): AppState =>
  reduce(
    {
      size,
      capture: { ...capture, count: 0 },
      focus: 'list',
      zoomed: false,
      mouse: true,
      help: undefined,
      prompt: undefined,
      notice: undefined,
      list: { ...FIRST_LIST, follow },
      rows: { top: 0, rows: [], time: 0, source: 0, destination: 0, protocol: 0 },
      shown: undefined,
      tree: { ...FIRST_TREE, expanded: new Set(expanded) },
      bytes: FIRST_BYTES,
    },
    { type: 'grown', capture },
  );

/** Every change the program can make to what is shown. Pure. */
export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'command':
      return refit(state, runCommand({ ...state, notice: undefined }, action.command));
    case 'typed':
      return type(state, action.text);
    case 'mouse':
      return refit(state, runMouse({ ...state, notice: undefined }, action));
    case 'resized':
      return refit(state, { ...state, size: action.size });
    case 'grown':
      return grow(state, action.capture);
    case 'shown':
      return show(state, action.detail);
    case 'rows':
      return { ...state, rows: widen(state.rows, action.top, action.rows) };
  }
}

/** The longest number a user can mean. */
const MOST_DIGITS = 12;

function type(state: AppState, text: string): AppState {
  if (state.prompt === undefined) return state;
  return { ...state, prompt: (state.prompt + text.replaceAll(/\D/g, '')).slice(0, MOST_DIGITS) };
}

function grow(state: AppState, capture: CaptureState): AppState {
  const next = { ...state, capture };
  return refit(state, { ...next, list: growList(state.list, capture.count, heightOf(next, 'list')) });
}

function show(state: AppState, detail: Detail | undefined): AppState {
  if (detail === undefined) return { ...state, shown: undefined };
  const nodes = nodesOf(detail.lines);
  const tree = adoptNodes(state.tree, nodes, heightOf(state, 'detail'));
  const next: AppState = { ...state, shown: { detail, nodes }, tree };
  const bytes = adoptBytes({ ...state.bytes, source: 0 }, detail.sources, hexWindow(state));
  return linkBytes({ ...next, bytes });
}

/** Brings selection and cursors back into panes that have changed their size. */
function refit(before: AppState, state: AppState): AppState {
  const same = (pane: Pane) => heightOf(before, pane) === heightOf(state, pane);
  if (before.size.columns === state.size.columns && PANES.every(same)) return state;
  const { shown } = state;
  return {
    ...state,
    list: selectPacket(state.list, state.list.selected, state.capture.count, heightOf(state, 'list')),
    ...(shown && {
      tree: settle(state.tree, shown.nodes, heightOf(state, 'detail')),
      bytes: adoptBytes(state.bytes, shown.detail.sources, hexWindow(state)),
    }),
  };
}

function widen(before: RowsState, top: number, rows: readonly Row[]): RowsState {
  const longest = (least: number, text: (row: Row) => string) =>
    rows.reduce((most, row) => Math.max(most, text(row).length), least);
  return {
    top,
    rows,
    time: longest(before.time, (row) => row.time),
    source: longest(before.source, (row) => row.source),
    destination: longest(before.destination, (row) => row.destination),
    protocol: longest(before.protocol, (row) => row.protocol),
  };
}
