import { hexGrid } from './hex-grid.js';
import type { Focus } from './keys.js';
import { hexWindow, layoutFor } from './layout.js';
import type { AppState } from './state.js';
import { type Node, visibleNodes } from './tree.js';

/** What the keys act on now. */
export const focusOf = ({ prompt, help, focus }: AppState): Focus =>
  prompt !== undefined ? 'prompt' : help !== undefined ? 'help' : focus;

/** The packets in the window of the list: the numbers from `first` to `last`; none if `last` is smaller. */
export function windowOf(state: AppState): { readonly first: number; readonly last: number } {
  const { top } = state.list;
  return { first: top + 1, last: Math.min(state.capture.count, top + layoutFor(state).panes.list.height) };
}

/** A line of the tree as it is drawn. */
export interface TreeLine {
  readonly node: Node;
  readonly open: boolean;
  readonly inside: boolean;
  readonly current: boolean;
}

/** The lines in the window of the tree. */
export function treeLines({ shown, tree }: AppState, height: number): readonly TreeLine[] {
  if (shown === undefined) return [];
  return visibleNodes(shown.nodes, tree.expanded)
    .slice(tree.top, tree.top + height)
    .map((node) => ({
      node,
      inside: node.line.children.length > 0,
      open: tree.expanded.has(node.key),
      current: node.index === tree.cursor,
    }));
}

/** A byte of the hex pane as it is drawn. */
export interface HexByte {
  readonly value: number;
  /** Whether it belongs to the line under the tree's cursor. */
  readonly lit: boolean;
  readonly cursor: boolean;
}

export interface HexRow {
  readonly offset: number;
  readonly bytes: readonly HexByte[];
}

/** The rows in the window of the hex pane. */
export function hexRows(state: AppState, height: number): readonly HexRow[] {
  const { shown, bytes, tree } = state;
  const view = shown?.detail.sources[bytes.source]?.view;
  if (view === undefined) return [];
  const line = shown?.nodes[tree.cursor]?.line;
  const isLit = (at: number) => line !== undefined && line.source === bytes.source && at >= line.start && at < line.end;
  const { perRow } = hexGrid(view.byteLength, hexWindow(state).width);
  const start = bytes.top - (bytes.top % perRow);
  const rows: HexRow[] = [];
  for (let offset = start; offset < view.byteLength && rows.length < height; offset += perRow) {
    const length = Math.min(perRow, view.byteLength - offset);
    const cells = Array.from({ length }, (_, column) => ({
      value: view.getUint8(offset + column),
      lit: isLit(offset + column),
      cursor: state.focus === 'bytes' && offset + column === bytes.cursor,
    }));
    rows.push({ offset, bytes: cells });
  }
  return rows;
}
