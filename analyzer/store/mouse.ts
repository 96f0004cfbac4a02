import type { MouseAction } from './action.js';
import { scrollBytes } from './bytes.js';
import { helpHeight, helpOf, runCommand, show } from './command.js';
import { columnAt, hexGrid } from './hex-grid.js';
import { clamp, heightOf, hexWindow, layoutFor, PANES, type Pane, splitAt } from './layout.js';
import { goToByte, linkBytes } from './link.js';
import { scrollList, selectPlace } from './list.js';
import { clickChannels } from './screens/channels.js';
import { clickCraft } from './screens/craft-mouse.js';
import { clickHandshakes } from './screens/handshakes.js';
import { clickLadder } from './screens/ladder.js';
import { tabSpans } from './screens/screen.js';
import { visibleOf } from './select.js';
import type { AppState } from './state.js';
import { goToNode, setOpen, visibleNodes } from './tree.js';

/** Rows that one notch of the wheel moves. */
const NOTCH = 3;

/** What the mouse does to the state. */
export function runMouse(state: AppState, { kind, x, y }: MouseAction): AppState {
  const wheel = kind === 'wheel-up' ? -NOTCH : kind === 'wheel-down' ? NOTCH : 0;
  if (state.help !== undefined) {
    const most = Math.max(0, helpOf(state).length - helpHeight(state));
    return { ...state, help: clamp(state.help + wheel, 0, most) };
  }
  const { tabs } = layoutFor(state);
  if (y === tabs && kind === 'press') return clickTab(state, x);
  if (state.screen !== 'packets') return wheel === 0 ? clickScreen(state, kind, x, y) : wheelOn(state, wheel);
  if (kind === 'drag' && state.dragged !== undefined) return { ...state, split: splitAt(state, state.dragged, y) };
  if (kind === 'press' && state.dragged !== undefined)
    return runMouse({ ...state, dragged: undefined }, { type: 'mouse', kind, x, y });
  const { panes } = layoutFor(state);
  const pane = PANES.find((name) => y >= (panes[name].heading ?? panes[name].top) && y < end(panes[name]));
  if (pane === undefined) return state;
  if (wheel !== 0) return scroll(state, pane, wheel);
  const onHeading = y === panes[pane].heading && pane !== 'list' && !state.zoomed;
  if (kind === 'press' && onHeading) return { ...state, focus: pane, dragged: pane };
  const focused = kind === 'press' ? { ...state, focus: pane } : state;
  // A drag that leaves the pane it began in must not wander off with the focus.
  if (y < panes[pane].top || focused.focus !== pane) return focused;
  return click(focused, pane, x, y - panes[pane].top, kind === 'press');
}

/** The wheel does what the arrow keys do, on screens without panes. */
function wheelOn(state: AppState, by: number): AppState {
  // In a line that is typed these would bring what was typed before.
  if (state.prompt !== undefined) return state;
  const command = by < 0 ? 'up' : 'down';
  let next = state;
  for (let step = 0; step < Math.abs(by); step++) next = runCommand(next, command);
  return next;
}

/** Clicks on screens without panes; rows count from the top of the screen itself. */
function clickScreen(state: AppState, kind: MouseAction['kind'], x: number, y: number): AppState {
  const row = y - layoutFor(state).body.top;
  if (kind !== 'press' || row < 0) return state;
  switch (state.screen) {
    case 'handshakes':
      return clickHandshakes(state, row);
    case 'channels':
      return clickChannels(state, x, row);
    case 'ladder':
      return clickLadder(state, x, row);
    case 'craft':
      return clickCraft(state, x, row);
    default:
      return state;
  }
}

function clickTab(state: AppState, x: number): AppState {
  const tab = tabSpans().find(({ from, to }) => x >= from && x < to);
  return tab === undefined ? state : show(state, tab.name);
}

const end = ({ top, height }: { top: number; height: number }): number => (height === 0 ? -1 : top + height);

function scroll(state: AppState, pane: Pane, by: number): AppState {
  const { shown } = state;
  const height = heightOf(state, pane);
  if (pane === 'list') return { ...state, list: scrollList(state.list, by, visibleOf(state), height) };
  if (shown === undefined) return state;
  if (pane === 'bytes')
    return { ...state, bytes: scrollBytes(state.bytes, by, shown.detail.sources, hexWindow(state)) };
  const most = Math.max(0, visibleNodes(shown.nodes, state.tree.expanded).length - height);
  return { ...state, tree: { ...state.tree, top: clamp(state.tree.top + by, 0, most) } };
}

function click(state: AppState, pane: Pane, x: number, row: number, pressed: boolean): AppState {
  switch (pane) {
    case 'list':
      return clickList(state, row);
    case 'detail':
      return clickTree(state, x, row, pressed);
    case 'bytes':
      return clickBytes(state, x, row);
  }
}

function clickList(state: AppState, row: number): AppState {
  const { list } = state;
  const visible = visibleOf(state);
  const place = list.top + row;
  if (place >= visible.count) return state;
  return { ...state, list: selectPlace({ ...list, follow: false }, place, visible, heightOf(state, 'list')) };
}

/** A click on the mark of a line, or a second one on the line, opens or closes it. */
function clickTree(state: AppState, x: number, row: number, pressed: boolean): AppState {
  const { tree, shown } = state;
  if (shown === undefined) return state;
  const node = visibleNodes(shown.nodes, tree.expanded)[tree.top + row];
  if (node === undefined) return state;
  const height = heightOf(state, 'detail');
  const there = goToNode(tree, shown.nodes, node.index, height);
  const onMark = x + tree.shift >= node.depth * 2 && x + tree.shift < node.depth * 2 + 2;
  if (!pressed || !(onMark || node.index === tree.cursor)) return linkBytes({ ...state, tree: there });
  return linkBytes({ ...state, tree: setOpen(there, shown.nodes, !tree.expanded.has(node.key), height) });
}

function clickBytes(state: AppState, x: number, row: number): AppState {
  const { bytes, shown } = state;
  const size = shown?.detail.sources[bytes.source]?.view.byteLength ?? 0;
  const grid = hexGrid(size, hexWindow(state).width);
  const column = columnAt(grid, x);
  if (column === undefined) return state;
  const at = (Math.floor(bytes.top / grid.perRow) + row) * grid.perRow + column;
  return at < size ? goToByte(state, at) : state;
}
