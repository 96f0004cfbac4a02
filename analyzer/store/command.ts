import { showSource } from './bytes.js';
import { hexGrid } from './hex-grid.js';
import { type Command, HELP_LINES } from './keys.js';
import { clamp, heightOf, hexWindow, layoutFor, PANES } from './layout.js';
import { goToByte, linkBytes } from './link.js';
import { selectPacket } from './list.js';
import type { AppState } from './state.js';
import { goToNode, moveNode, setAllOpen, setOpen, type TreeState, visibleNodes } from './tree.js';

/** Cells that one key press moves long text by. */
const SHIFT = 8;

/** What a command does to the state. Commands that act on the program itself (quit, say) do nothing here. */
export function runCommand(state: AppState, command: Command): AppState {
  if (state.prompt !== undefined) return inPrompt(state, state.prompt, command);
  if (state.help !== undefined) return inHelp(state, state.help, command);
  switch (command) {
    case 'help':
      return { ...state, help: 0 };
    case 'next-pane':
      return { ...state, focus: PANES[(PANES.indexOf(state.focus) + 1) % PANES.length] ?? 'list' };
    case 'previous-pane':
      return { ...state, focus: PANES.at(PANES.indexOf(state.focus) - 1) ?? 'list' };
    case 'zoom':
      return { ...state, zoomed: !state.zoomed };
    case 'escape':
      return { ...state, zoomed: false };
    case 'go-to':
      return { ...state, prompt: '' };
    case 'next-packet':
      return select(state, state.list.selected + 1);
    case 'previous-packet':
      return select(state, state.list.selected - 1);
    case 'follow':
      return follow(state);
    case 'mouse':
      return { ...state, mouse: !state.mouse, notice: state.mouse ? 'mouse left to the terminal' : 'mouse in use' };
    default:
      return inPane(state, command);
  }
}

function inPane(state: AppState, command: Command): AppState {
  switch (state.focus) {
    case 'list':
      return inList(state, command);
    case 'detail':
      return inDetail(state, command);
    case 'bytes':
      return inBytes(state, command);
  }
}

/** How far a command moves, in rows; undefined if it is not of that kind. `first` and `last` move beyond any end. */
function rowsOf(command: Command, height: number, total: number): number | undefined {
  switch (command) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -Math.max(1, height - 1);
    case 'page-down':
      return Math.max(1, height - 1);
    case 'half-up':
      return -Math.max(1, height >> 1);
    case 'half-down':
      return Math.max(1, height >> 1);
    case 'first':
      return -total;
    case 'last':
      return total;
    default:
      return undefined;
  }
}

const select = (state: AppState, number: number): AppState => ({
  ...state,
  list: selectPacket({ ...state.list, follow: false }, number, state.capture.count, heightOf(state, 'list')),
});

/** Goes to the newest packet and stays with it. */
function follow(state: AppState): AppState {
  if (state.list.follow) return { ...state, list: { ...state.list, follow: false }, notice: 'no longer following' };
  const { list } = select(state, state.capture.count);
  return { ...state, list: { ...list, follow: true }, notice: 'following the newest packet' };
}

function inList(state: AppState, command: Command): AppState {
  const { list, capture } = state;
  const rows = rowsOf(command, heightOf(state, 'list'), capture.count);
  if (rows !== undefined) {
    const next = select(state, list.selected + rows);
    return command === 'last' && !capture.done ? { ...next, list: { ...next.list, follow: true } } : next;
  }
  switch (command) {
    case 'shift-left':
      return { ...state, list: { ...list, shift: Math.max(0, list.shift - SHIFT) } };
    case 'shift-right':
      return { ...state, list: { ...list, shift: Math.min(list.shift + SHIFT, longest(state) - 1) } };
    case 'open':
      return { ...state, focus: 'detail' };
    default:
      return state;
  }
}

/** The longest information in the window, so that nobody shifts into the void. */
const longest = ({ rows }: AppState): number => rows.rows.reduce((most, { info }) => Math.max(most, info.length), 1);

function inDetail(state: AppState, command: Command): AppState {
  const { tree, shown } = state;
  if (shown === undefined) return state;
  const { nodes } = shown;
  const height = heightOf(state, 'detail');
  const moved = (next: TreeState) => linkBytes({ ...state, tree: next });
  const rows = rowsOf(command, height, nodes.length);
  if (rows !== undefined) return moved(moveNode(tree, nodes, rows, height));

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
    default:
      return state;
  }
}

function inBytes(state: AppState, command: Command): AppState {
  const { bytes, shown } = state;
  if (shown === undefined) return state;
  const { sources } = shown.detail;
  const size = sources[bytes.source]?.view.byteLength ?? 0;
  const { width, height } = hexWindow(state);
  const { perRow } = hexGrid(size, width);
  const rowStart = bytes.cursor - (bytes.cursor % perRow);
  const rows = rowsOf(command, height, size);
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
      const step = command === 'next-source' ? 1 : sources.length - 1;
      const source = (bytes.source + step) % Math.max(1, sources.length);
      return goToByte({ ...state, bytes: showSource(bytes, source, sources) }, 0);
    }
    case 'open':
      return { ...state, focus: 'detail' };
    default:
      // By rows, but never off its column: at the ends the cursor stays.
      return rows === undefined ? state : goToByte(state, inColumn(bytes.cursor, rows, perRow, size));
  }
}

function inColumn(cursor: number, rows: number, perRow: number, size: number): number {
  const column = cursor % perRow;
  const lastRow = Math.floor((size - 1 - column) / perRow);
  return clamp(Math.floor(cursor / perRow) + rows, 0, Math.max(0, lastRow)) * perRow + column;
}

function inHelp(state: AppState, top: number, command: Command): AppState {
  if (command === 'escape' || command === 'help') return { ...state, help: undefined };
  const height = helpHeight(state);
  const rows = rowsOf(command, height, HELP_LINES.length);
  return { ...state, help: clamp(top + (rows ?? 0), 0, Math.max(0, HELP_LINES.length - height)) };
}

/** Rows of the help screen: all but its heading and the status line. */
export function helpHeight(state: AppState): number {
  const { height, status } = layoutFor(state);
  return Math.max(1, height - (status ? 1 : 0) - (height > 2 ? 1 : 0));
}

function inPrompt(state: AppState, prompt: string, command: Command): AppState {
  switch (command) {
    case 'erase':
      return { ...state, prompt: prompt === '' ? undefined : prompt.slice(0, -1) };
    case 'clear':
      return { ...state, prompt: '' };
    case 'accept':
      return accept({ ...state, prompt: undefined }, prompt);
    case 'escape':
      return { ...state, prompt: undefined };
    default:
      return state;
  }
}

function accept(state: AppState, prompt: string): AppState {
  if (prompt === '') return state;
  const number = Number(prompt);
  const { count } = state.capture;
  if (number >= 1 && number <= count) return select(state, number);
  return { ...state, notice: count === 0 ? 'there are no packets' : `no packet ${prompt}: there are 1 to ${count}` };
}
