/** The panes of the main screen, in the order of Tab. */
export type Pane = 'list' | 'detail' | 'bytes';
export const PANES: readonly Pane[] = ['list', 'detail', 'bytes'];

/** The terminal, in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Where one pane is. */
export interface Area {
  /** The row of its heading; absent where there is no room for one. */
  readonly heading?: number;
  /** The first row of its content, from the top of the screen. */
  readonly top: number;
  /** Rows of content; 0 when the pane is not shown. */
  readonly height: number;
}

export interface Layout {
  /** The row of the tabs and that of the display filter; absent where there is no room for them. */
  readonly tabs?: number;
  readonly filter?: number;
  /** Where a screen is: all rows between those of the program. */
  readonly body: { readonly top: number; readonly height: number };
  readonly width: number;
  /** All rows of the terminal: frames are placed row by row, so that nothing scrolls. */
  readonly height: number;
  readonly panes: Readonly<Record<Pane, Area>>;
  readonly problem: boolean;
  readonly status: boolean;
}

const HIDDEN: Area = { top: 0, height: 0 };
/** Rows below which three panes would show nothing but headings, so only the focused one is drawn. */
const LEAST_BODY = 9;
/** Rows from which there are tabs and a display filter above the screen. */
const LEAST_WITH_TABS = 12;
/** Rows from which a display filter that is on or being typed has a row of its own; below, the status line tells it. */
const LEAST_WITH_FILTER = 4;

/** How much of the room two of the panes have, from 0 to 1; the list has the rest. */
export interface Split {
  readonly detail: number;
  readonly bytes: number;
}

export const STANDARD_SPLIT: Split = { detail: 0.36, bytes: 0.27 };

/** Rows that a pane keeps, however the panes are divided. */
const LEAST_PANE = 2;

/** The panes divided anew, with the heading of one of them in another row: as a mouse drags it. */
export function splitAt(state: LaidOut, pane: 'detail' | 'bytes', row: number): Split {
  const { panes } = layoutFor(state);
  const { list, detail, bytes } = panes;
  const content = list.height + detail.height + bytes.height;
  if (content === 0) return state.split;
  // A little more than a whole row, so that rounding down gives it back.
  const share = (rows: number): number => (clamp(rows, LEAST_PANE, content - 2 * LEAST_PANE) + 0.01) / content;
  const by = row - (panes[pane].heading ?? row);
  if (pane === 'bytes') return { detail: share(detail.height + by), bytes: share(bytes.height - by) };
  return { detail: share(detail.height - by), bytes: share(bytes.height) };
}

/** Divides the screen. Pure, so that the views draw, and the mouse hits, the same cells. */
export function layoutFor({ size, focus, zoomed, capture, split, prompt, filter }: LaidOut): Layout {
  const width = Math.max(1, size.columns);
  const height = Math.max(1, size.rows);
  // What is being typed is always to be seen, even where there is but one row.
  const status = height > 1 || prompt !== undefined;
  const problem = capture.problem !== undefined && height > 3;
  const room = height - (status ? 1 : 0) - (problem ? 1 : 0);
  const isFiltering = filter.text !== '' || prompt?.kind === 'filter';
  const bars =
    room >= LEAST_WITH_TABS ? { tabs: 0, filter: 1 } : isFiltering && room >= LEAST_WITH_FILTER ? { filter: 0 } : {};
  const top = Object.keys(bars).length;
  const body = room - top;
  const frame = { ...bars, body: { top, height: body }, width, height, problem, status };
  if (zoomed || body < LEAST_BODY) {
    const alone = body > 1 ? { heading: top, top: top + 1, height: body - 1 } : { top, height: body };
    return { ...frame, panes: { list: HIDDEN, detail: HIDDEN, bytes: HIDDEN, [focus]: alone } };
  }
  const content = body - PANES.length;
  const bytes = clamp(Math.floor(content * split.bytes), LEAST_PANE, content - 2 * LEAST_PANE);
  const detail = clamp(Math.floor(content * split.detail), LEAST_PANE, content - bytes - LEAST_PANE);
  const list = content - bytes - detail;
  return {
    ...frame,
    panes: {
      list: { heading: top, top: top + 1, height: list },
      detail: { heading: top + list + 1, top: top + list + 2, height: detail },
      bytes: { heading: top + list + detail + 2, top: top + list + detail + 3, height: bytes },
    },
  };
}

/** The first item to show so that `at` is on the screen, moving as little as possible. */
export function reveal(top: number, at: number, height: number, total: number): number {
  const room = Math.max(1, height);
  const wanted = at < top ? at : at >= top + room ? at - room + 1 : top;
  return clamp(wanted, 0, Math.max(0, total - room));
}

export const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** The part of the state that decides the layout. */
export interface LaidOut {
  readonly size: Size;
  readonly focus: Pane;
  readonly zoomed: boolean;
  readonly split: Split;
  readonly capture: { readonly problem: string | undefined };
  readonly prompt: { readonly kind: string } | undefined;
  readonly filter: { readonly text: string };
}

/** Rows of content that a pane has; where it is hidden, those it would have if it were not. */
export function heightOf(state: LaidOut, pane: Pane): number {
  const shown = layoutFor(state).panes[pane].height;
  return Math.max(1, shown || layoutFor({ ...state, focus: pane, zoomed: false }).panes[pane].height);
}

/** The window of the hex pane, in cells. */
export const hexWindow = (state: LaidOut): { readonly width: number; readonly height: number } => ({
  width: layoutFor(state).width,
  height: heightOf(state, 'bytes'),
});

/** Rows that a screen without panes has for its lines, below its heading. */
export const screenHeight = (state: LaidOut): number => Math.max(1, layoutFor(state).body.height - 1);
