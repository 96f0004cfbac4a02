import type { Severity } from '../../dissectors/wire/finding.js';
import type { MatchNews, SaveNews } from '../query/news.js';
import type { Action } from './action.js';
import { say } from './answer.js';
import { adoptBytes, FIRST_BYTES } from './bytes.js';
import type { Detail, Row } from './capture-view.js';
import { runCommand } from './command.js';
import { withCompletion } from './complete.js';
import { takeFiles } from './file-names.js';
import { applyFilter, FILTER } from './filter-bar.js';
import { keyLabel } from './keys.js';
import { heightOf, hexWindow, PANES, type Pane, type Size, STANDARD_SPLIT } from './layout.js';
import { linkBytes } from './link.js';
import { FIRST_LIST, growList, selectPacket } from './list.js';
import { widened } from './list-columns.js';
import { holdBack, savingEnded } from './live.js';
import { logged } from './log.js';
import { runMouse } from './mouse.js';
import { takenOver } from './open-captures.js';
import { typeInto } from './prompt.js';
import { readAgain } from './read-again.js';
import { timed } from './row-time.js';
import { narrowed, refitChannels, takeChannels, takeTouched } from './screens/channels.js';
import { refitCraft, takeWanted } from './screens/craft-draft.js';
import { takeRun } from './screens/craft-run.js';
import { takeData } from './screens/data.js';
import { takePair } from './screens/difference.js';
import { refitHandshakes, takeHandshakes, takeTouchedHandshakes } from './screens/handshakes.js';
import { refitLadder } from './screens/ladder.js';
import { saveLadder } from './screens/ladder-file.js';
import { LADDER, takeLadder, takeSteps } from './screens/ladder-packets.js';
import type { ScreenName } from './screens/screen.js';
import { HITS, takeFound, takeHits } from './screens/search.js';
import { showMatch } from './screens/search-match.js';
import { takeStatistics } from './screens/statistics.js';
import { STORY, takeStory, takeStorySteps, takeStuck } from './screens/story.js';
import { visibleOf } from './select.js';
import { type Settings, STANDARD_SETTINGS } from './settings.js';
import { type CaptureState, newsOf } from './state/capture.js';
import { FIRST_CHANNELS } from './state/channels.js';
import { FIRST_CRAFT } from './state/craft.js';
import { FIRST_DATA } from './state/data.js';
import { FIRST_DIFFERENCE } from './state/difference.js';
import { NO_FILTER } from './state/filter.js';
import { FIRST_HANDSHAKES } from './state/handshakes.js';
import { FIRST_LADDER } from './state/ladder.js';
import { FIRST_LIVE } from './state/live.js';
import { FIRST_LOG } from './state/log.js';
import { FIRST_SEARCH } from './state/search.js';
import { FIRST_STATISTICS } from './state/statistics.js';
import type { AppState, RowsState } from './state.js';
import { adoptNodes, FIRST_TREE, nodesOf, settle } from './tree.js';

/** What a user may want different from the start. */
export interface Start {
  readonly size: Size;
  /** Names of the lines that are open at first, such as `chan`. */
  readonly expanded?: readonly string[];
  /** Keep to the newest packet, as one wants of live traffic. */
  readonly follow?: boolean;
  readonly screen?: ScreenName;
  readonly filter?: string;
  readonly settings?: Settings;
  readonly history?: AppState['history'];
  /** The channels whose ladder is shown, as it grows; they may be still to come. */
  readonly ladder?: readonly number[];
  /** The title of the capture over which this one is opened. */
  readonly beneath?: string;
}

