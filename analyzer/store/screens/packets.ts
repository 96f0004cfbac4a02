import { say } from '../answer.js';
import { showSource } from '../bytes.js';
import { movesByRows, rowsOf, SHIFT } from '../cursor.js';
import { select } from '../go-to.js';
import { hexGrid } from '../hex-grid.js';
import { isOneOf } from '../keys/binding.js';
import { BYTES_KEYS, DETAIL_KEYS, LIST_KEYS, PANES_KEYS } from '../keys/packets.js';
import type { BytesCommand, Command, DetailCommand, ListCommand, SharedCommand } from '../keys.js';
import { clamp, heightOf, hexWindow, PANES } from '../layout.js';
import { goToByte, linkBytes } from '../link.js';
import { selectPlace } from '../list.js';
import { visibleOf } from '../select.js';
import type { AppState } from '../state.js';
import { goToNode, moveNode, setAllOpen, setOpen, type TreeState, visibleNodes } from '../tree.js';
import { nearestPlace } from '../visible.js';
import { moveCell } from './list-cells.js';
import { toggleMark } from './marks.js';
import { runOnPacket } from './packet-commands.js';

/** What a command does to the packets: to the pane that has the keys, or to all of them. */
export function runPackets(state: AppState, command: Exclude<Command, SharedCommand>, argument?: string): AppState {
  if (!isOneOf(PANES_KEYS, command)) return inPane(state, command);
  switch (command) {
    case 'next-pane':
      return { ...state, focus: PANES[(PANES.indexOf(state.focus) + 1) % PANES.length] ?? 'list' };
    case 'previous-pane':
      return { ...state, focus: PANES.at(PANES.indexOf(state.focus) - 1) ?? 'list' };
    case 'zoom':
      return { ...state, zoomed: !state.zoomed };
    case 'next-packet':
      return step(state, 1);
    case 'previous-packet':
      return step(state, -1);
    case 'follow':
      return follow(state);
    default:
      return runOnPacket(state, command, argument);
  }
}

function inPane(state: AppState, command: Exclude<Command, SharedCommand>): AppState {
  switch (state.focus) {
    case 'list':
      return isOneOf(LIST_KEYS, command) ? inList(state, command) : state;
    case 'detail':
      return isOneOf(DETAIL_KEYS, command) ? inDetail(state, command) : state;
    case 'bytes':
      return isOneOf(BYTES_KEYS, command) ? inBytes(state, command) : state;
  }
}

/** Moves the selection by rows. */
function step(state: AppState, by: number): AppState {
  const visible = visibleOf(state);
  const place = nearestPlace(visible, state.list.selected) + by;
  return { ...state, list: selectPlace({ ...state.list, follow: false }, place, visible, heightOf(state, 'list')) };
}

/** Goes to the newest packet and stays with it. */
function follow(state: AppState): AppState {
  if (state.list.follow) return say({ ...state, list: { ...state.list, follow: false } }, 'no longer following');
  const { list } = select(state, state.capture.count);
  return say({ ...state, list: { ...list, follow: true } }, 'following the newest packet');
}

function inList(state: AppState, command: ListCommand): AppState {
  const { list, capture } = state;
  if (movesByRows(command)) {
    const next = step(state, rowsOf(command, heightOf(state, 'list'), visibleOf(state).count));
    return command === 'last' && !capture.done ? { ...next, list: { ...next.list, follow: true } } : next;
  }
  switch (command) {
    case 'shift-left':
      return { ...state, list: { ...list, shift: Math.max(0, list.shift - SHIFT) } };
    case 'shift-right':
      return { ...state, list: { ...list, shift: Math.min(list.shift + SHIFT, longest(state) - 1) } };
    case 'open':
      return { ...state, focus: 'detail' };
    case 'next-cell':
      return moveCell(state, 1);
    case 'previous-cell':
      return moveCell(state, -1);
    case 'mark-and-down':
      return step(toggleMark(state), 1);
  }
}

/** The longest information in the window, so that nobody shifts into the void. */
const longest = ({ rows }: AppState): number => rows.rows.reduce((most, { info }) => Math.max(most, info.length), 1);

function inDetail(state: AppState, command: DetailCommand): AppState {
  const { tree, shown } = state;
  if (shown === undefined) return state;
  const { nodes } = shown;
  const height = heightOf(state, 'detail');
  const moved = (next: TreeState) => linkBytes({ ...state, tree: next });
  if (movesByRows(command)) return moved(moveNode(tree, nodes, rowsOf(command, height, nodes.length), height));

  const node = nodes[tree.cursor];
  if (node === undefined) return state;
  const inside = node.line.children.length > 0;
  const open = inside && tree.expanded.has(node.key);
  switch (command) {
    case 'right':
      if (open) return moved(goToNode(tree, nodes, node.index + 1, height));
      return moved(setOpen(tree, nodes, true, height));
    case 'left':
      if (open) return moved(setOpen(tree, nodes, false, height));
      return moved(goToNode(tree, nodes, node.parent, height));
    case 'toggle':
      return moved(setOpen(tree, nodes, !open, height));
    case 'expand':
      return moved(setOpen(tree, nodes, true, height));
    case 'collapse':
      return moved(setOpen(tree, nodes, false, height));
    case 'expand-all':
      return moved(setAllOpen(tree, nodes, true, height));
    case 'collapse-all':
      return moved(setAllOpen(tree, nodes, false, height));
    case 'shift-left':
      return moved({ ...tree, shift: Math.max(0, tree.shift - SHIFT) });
    case 'shift-right': {
      const widest = visibleNodes(nodes, tree.expanded).reduce((most, { line }) => Math.max(most, line.text.length), 1);
      return moved({ ...tree, shift: Math.min(tree.shift + SHIFT, widest - 1) });
    }
  }
}

function inBytes(state: AppState, command: BytesCommand): AppState {
  const { bytes, shown } = state;
  if (shown === undefined) return state;
  const { sources } = shown.detail;
  const size = sources[bytes.source]?.view.byteLength ?? 0;
  const { width, height } = hexWindow(state);
  const { perRow } = hexGrid(size, width);
  const rowStart = bytes.cursor - (bytes.cursor % perRow);
  switch (command) {
    case 'left':
      return goToByte(state, bytes.cursor - 1);
    case 'right':
      return goToByte(state, bytes.cursor + 1);
    case 'row-start':
      return goToByte(state, rowStart);
    case 'row-end':
      return goToByte(state, rowStart + perRow - 1);
    case 'first':
      return goToByte(state, 0);
    case 'last':
      return goToByte(state, size - 1);
    case 'next-source':
    case 'previous-source': {
      if (sources.length < 2) return say(state, 'the packet has no other bytes', 'note');
      const step = command === 'next-source' ? 1 : sources.length - 1;
      const source = (bytes.source + step) % sources.length;
      return goToByte({ ...state, bytes: showSource(bytes, source, sources) }, 0);
    }
    case 'open':
      return { ...state, focus: 'detail' };
    default:
      // By rows, but never off its column: at the ends the cursor stays.
      return goToByte(state, inColumn(bytes.cursor, rowsOf(command, height, size), perRow, size));
  }
}

function inColumn(cursor: number, rows: number, perRow: number, size: number): number {
  const column = cursor % perRow;
  const lastRow = Math.floor((size - 1 - column) / perRow);
  return clamp(Math.floor(cursor / perRow) + rows, 0, Math.max(0, lastRow)) * perRow + column;
}
