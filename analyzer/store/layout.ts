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
  readonly width: number;
  /** One row less than the terminal has: Ink clears the screen on every frame that is as high as the terminal. */
  readonly height: number;
  readonly panes: Readonly<Record<Pane, Area>>;
  readonly problem: boolean;
  readonly status: boolean;
}

const HIDDEN: Area = { top: 0, height: 0 };
/** Rows below which three panes would show nothing but headings, so only the focused one is drawn. */
const LEAST_BODY = 9;

/** Divides the screen. Pure, so that the views draw, and the mouse hits, the same cells. */
export function layoutOf(size: Size, focus: Pane, zoomed: boolean, hasProblem: boolean): Layout {
  const width = Math.max(1, size.columns);
  const height = Math.max(1, size.rows - 1);
  const status = height > 1;
  const problem = hasProblem && height > 3;
  const body = height - (status ? 1 : 0) - (problem ? 1 : 0);
  const frame = { width, height, problem, status };
  if (zoomed || body < LEAST_BODY) {
    const alone = body > 1 ? { heading: 0, top: 1, height: body - 1 } : { top: 0, height: body };
    return { ...frame, panes: { list: HIDDEN, detail: HIDDEN, bytes: HIDDEN, [focus]: alone } };
  }
  const content = body - PANES.length;
  const bytes = Math.max(2, Math.floor(content * 0.27));
  const detail = Math.max(2, Math.floor(content * 0.36));
  const list = content - bytes - detail;
  return {
    ...frame,
    panes: {
      list: { heading: 0, top: 1, height: list },
      detail: { heading: list + 1, top: list + 2, height: detail },
      bytes: { heading: list + detail + 2, top: list + detail + 3, height: bytes },
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
interface LaidOut {
  readonly size: Size;
  readonly focus: Pane;
  readonly zoomed: boolean;
  readonly capture: { readonly problem: string | undefined };
}

/** The layout of a state. */
export const layoutFor = ({ size, focus, zoomed, capture }: LaidOut): Layout =>
  layoutOf(size, focus, zoomed, capture.problem !== undefined);

/** Rows of content that a pane has; where it is hidden, those it would have if it were not. */
export function heightOf({ size, focus, zoomed, capture }: LaidOut, pane: Pane): number {
  const hasProblem = capture.problem !== undefined;
  const shown = layoutOf(size, focus, zoomed, hasProblem).panes[pane].height;
  return Math.max(1, shown || layoutOf(size, pane, false, hasProblem).panes[pane].height);
}

/** The window of the hex pane, in cells. */
export const hexWindow = (state: LaidOut): { readonly width: number; readonly height: number } => ({
  width: layoutFor(state).width,
  height: heightOf(state, 'bytes'),
});
