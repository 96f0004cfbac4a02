import type { StatisticsKind, StatisticsNews } from '../../query/news.js';
import { ordered, say } from '../answer.js';
import { type Cursor, moveCursor, moveTo } from '../cursor.js';
import { drillDown } from '../drill-down.js';
import { goTo } from '../go-to.js';
import type { StatisticsCommand } from '../keys.js';
import { clamp, screenHeight } from '../layout.js';
import { peerLabel } from '../peer-name.js';
import { promptFor } from '../prompt.js';
import { FIRST_STATISTICS, type StatisticsState } from '../state/statistics.js';
import type { AppState } from '../state.js';
import { mostSteps } from './statistics-fit.js';
import { linesOfSheets, sheetsCsvBytes } from './statistics-lines.js';

/** The kinds, in the order in which they are gone through. */
export const STATISTICS_KINDS: readonly (readonly [kind: StatisticsKind, title: string])[] = [
  ['handshakes', 'Handshakes'],
  ['rtt', 'Round trips'],
  ['io', 'Over time'],
  ['expert', 'Findings'],
  ['endpoints', 'Endpoints'],
  ['conversations', 'Conversations'],
  ['hierarchy', 'Protocols'],
  ['properties', 'Properties'],
];

/** Counts a kind afresh: of the packets that pass the display filter, if it is on. */
export function count(state: AppState, kind: StatisticsKind): AppState {
  const filter = state.filter.on ? state.filter.text : '';
  const same = state.statistics.kind === kind;
  const statistics: StatisticsState = {
    ...FIRST_STATISTICS,
    kind,
    filter,
    packets: state.capture.count,
    // What was there stays until there is something newer.
    ...(same && {
      news: state.statistics.news,
      lines: state.statistics.lines,
      cursor: state.statistics.cursor,
      sorted: state.statistics.sorted,
    }),
  };
  return ordered({ ...state, statistics }, { type: 'statistics', key: 'statistics', kind, filter });
}

/** Shows the statistics; they are counted if they were not, or not of what is shown now. */
export function showStatistics(state: AppState): AppState {
  const { kind, filter } = state.statistics;
  const there = goTo(state, 'statistics');
  return filter === (state.filter.on ? state.filter.text : '') ? there : count(there, kind);
}

/** What has been counted, so far. */
export function takeStatistics(state: AppState, news: StatisticsNews): AppState {
  const lines = linesOf(state, news);
  const { cursor: before } = state.statistics;
  // A title has nothing to open: the cursor begins on the first row that has.
  const first = lines.findIndex(({ filter }) => filter !== '');
  const at = before.at === 0 ? Math.max(0, first) : before.at;
  const cursor = moveTo(before, at, screenHeight(state), lines.length);
  return { ...state, statistics: { ...state.statistics, news, lines, cursor } };
}

const linesOf = ({ settings, statistics: { kind, sorted } }: AppState, { sheets, filters }: StatisticsNews) =>
  linesOfSheets(sheets, filters, kind, (id) => peerLabel(settings, id), sorted);

/** The statistics with the names that peers have now. */
export function renamed(state: AppState): AppState {
  const { news } = state.statistics;
  return news === undefined ? state : { ...state, statistics: { ...state.statistics, lines: linesOf(state, news) } };
}

/** What a command does to the statistics. */
export function runStatistics(state: AppState, command: StatisticsCommand, argument?: string): AppState {
  const { kind, cursor, lines } = state.statistics;
  switch (command) {
    case 'next-kind':
      return count(state, kindBeside(kind, 1));
    case 'previous-kind':
      return count(state, kindBeside(kind, -1));
    case 'count-again':
      return count(state, kind);
    case 'open':
      return openPackets(state);
    case 'save':
      return argument === undefined
        ? { ...state, prompt: promptFor('ask', 'Save the tables as CSV to: ', '', 'save') }
        : save(state, argument.trim());
    case 'shift-left':
      return shifted(state, cursor.shift - 1);
    case 'shift-right':
      return shifted(state, cursor.shift + 1);
    case 'next-table':
      return toTable(state, 1);
    case 'previous-table':
      return toTable(state, -1);
    case 'next-column':
    case 'previous-column':
    case 'reverse':
      return sortTable(state, command);
    default:
      return withCursor(state, moveCursor(cursor, command, screenHeight(state), lines.length));
  }
}

