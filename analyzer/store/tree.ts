import type { Line } from '../../dissectors/wire/line.js';
import { clamp, reveal } from './layout.js';

/** A line of the tree with its place in it, whether it is on the screen or not. */
export interface Node {
  /** In the order in which a fully open tree shows the lines. */
  readonly index: number;
  /** The index of the line above it in the hierarchy; -1 for the outermost. */
  readonly parent: number;
  readonly depth: number;
  /** What the line is remembered by from packet to packet. */
  readonly key: string;
  /** Which of the lines with this key it is, from 0. */
  readonly nth: number;
  readonly line: Line;
}

export interface TreeState {
  /** The keys of the open lines. */
  readonly expanded: ReadonlySet<string>;
  /** The index of the node under the cursor. */
  readonly cursor: number;
  /** The line the user chose last; the cursor returns to it in every packet that has it. */
  readonly wanted: Pick<Node, 'key' | 'nth'>;
  readonly top: number;
  /** Cells by which the lines are moved to the left. */
  readonly shift: number;
}

export const FIRST_TREE: TreeState = {
  expanded: new Set(),
  cursor: 0,
  wanted: { key: '', nth: 0 },
  top: 0,
  shift: 0,
};

/** All lines, in order. A line without a path is known by its place among its siblings. */
export function nodesOf(lines: readonly Line[]): readonly Node[] {
  const nodes: Node[] = [];
  const seen = new Map<string, number>();
  const add = (siblings: readonly Line[], parent: number, depth: number, above: string): void => {
    for (const [place, line] of siblings.entries()) {
      const key = line.path === '' ? `${above}/${place}` : line.path;
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      const index = nodes.length;
      nodes.push({ index, parent, depth, key, nth, line });
      add(line.children, index, depth + 1, key);
    }
  };
  add(lines, -1, 0, '');
  return nodes;
}

/** The lines that are not inside a closed one. */
export function visibleNodes(nodes: readonly Node[], expanded: ReadonlySet<string>): readonly Node[] {
  const shown: Node[] = [];
  let closedDepth = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (node.depth > closedDepth) continue;
    shown.push(node);
    closedDepth = expanded.has(node.key) ? Number.POSITIVE_INFINITY : node.depth;
  }
  return shown;
}

/** Puts the cursor on a node, opens what hides it, and brings it into the window. */
export function goToNode(tree: TreeState, nodes: readonly Node[], index: number, height: number): TreeState {
  const node = nodes[index];
  if (node === undefined) return tree;
  const expanded = new Set(tree.expanded);
  for (let above = nodes[node.parent]; above !== undefined; above = nodes[above.parent]) expanded.add(above.key);
  const wanted = { key: node.key, nth: node.nth };
  return settle({ ...tree, expanded, cursor: index, wanted }, nodes, height);
}

/** Moves the cursor by visible lines. */
export function moveNode(tree: TreeState, nodes: readonly Node[], by: number, height: number): TreeState {
  const shown = visibleNodes(nodes, tree.expanded);
  const at = placeOf(shown, tree.cursor);
  const node = shown[clamp(at + by, 0, shown.length - 1)];
  return node ? goToNode(tree, nodes, node.index, height) : tree;
}

/** Opens or closes the line under the cursor. */
export function setOpen(tree: TreeState, nodes: readonly Node[], open: boolean, height: number): TreeState {
  const node = nodes[tree.cursor];
  if (node === undefined || node.line.children.length === 0) return tree;
  const expanded = new Set(tree.expanded);
  if (open) expanded.add(node.key);
  else expanded.delete(node.key);
  return settle({ ...tree, expanded }, nodes, height);
}

/** Opens or closes every line of this packet. */
export function setAllOpen(tree: TreeState, nodes: readonly Node[], open: boolean, height: number): TreeState {
  const expanded = new Set(tree.expanded);
  for (const { key, line } of nodes) {
    if (open && line.children.length > 0) expanded.add(key);
    if (!open) expanded.delete(key);
  }
  return settle({ ...tree, expanded }, nodes, height);
}

/** The tree of another packet: the same lines open, the cursor on the line that was chosen, or the nearest above it. */
export function adoptNodes(tree: TreeState, nodes: readonly Node[], height: number): TreeState {
  return settle({ ...tree, cursor: findWanted(nodes, tree.wanted)?.index ?? 0 }, nodes, height);
}

function findWanted(nodes: readonly Node[], { key, nth }: TreeState['wanted']): Node | undefined {
  for (let wanted = key; wanted !== ''; wanted = wanted.slice(0, Math.max(0, wanted.search(/[./][^./]*$/)))) {
    const same = nodes.filter((node) => node.key === wanted);
    const found = same.find((node) => node.nth === nth) ?? same[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The innermost line that covers a byte: the shortest, and of equally long ones a field before a heading. */
export function nodeAt(nodes: readonly Node[], source: number, at: number): Node | undefined {
  let best: Node | undefined;
  for (const node of nodes) {
    const { line } = node;
    if (line.source !== source || at < line.start || at >= line.end) continue;
    const longer = best === undefined ? 1 : best.line.end - best.line.start - (line.end - line.start);
    if (longer > 0 || (longer === 0 && best?.line.field === undefined)) best = node;
  }
  return best;
}

/** Where a node is among the visible ones; one that is hidden counts as the line that hides it. */
export function placeOf(shown: readonly Node[], cursor: number): number {
  // Sorted by index, so the last one at or before the cursor is the cursor or what it is folded into.
  let at = 0;
  for (const [place, node] of shown.entries()) if (node.index <= cursor) at = place;
  return at;
}

/** Moves the cursor out of a closed line and the window to the cursor. */
export function settle(tree: TreeState, nodes: readonly Node[], height: number): TreeState {
  const shown = visibleNodes(nodes, tree.expanded);
  const at = placeOf(shown, tree.cursor);
  return { ...tree, cursor: shown[at]?.index ?? 0, top: reveal(tree.top, at, height, shown.length) };
}
