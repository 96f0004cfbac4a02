import { moveByte, showLine } from './bytes.js';
import { heightOf, hexWindow } from './layout.js';
import type { AppState } from './state.js';
import { goToNode, nodeAt } from './tree.js';

/** Lets the hex pane follow the tree: the source and the bytes of the line under the tree's cursor. */
export function linkBytes(state: AppState): AppState {
  const { shown, tree, bytes } = state;
  const line = shown?.nodes[tree.cursor]?.line;
  if (shown === undefined || line === undefined) return state;
  return { ...state, bytes: showLine(bytes, line, shown.detail.sources, hexWindow(state)) };
}

/** Moves the cursor of the hex pane, and lets the tree follow: to the innermost line that covers the byte. */
export function goToByte(state: AppState, at: number): AppState {
  const { shown } = state;
  if (shown === undefined) return state;
  const bytes = moveByte(state.bytes, at, shown.detail.sources, hexWindow(state));
  const node = nodeAt(shown.nodes, bytes.source, bytes.cursor);
  if (node === undefined) return { ...state, bytes };
  return { ...state, bytes, tree: goToNode(state.tree, shown.nodes, node.index, heightOf(state, 'detail')) };
}
