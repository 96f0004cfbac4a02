import type { Matches } from '../index/matches.js';
import { hexGrid } from './hex-grid.js';
import type { Focus } from './keys.js';
import { hexWindow, layoutFor } from './layout.js';
import type { ColourRule, ListColumn } from './settings.js';
import type { AppState } from './state.js';
import { type Node, visibleNodes } from './tree.js';
import { allPackets, between, NO_MATCHES } from './visible.js';

/** What the keys act on now. */
export function focusOf(state: AppState): Focus {
  if (state.prompt !== undefined) return 'prompt';
  if (state.help !== undefined) return 'help';
  return placeOf(state);
}

/** What the keys act on, or would if nothing lay over it. */
export const placeOf = ({ screen, focus }: AppState): Focus => (screen === 'packets' ? focus : screen);

/** The packets that the lists show. */
export const visibleOf = ({ capture, filter }: AppState): Matches =>
  filter.on
    ? between(filter.news?.matches ?? NO_MATCHES, capture.first, capture.count)
    : allPackets(capture.first, capture.count);

/** The packets in the window of the list, by number. */
export function windowOf(state: AppState): readonly number[] {
  const visible = visibleOf(state);
  const { top } = state.list;
  const end = Math.min(visible.count, top + layoutFor(state).panes.list.height);
  return Array.from({ length: Math.max(0, end - top) }, (_, row) => visible.at(top + row));
}

/** The number of the packet above the window, 0 if there is none. */
export const rowAbove = (state: AppState): number =>
  state.list.top === 0 ? 0 : visibleOf(state).at(state.list.top - 1);

const NO_FIELDS: readonly string[] = [];
const fieldLists = new WeakMap<readonly ListColumn[], readonly string[]>();

/** The fields that the columns of the list need; the same list for the same columns. */
export function fieldsOf({ settings: { columns } }: AppState): readonly string[] {
  const known = fieldLists.get(columns);
  if (known !== undefined) return known;
  const named = columns.flatMap(({ of }) => (typeof of === 'object' ? [of.field] : []));
  const fields = named.length === 0 ? NO_FIELDS : named;
  fieldLists.set(columns, fields);
  return fields;
}

const ruleLists = new WeakMap<readonly ColourRule[], readonly string[]>();

/** The filters of the rules for colours; the same list for the same rules. */
export function rulesOf({ settings: { colours } }: AppState): readonly string[] {
  const known = ruleLists.get(colours);
  if (known !== undefined) return known;
  const rules = colours.map(({ filter }) => filter);
  ruleLists.set(colours, rules);
  return rules;
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
  /** Whether it is not as it was, where that is known. */
  readonly changed?: boolean;
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
  const { found } = bytes;
  const isLit = (at: number) => (found === undefined ? isOfLine(at) : at >= found[0] && at < found[1]);
  const isOfLine = (at: number) =>
    line !== undefined && line.source === bytes.source && at >= line.start && at < line.end;
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