export function initialState(start: Start, capture: CaptureState): AppState {
  const { size, expanded = [], follow = false, screen = 'packets', filter = '' } = start;
  const state: AppState = {
    size,
    capture: { ...capture, count: 0 },
    screen,
    beneath: start.beneath,
    trail: [],
    settings: start.settings ?? STANDARD_SETTINGS,
    filter: NO_FILTER,
    drilled: undefined,
    filterBefore: undefined,
    focus: 'list',
    zoomed: false,
    split: STANDARD_SPLIT,
    dragged: undefined,
    mouse: true,
    help: undefined,
    prompt: undefined,
    history: start.history ?? { filter: [], search: [], command: [], target: [] },
    notice: undefined,
    task: undefined,
    log: [],
    list: { ...FIRST_LIST, follow },
    rows: { rows: [], widths: new Map() },
    shown: undefined,
    tree: { ...FIRST_TREE, expanded: new Set(expanded) },
    bytes: FIRST_BYTES,
    channels: FIRST_CHANNELS,
    handshakes: FIRST_HANDSHAKES,
    ladder: start.ladder === undefined ? FIRST_LADDER : { ...FIRST_LADDER, channels: start.ladder, follow: true },
    difference: FIRST_DIFFERENCE,
    data: FIRST_DATA,
    statistics: FIRST_STATISTICS,
    craft: FIRST_CRAFT,
    search: FIRST_SEARCH,
    logScreen: FIRST_LOG,
    marks: new Set(),
    reference: undefined,
    live: FIRST_LIVE,
    orders: [],
  };
  const grown = reduce(state, { type: 'grown', capture });
  return filter === '' ? grown : applyFilter(grown, filter);
}

/** Every change the program can make to what is shown. Pure. */
export function reduce(state: AppState, action: Action): AppState {
  const [still, heard] = holdBack(state, action);
  const ready = heldOrReleased(state, still);
  return heard === undefined ? ready : heldOrReleased(ready, change(ready, heard));
}

/** Holds back what has come already when the screens are to be still; tells them all when they go on. */
function heldOrReleased(before: AppState, state: AppState): AppState {
  const was = before.live.held;
  if ((was === undefined) === (state.live.held === undefined)) return state;
  return (was === undefined ? [...answered(state)] : [...was.later.values()]).reduce(reduce, state);
}

/** The lists of packets that go on growing. */
function* answered({ filter, ladder, channels }: AppState): Generator<Action> {
  const told = [
    [FILTER, filter.news],
    [LADDER, ladder.news],
    [STORY, channels.story.news],
  ] as const;
  for (const [key, news] of told) if (news !== undefined) yield { type: 'matched', key, news };
}

function change(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'command':
      return refit(state, narrowed(runCommand({ ...state, notice: undefined }, action.command, action.argument)));
    case 'typed':
      return state.prompt === undefined
        ? state
        : narrowed({ ...state, prompt: withCompletion(state, typeInto(state.prompt, action.text)) });
    case 'unbound':
      return say(state, `${keyLabel(action.key)} does nothing here: ? shows the keys`, 'note');
    case 'mouse':
      return refit(state, runMouse({ ...state, notice: undefined }, action));
    case 'resized':
      return refit(state, { ...state, size: action.size });
    case 'grown':
      return grow(state, action.capture);
    case 'restarted':
      return restarted(state, newsOf(action.view));
    case 'read-again':
      return readAgain(state, action.view, action.secrets);
    case 'taken-over':
      return refit(state, takenOver(state, action.from));
    case 'files':
      return takeFiles(state, action.typed, action.paths);
    case 'shown':
      return show(state, action.detail);
    case 'rows':
      return showMatch({ ...state, rows: rowsWith(state, action.rows, action.before) });
    case 'channels':
      return takeChannels(state, action.snapshot);
    case 'handshakes':
      return takeHandshakes(state, action.snapshot);
    case 'matched':
      return takeMatched(state, action.key, action.news);
    case 'steps':
      return state.screen === 'channels'
        ? takeStorySteps(state, action.steps)
        : takeSteps(state, action.steps, action.origin);
    case 'drawn':
      return saveLadder(state, action.path, action.steps, action.left);
    case 'touched':
      return (action.list === 'channels' ? takeTouched : takeTouchedHandshakes)(state, action.looked, action.numbers);
    case 'stuck':
      return takeStuck(state, action.detail);
    case 'pair':
      return takePair(state, action.left, action.right);
    case 'found':
      return takeFound(state, action.news);
    case 'counted':
      return takeStatistics(state, action.news);
    case 'data':
      return takeData(state, action.news);
    case 'saved':
      return takeSaved(state, action.path, action.news);
    case 'told':
      return tell(state, action);
    case 'played':
      return takeRun(state, action.news);
    case 'log':
      return { ...state, log: logged(state.log, action.line) };
  }
}