/** Puts the cursor somewhere; where the window begins within a table, its heads take the first row. */
function withCursor(state: AppState, cursor: Cursor): AppState {
  const { lines } = state.statistics;
  const isCovered = cursor.top > 0 && cursor.at === cursor.top && lines[cursor.top]?.kind === 'row';
  const seen = isCovered ? { ...cursor, top: cursor.top - 1 } : cursor;
  return { ...state, statistics: { ...state.statistics, cursor: seen } };
}

/** Goes to the first row of the table after the one under the cursor, or before. */
function toTable(state: AppState, by: 1 | -1): AppState {
  const { lines, cursor } = state.statistics;
  const starts = lines.flatMap(({ kind }, place) => (kind === 'heads' ? [Math.min(place + 1, lines.length - 1)] : []));
  const here = starts.findLastIndex((place) => place <= cursor.at);
  const to = starts[Math.max(0, here) + by];
  if (to === undefined) return say(state, by > 0 ? 'this is the last table' : 'this is the first table', 'note');
  return withCursor(state, moveTo(cursor, to, screenHeight(state), lines.length));
}

/** Sorts the table under the cursor. */
function sortTable(state: AppState, command: 'next-column' | 'previous-column' | 'reverse'): AppState {
  const { lines, cursor, sorted, news } = state.statistics;
  const { table } = lines[cursor.at] ?? {};
  if (table === undefined || news === undefined) return say(state, 'there is no table here', 'note');
  const { title, columns } = table;
  const now = sorted.get(title);
  const { length } = columns;
  const next =
    command === 'reverse'
      ? { column: now?.column ?? 0, descending: now === undefined || !now.descending }
      : {
          column:
            ((now?.column ?? (command === 'next-column' ? -1 : 0)) + (command === 'next-column' ? 1 : -1) + length) %
            length,
          descending: false,
        };
  const order = command === 'reverse' ? next : { ...next, descending: columns[next.column]?.right ?? false };
  const statistics = { ...state.statistics, sorted: new Map(sorted).set(title, order) };
  const there = { ...state, statistics };
  const resorted = { ...there, statistics: { ...statistics, lines: linesOf(there, news) } };
  return say(resorted, `sorted by ${columns[order.column]?.head ?? ''}${order.descending ? ', descending' : ''}`);
}

/** Moves the tables sideways, as far as the widest in the window has something there. */
function shifted(state: AppState, to: number): AppState {
  const { lines, cursor } = state.statistics;
  const shown = lines.slice(cursor.top, cursor.top + screenHeight(state));
  const most = shown.reduce((steps, { table }) => Math.max(steps, table === undefined ? 0 : mostSteps(table)), 0);
  const shift = clamp(to, 0, most);
  return { ...state, statistics: { ...state.statistics, cursor: { ...cursor, shift } } };
}

function kindBeside(kind: StatisticsKind, by: number): StatisticsKind {
  const place = STATISTICS_KINDS.findIndex(([name]) => name === kind);
  return STATISTICS_KINDS.at((place + by) % STATISTICS_KINDS.length)?.[0] ?? kind;
}

/** Shows the packets of the row under the cursor, by a filter of its own. */
function openPackets(state: AppState): AppState {
  const filter = state.statistics.lines[state.statistics.cursor.at]?.filter;
  if (filter === undefined || filter === '') {
    return say(state, 'this line has no packets of its own', 'note');
  }
  return drillDown(state, filter);
}

function save(state: AppState, path: string): AppState {
  const { news } = state.statistics;
  if (path === '' || news === undefined) return state;
  return ordered(state, { type: 'save-bytes', path, bytes: sheetsCsvBytes(news.sheets) });
}
