import { bytesOf } from '../../../dissectors/wire/view.js';
import type { Search } from '../../query/news.js';
import { bytesFinder, type Finder, textFinder } from '../../query/search-finder.js';
import { cellsOf } from '../../text/cells.js';
import { printable } from '../../text/printable.js';
import { heightOf, layoutFor } from '../layout.js';
import { goToByte, linkBytes } from '../link.js';
import { listColumnsOf } from '../list-fit.js';
import type { AppState } from '../state.js';
import { goToNode, type Node } from '../tree.js';

/**
 * Shows where the packet that was found has what was searched for: its line is opened, its bytes are lit, its row is moved
 * to the words. Does what can be done by now: rows and details come later than the selection.
 */
export function showMatch(state: AppState): AppState {
  const { goal } = state.search;
  if (goal === undefined || goal.packet !== state.list.selected) return state;
  const inList = inRow(state, goal.packet, goal.search);
  if (goal.isShown || state.shown?.detail.number !== goal.packet) return inList;
  const search = { ...inList.search, goal: { ...goal, isShown: true } };
  return inDetails({ ...inList, search }, state.shown.nodes, goal.search);
}

/** Moves the information to the words. */
function inRow(state: AppState, packet: number, search: Search): AppState {
  if (search.in !== 'list' || state.search.words?.packet === packet) return state;
  const row = state.rows.rows.find(({ number }) => number === packet);
  const find = textFinder(search);
  if (row === undefined || typeof find !== 'function') return state;
  const text = printable(row.info);
  const [start, end] = find(text) ?? [0, 0];
  const words = { packet, from: cellsOf(text.slice(0, start)), to: cellsOf(text.slice(0, end)) };
  const width = listColumnsOf(state).find(({ column }) => column.of === 'info')?.width ?? 0;
  // Some of what comes before the words tells what they are about.
  const shift = words.to < width ? 0 : Math.max(0, words.from - (width >> 2));
  return { ...state, list: { ...state.list, shift }, search: { ...state.search, words } };
}

function inDetails(state: AppState, nodes: readonly Node[], search: Search): AppState {
  if (search.in === 'bytes') return inBytes(state, search);
  const find = search.in === 'filter' ? undefined : textFinder(search);
  const node = find === undefined ? nodeOfFilter(nodes, search.what) : nodeWith(nodes, find);
  if (node === undefined) return state;
  const tree = goToNode(state.tree, nodes, node.index, heightOf(state, 'detail'));
  const text = printable(node.line.text);
  const [start, end] = (typeof find === 'function' && find(text)) || [0, 0];
  // The line is indented, with a mark before it.
  const indent = 2 * node.depth + 2;
  const from = indent + cellsOf(text.slice(0, start));
  const shift = indent + cellsOf(text.slice(0, end)) < layoutFor(state).width ? 0 : from - indent;
  return linkBytes({ ...state, tree: { ...tree, shift } });
}

/** The first line with the words that has no line inside with them. */
function nodeWith(nodes: readonly Node[], find: Finder<string> | { readonly problem: string }): Node | undefined {
  if (typeof find !== 'function') return undefined;
  const found = nodes.filter(({ line }) => find(printable(line.text)) !== undefined);
  return found.find(({ index, depth }, place) => {
    const next = found[place + 1];
    // The line after one that holds it is inside, as long as none of its own depth is between.
    return (
      next === undefined || next.depth <= depth || nodes.slice(index + 1, next.index).some((one) => one.depth <= depth)
    );
  });
}

/** The first line of a field that a filter names; of none of its fields, one of a field of its layers. */
function nodeOfFilter(nodes: readonly Node[], filter: string): Node | undefined {
  const names = filter.match(/[a-z_][\w-]*(?:\.[\w-]+)*/gi) ?? [];
  const at = (matches: (path: string, name: string) => boolean) =>
    nodes.find(({ line }) => line.path !== '' && names.some((name) => matches(line.path, name)));
  return at((path, name) => path === name) ?? at((path, name) => path.startsWith(`${name.split('.')[0]}.`));
}

function inBytes(state: AppState, search: Search): AppState {
  const find = bytesFinder(search);
  if (typeof find !== 'function') return state;
  const sources = state.shown?.detail.sources ?? [];
  for (const [source, { view }] of sources.entries()) {
    const found = find(bytesOf(view));
    if (found === undefined) continue;
    const there = goToByte({ ...state, bytes: { ...state.bytes, source } }, found[0]);
    return { ...there, bytes: { ...there.bytes, found } };
  }
  return state;
}
