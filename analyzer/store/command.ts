import { ordered, say } from './answer.js';
import { showSource } from './bytes.js';
import { withCompletion } from './complete.js';
import { rowsOf, SHIFT } from './cursor.js';
import { applyFilter, toggleFilter } from './filter-bar.js';
import { goTo, goToPacket, select } from './go-to.js';
import { hexGrid } from './hex-grid.js';
import { type Command, type HelpLine, helpLines } from './keys.js';
import { clamp, heightOf, hexWindow, layoutFor, PANES } from './layout.js';
import { goToByte, linkBytes } from './link.js';
import { selectPlace } from './list.js';
import { runLive, unasked } from './live.js';
import { closeCapture, openCapture } from './open-captures.js';
import { promptFor } from './prompt.js';
import { runPrompt } from './run-prompt.js';
import { runChannels } from './screens/channels.js';
import { craftNew, editPacket, runCraft } from './screens/craft.js';
import { startRun } from './screens/craft-run.js';
import { runData } from './screens/data.js';
import { comparePackets, runDifference } from './screens/difference.js';
import { openLadder, runLadder, showLadder } from './screens/ladder.js';
import { runLog } from './screens/log.js';
import { runOnPacket } from './screens/packet-commands.js';
import type { ScreenName } from './screens/screen.js';
import { hasNoChannel, sayNoChannel } from './screens/search.js';
import { runStatistics, showStatistics } from './screens/statistics.js';
import { placeOf, visibleOf } from './select.js';
import { THEME_NAMES } from './settings.js';
import type { AppState } from './state.js';
import { goToNode, moveNode, setAllOpen, setOpen, type TreeState, visibleNodes } from './tree.js';
import { nearestPlace } from './visible.js';

/** What each screen makes of a command. */
const SCREENS: Readonly<Record<ScreenName, (state: AppState, command: Command, argument?: string) => AppState>> = {
  packets: inPanes,
  channels: runChannels,
  ladder: runLadder,
  difference: runDifference,
  data: runData,
  statistics: runStatistics,
  craft: runCraft,
  log: runLog,
};

/** What a command does to the state. Commands for the program itself become orders. */
export function runCommand(before: AppState, command: Command, argument?: string): AppState {
  const state = before.prompt === undefined ? unasked(before, command) : before;
  if (command === 'redraw' || command === 'suspend') return ordered(state, { type: 'program', what: command });
  if (command === 'quit') return runLive(state, command) ?? state;
  if (state.prompt !== undefined) return runPrompt(state, state.prompt, command, runCommand);
  if (state.help !== undefined) return inHelp(state, state.help, command);
  switch (command) {
    case 'help':
      return { ...state, help: 0 };
    case 'palette':
      return { ...state, prompt: withCompletion(state, promptFor('palette', ':')) };
    case 'filter':
      return argument === undefined
        ? { ...state, prompt: promptFor('filter', '', state.filter.text) }
        : applyFilter(state, argument);
    case 'toggle-filter':
      return toggleFilter(state);
    case 'go-to':
      return argument === undefined
        ? { ...state, prompt: promptFor('go-to', 'Go to packet: ') }
        : goToPacket(state, argument);
    case 'show-channels':
      return show(state, 'channels');
    case 'show-packets':
      return show(state, 'packets');
    case 'show-ladder':
      return show(state, 'ladder');
    case 'show-statistics':
      return show(state, 'statistics');
    case 'show-craft':
      return show(state, 'craft');
    case 'edit':
      return state.screen === 'craft' ? runCraft(state, command) : editPacket(state);
    case 'craft':
      return craftNew(state, argument);
    case 'run':
      return startRun(state, argument);
    case 'open-capture':
      return openCapture(state, argument);
    case 'close-capture':
      return closeCapture(state);
    case 'show-log':
      return show(state, 'log');
    case 'channel-ladder':
      return hasNoChannel(state)
        ? sayNoChannel(state)
        : openLadder(state, state.shown?.detail.channels ?? [], state.list.selected);
    case 'compare':
      return comparePackets(state);
    case 'back':
      return state.trail.length === 0 && state.beneath !== undefined ? closeCapture(state) : back(state);
    case 'escape':
      return leave(state);
    case 'theme':
      return chooseTheme(state, argument);
    case 'mouse':
      return say({ ...state, mouse: !state.mouse }, state.mouse ? 'mouse left to the terminal' : 'mouse in use');
    default:
      return runLive(state, command) ?? SCREENS[state.screen](state, command, argument);
  }
}

/** Takes the colours that have this name, or the next ones where no name is given. */
function chooseTheme(state: AppState, name: string | undefined): AppState {
  const { theme } = state.settings;
  const chosen = THEME_NAMES[(THEME_NAMES.indexOf(theme) + 1) % THEME_NAMES.length];
  const next = name === undefined ? chosen : THEME_NAMES.find((one) => one === name);
  if (next === undefined) {
    return say(state, `no theme ${name}: there are ${THEME_NAMES.join(', ')}`, 'error');
  }
  return say({ ...state, settings: { ...state.settings, theme: next } }, `theme ${next}`);
}

/** Shows a screen that has a tab, with what it has to show: as its key and its tab do. */
export function show(state: AppState, screen: ScreenName): AppState {
  if (screen === 'ladder') return showLadder(state);
  return screen === 'statistics' ? showStatistics(state) : goTo(state, screen);
}

/** Leaves whatever can be left first. */
function leave(state: AppState): AppState {
  const { task } = state;
  if (task !== undefined) {
    const ended = ordered({ ...state, task: undefined }, { type: 'cancel', key: task.key });
    return say(ended, `ended: ${task.text}`, 'note');
  }
  if (state.zoomed) return { ...state, zoomed: false };
  return state.screen === 'packets' ? state : back(state);
}

function inPanes(state: AppState, command: Command, argument?: string): AppState {
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
      return runOnPacket(state, command, argument) ?? inPane(state, command);
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

function inList(state: AppState, command: Command): AppState {
  const { list, capture } = state;
  const rows = rowsOf(command, heightOf(state, 'list'), visibleOf(state).count);
  if (rows !== undefined) {
    const next = step(state, rows);
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
      if (sources.length < 2) return say(state, 'the packet has no other bytes', 'note');
      const step = command === 'next-source' ? 1 : sources.length - 1;
      const source = (bytes.source + step) % sources.length;
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

/** The lines of the help screen. */
export const helpOf = (state: AppState): readonly HelpLine[] => helpLines(placeOf(state), state.settings.keymap);

function inHelp(state: AppState, top: number, command: Command): AppState {
  if (command === 'escape' || command === 'help') return { ...state, help: undefined };
  const height = helpHeight(state);
  const total = helpOf(state).length;
  const rows = rowsOf(command, height, total);
  return { ...state, help: clamp(top + (rows ?? 0), 0, Math.max(0, total - height)) };
}

/** Rows of the help screen: all but its heading and the status line. */
export function helpHeight(state: AppState): number {
  const { height, status } = layoutFor(state);
  return Math.max(1, height - (status ? 1 : 0) - (height > 2 ? 1 : 0));
}

function back(state: AppState): AppState {
  const screen = state.trail.at(-1);
  return screen === undefined ? state : { ...state, screen, zoomed: false, trail: state.trail.slice(0, -1) };
}
