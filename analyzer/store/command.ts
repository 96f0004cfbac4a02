import { ordered, say } from './answer.js';
import { withCompletion } from './complete.js';
import { rowsOf } from './cursor.js';
import { drilledBack } from './drill-down.js';
import { applyFilter, previousFilter, toggleFilter } from './filter-bar.js';
import { goTo, goToPacket } from './go-to.js';
import { isOneOf } from './keys/binding.js';
import { CHANNELS_KEYS } from './keys/channels.js';
import { CRAFT_KEYS } from './keys/craft.js';
import { DATA_KEYS } from './keys/data.js';
import { DIFFERENCE_KEYS } from './keys/difference.js';
import { HELP_KEYS, PROMPT_KEYS } from './keys/global.js';
import { HANDSHAKES_KEYS } from './keys/handshakes.js';
import { LADDER_KEYS } from './keys/ladder.js';
import { LOG_KEYS } from './keys/log.js';
import { STATISTICS_KEYS } from './keys/statistics.js';
import {
  type Command,
  type HelpCommand,
  type HelpLine,
  helpLines,
  type ProgramCommand,
  type SharedCommand,
} from './keys.js';
import { clamp, layoutFor } from './layout.js';
import { runLive, unasked } from './live.js';
import { closeCapture, openCapture, rewrite, simulate } from './open-captures.js';
import { promptFor } from './prompt.js';
import { takeSecrets } from './read-again.js';
import { runPrompt } from './run-prompt.js';
import { runChannels } from './screens/channels.js';
import { craftNew, editPacket, runCraft } from './screens/craft.js';
import { startRun } from './screens/craft-run.js';
import { runData } from './screens/data.js';
import { comparePackets, runDifference } from './screens/difference.js';
import { backToHandshakes, runHandshakes } from './screens/handshakes.js';
import { openLadder, runLadder, showLadder } from './screens/ladder.js';
import { runLog } from './screens/log.js';
import { runPackets } from './screens/packets.js';
import type { ScreenName } from './screens/screen.js';
import { hasNoChannel, sayNoChannel } from './screens/search.js';
import { count, runStatistics, showStatistics } from './screens/statistics.js';
import { placeOf } from './select.js';
import { THEME_NAMES } from './settings.js';
import type { AppState } from './state.js';

/** What a command does to the state. Commands for the program itself become orders. */
export function runCommand(before: AppState, command: Command, argument?: string): AppState {
  const state = before.prompt === undefined ? unasked(before, command) : before;
  if (command === 'redraw' || command === 'suspend') return ordered(state, { type: 'program', what: command });
  if (command === 'quit') return runLive(state, command);
  if (state.prompt !== undefined)
    return isOneOf(PROMPT_KEYS, command) ? runPrompt(state, state.prompt, command, runCommand) : state;
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
    case 'previous-filter':
      return previousFilter(state);
    case 'go-to':
      return argument === undefined
        ? { ...state, prompt: promptFor('go-to', 'Go to packet: ') }
        : goToPacket(state, argument);
    case 'show-handshakes':
      return show(state, 'handshakes');
    case 'show-channels':
      return show(state, 'channels');
    case 'show-packets':
      return show(state, 'packets');
    case 'show-ladder':
      return show(state, 'ladder');
    case 'show-statistics':
      return show(state, 'statistics');
    case 'properties':
      return count(goTo(state, 'statistics'), 'properties');
    case 'show-craft':
      return show(state, 'craft');
    case 'edit':
      return state.screen === 'craft' ? runCraft(state, command) : editPacket(state);
    case 'craft':
      return craftNew(state, argument);
    case 'run':
      return startRun(state, argument);
    case 'simulate':
      return simulate(state, argument);
    case 'rewrite':
      return rewrite(state, argument);
    case 'open-capture':
      return openCapture(state, argument);
    case 'close-capture':
      return closeCapture(state);
    case 'secrets':
      return takeSecrets(state, argument);
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
    case 'close':
      return close(state);
    case 'theme':
      return chooseTheme(state, argument);
    case 'mouse':
      return say(
        { ...state, mouse: !state.mouse },
        state.mouse ? 'mouse off: the terminal has it, to select text' : 'mouse on',
      );
    case 'pause':
    case 'stop':
    case 'restart':
      return runLive(state, command);
    default:
      return onScreen(state, command, argument);
  }
}

/** What a command does that is not the same on all screens; one that the screen does not have does nothing. */
function onScreen(state: AppState, command: Exclude<Command, SharedCommand>, argument?: string): AppState {
  switch (state.screen) {
    case 'packets':
      return runPackets(state, command, argument);
    case 'handshakes':
      return isOneOf(HANDSHAKES_KEYS, command) ? runHandshakes(state, command, argument) : state;
    case 'channels':
      return isOneOf(CHANNELS_KEYS, command) ? runChannels(state, command, argument) : state;
    case 'ladder':
      return isOneOf(LADDER_KEYS, command) ? runLadder(state, command, argument) : state;
    case 'difference':
      return isOneOf(DIFFERENCE_KEYS, command) ? runDifference(state, command) : state;
    case 'data':
      return isOneOf(DATA_KEYS, command) ? runData(state, command, argument) : state;
    case 'statistics':
      return isOneOf(STATISTICS_KEYS, command) ? runStatistics(state, command, argument) : state;
    case 'craft':
      return isOneOf(CRAFT_KEYS, command) ? runCraft(state, command, argument) : state;
    case 'log':
      return isOneOf(LOG_KEYS, command) ? runLog(state, command) : state;
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
  const list = backToHandshakes(state);
  if (list !== undefined) return list;
  return state.screen === 'packets' ? state : back(state);
}

/** Views that are opened from another one, and closed to go back there. */
const OPENED: ReadonlySet<ScreenName> = new Set(['data', 'difference', 'ladder']);

/** Closes what was opened from something else, or quits. */
function close(state: AppState): AppState {
  const list = backToHandshakes(state);
  if (state.zoomed || list !== undefined) return leave(unasked(state, 'escape'));
  const isOpened = OPENED.has(state.screen) && state.trail.length > 0;
  return isOpened ? back(unasked(state, 'escape')) : runLive(state, 'quit');
}

/** The lines of the help screen. */
export const helpOf = (state: AppState): readonly HelpLine[] => helpLines(placeOf(state), state.settings.keymap);

function inHelp(state: AppState, top: number, command: Exclude<Command, ProgramCommand>): AppState {
  if (command === 'help') return { ...state, help: undefined };
  return isOneOf(HELP_KEYS, command) ? runHelp(state, top, command) : state;
}

function runHelp(state: AppState, top: number, command: HelpCommand): AppState {
  if (command === 'escape') return { ...state, help: undefined };
  const height = helpHeight(state);
  const total = helpOf(state).length;
  return { ...state, help: clamp(top + rowsOf(command, height, total), 0, Math.max(0, total - height)) };
}

/** Rows of the help screen: all but its heading and the status line. */
export function helpHeight(state: AppState): number {
  const { height, status } = layoutFor(state);
  return Math.max(1, height - (status ? 1 : 0) - (height > 2 ? 1 : 0));
}

function back(state: AppState): AppState {
  const screen = state.trail.at(-1);
  if (screen === undefined) return state;
  return drilledBack(state, { ...state, screen, zoomed: false, trail: state.trail.slice(0, -1) });
}
