import type { Line } from '../../dissectors/wire/line.js';
import type { Bytes } from './capture-view.js';
import { hexGrid } from './hex-grid.js';
import { clamp, reveal } from './layout.js';

/** Where the user is in the hex pane. */
export interface BytesState {
  /** Which of the packet's sources is shown. */
  readonly source: number;
  /** The byte under the cursor. */
  readonly cursor: number;
  /** The offset of the first byte of the window; rounded down to a whole row where it is used. */
  readonly top: number;
  /** Bytes that a search has found, from one to before another; lit until the cursor moves. */
  readonly found?: readonly [from: number, to: number] | undefined;
}

export const FIRST_BYTES: BytesState = { source: 0, cursor: 0, top: 0 };

/** The window of the hex pane, in cells. */
export interface HexWindow {
  readonly width: number;
  readonly height: number;
}

/** Shows the bytes of a line, all of them if they fit, else the first. */
export function showLine(bytes: BytesState, line: Line, sources: readonly Bytes[], window: HexWindow): BytesState {
  if (line.start >= line.end) return showSource(bytes, line.source, sources);
  const there = showSource(bytes, line.source, sources);
  const last = moveByte(there, line.end - 1, sources, window);
  return moveByte(last, line.start, sources, window);
}

/** Changes the source; a cursor from another one means nothing here and starts over. */
export function showSource(bytes: BytesState, source: number, sources: readonly Bytes[]): BytesState {
  if (source === bytes.source || sources[source] === undefined) return bytes;
  return { ...FIRST_BYTES, source };
}

/** Puts the cursor on a byte and brings its row into the window. */
export function moveByte(bytes: BytesState, to: number, sources: readonly Bytes[], window: HexWindow): BytesState {
  const size = sources[bytes.source]?.view.byteLength ?? 0;
  const { perRow } = hexGrid(size, window.width);
  const cursor = clamp(to, 0, Math.max(0, size - 1));
  const rows = Math.ceil(size / perRow);
  const top = reveal(Math.floor(bytes.top / perRow), Math.floor(cursor / perRow), window.height, rows) * perRow;
  return { ...bytes, cursor, top, found: undefined };
}

/** Moves the window by rows and leaves the cursor where it is. */
export function scrollBytes(bytes: BytesState, by: number, sources: readonly Bytes[], window: HexWindow): BytesState {
  const size = sources[bytes.source]?.view.byteLength ?? 0;
  const { perRow } = hexGrid(size, window.width);
  const most = Math.max(0, Math.ceil(size / perRow) - Math.max(1, window.height));
  return { ...bytes, top: clamp(Math.floor(bytes.top / perRow) + by, 0, most) * perRow };
}

/** The state for another packet: the same source if it has one. */
export const adoptBytes = (bytes: BytesState, sources: readonly Bytes[], window: HexWindow): BytesState =>
  moveByte(sources[bytes.source] ? bytes : FIRST_BYTES, bytes.cursor, sources, window);