/** The state for another capture: what the user has chosen stays, what belongs to packets goes. */
function restarted(state: AppState, capture: CaptureState): AppState {
  const { size, screen, settings, history, filter, tree, focus, zoomed, mouse, log } = state;
  const stays =
    screen === 'handshakes' ||
    screen === 'channels' ||
    screen === 'statistics' ||
    screen === 'log' ||
    screen === 'craft';
  const fresh = initialState(
    {
      size,
      settings,
      history,
      expanded: [...tree.expanded],
      follow: true,
      screen: stays ? screen : 'packets',
      filter: filter.on ? filter.text : '',
      ...(state.beneath !== undefined && { beneath: state.beneath }),
    },
    capture,
  );
  return {
    ...fresh,
    filter: filter.on ? fresh.filter : filter,
    craft: state.craft,
    focus,
    zoomed,
    mouse,
    log,
    notice: { text: 'capture restarted', severity: 'chat' },
  };
}

function rowsWith({ rows, settings, reference }: AppState, fresh: readonly Row[], before: Row | undefined): RowsState {
  const written = timed(fresh, settings.time, before, reference);
  return { rows: written, widths: widened(rows.widths, written, settings.columns) };
}

function grow(state: AppState, capture: CaptureState): AppState {
  const next = { ...state, capture };
  return refit(state, { ...next, list: growList(state.list, visibleOf(next), heightOf(next, 'list')) });
}

function show(state: AppState, detail: Detail | undefined): AppState {
  if (detail === undefined) return { ...state, shown: undefined };
  const nodes = nodesOf(detail.lines);
  const tree = adoptNodes(state.tree, nodes, heightOf(state, 'detail'));
  const next: AppState = { ...state, shown: { detail, nodes }, tree };
  const bytes = adoptBytes({ ...state.bytes, source: 0 }, detail.sources, hexWindow(state));
  return takeWanted(showMatch(linkBytes({ ...next, bytes })));
}

function takeMatched(state: AppState, key: string, news: MatchNews): AppState {
  switch (key) {
    case FILTER:
      return takeFiltered(state, news);
    case LADDER:
      return takeLadder(state, news);
    case STORY:
      return takeStory(state, news);
    case HITS:
      return takeHits(state, news);
    default:
      return state;
  }
}

/** What passes the filter, so far: the selection stays where it is, or as near as there is a packet that passes. */
function takeFiltered(state: AppState, news: MatchNews): AppState {
  if (!state.filter.on) return state;
  const next: AppState = { ...state, filter: { ...state.filter, news } };
  const { list } = state;
  const visible = visibleOf(next);
  const height = heightOf(next, 'list');
  // The first answer moves the list; later ones only make it longer.
  const isFirst = state.filter.news === undefined;
  if (isFirst || list.selected === 0) return { ...next, list: selectPacket(list, list.selected, visible, height) };
  return { ...next, list: growList(list, visible, height) };
}

function takeSaved(state: AppState, path: string, news: SaveNews): AppState {
  const { written, done, problem } = news;
  const packets = written === 1 ? '1 packet' : `${written} packets`;
  const text = problem ?? (done ? `${packets} saved to ${path}` : `saving to ${path}: ${packets}`);
  const saved = done ? savingEnded(state, problem) : state;
  return tell(saved, { key: 'save', text, severity: problem === undefined ? 'chat' : 'error', done });
}

/** Shows what came of an order, in the line that goes away. */
function tell(
  state: AppState,
  told: { readonly key?: string; readonly text: string; readonly severity: Severity; readonly done: boolean },
): AppState {
  const { key = '', text, severity, done } = told;
  if (!done) return { ...state, task: { key, text } };
  const task = state.task?.key === key ? undefined : state.task;
  return { ...state, task, notice: { text, severity } };
}

/** Brings selection and cursors back into panes that have changed their size. */
function refit(before: AppState, state: AppState): AppState {
  const same = (pane: Pane) => heightOf(before, pane) === heightOf(state, pane);
  if (before.size.columns === state.size.columns && PANES.every(same)) return state;
  return refitCraft(refitLadder(refitHandshakes(refitChannels(refitPanes(state)))));
}

function refitPanes(state: AppState): AppState {
  const { shown } = state;
  return {
    ...state,
    list: selectPacket(state.list, state.list.selected, visibleOf(state), heightOf(state, 'list')),
    ...(shown && {
      tree: settle(state.tree, shown.nodes, heightOf(state, 'detail')),
      bytes: adoptBytes(state.bytes, shown.detail.sources, hexWindow(state)),
    }),
  };
}
