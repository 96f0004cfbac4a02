import { filterOfLine } from '../../filter/field-filter.js';
import { joinFilters } from '../../filter/join-filters.js';
import { suggest } from '../../filter/suggest.js';
import { fieldNamed } from '../../print/known-fields.js';
import type { SaveTask } from '../../query/news.js';
import { ordered, say } from '../answer.js';
import { applyFilter } from '../filter-bar.js';
import type { Command, PanesCommand } from '../keys.js';
import { columnKey } from '../list-columns.js';
import { savingBegins } from '../live.js';
import { promptFor } from '../prompt.js';
import { visibleOf } from '../select.js';
import { type ListColumn, STANDARD_COLUMNS, TIME_FORMATS, TIME_NAMES } from '../settings.js';
import type { AppState } from '../state.js';
import { followChannel } from './data.js';
import { cellLine } from './list-cells.js';
import { goToMark, toggleMark } from './marks.js';
import { alongChannel, askForSearch, find, findNext, hasNoChannel, sayNoChannel } from './search.js';

/** What all panes of the packets have, but for what moves between panes and packets. */
type PacketCommand = Exclude<
  PanesCommand,
  'next-pane' | 'previous-pane' | 'zoom' | 'next-packet' | 'previous-packet' | 'follow'
>;

/** What a command does that all panes of the packets have. */
export function runOnPacket(state: AppState, command: PacketCommand, argument?: string): AppState {
  switch (command) {
    case 'mark':
      return toggleMark(state);
    case 'next-mark':
      return goToMark(state, false);
    case 'previous-mark':
      return goToMark(state, true);
    case 'unmark-all':
      return { ...state, marks: new Set() };
    case 'time':
      return chooseTime(state, argument);
    case 'time-reference':
      return setReference(state);
    case 'find':
      return argument === undefined ? askForSearch(state) : find(state, argument);
    case 'find-next':
      return findNext(state, false);
    case 'find-previous':
      return findNext(state, true);
    case 'next-in-channel':
      return alongChannel(state, false);
    case 'previous-in-channel':
      return alongChannel(state, true);
    case 'channel-data':
      return hasNoChannel(state) ? sayNoChannel(state) : followChannel(state, state.shown?.detail.channels[0]);
    case 'save':
      return argument === undefined
        ? askForFile(state, 'Save what is shown to: ', 'save')
        : save(state, argument, false);
    case 'save-marked':
      if (state.marks.size === 0) return say(state, 'no packet is marked', 'note');
      return argument === undefined
        ? askForFile(state, 'Save the marked packets to: ', 'save-marked')
        : save(state, argument, true);
    case 'copy':
      return copy(state);
    case 'filter-this':
    case 'filter-and':
    case 'filter-or':
    case 'filter-not':
    case 'filter-prepare':
      return filterByLine(state, command);
    case 'add-column':
      return addColumn(state, argument ?? lineOf(state)?.path ?? '');
    case 'reset-columns':
      return withColumns(state, STANDARD_COLUMNS, 'the columns are as at the start');
    case 'remove-column':
      return removeColumn(state, argument ?? lastColumn(state));
  }
}

/** The line that filters are made of: of the details, or of the column of the list that was gone to. */
const fieldLineOf = (state: AppState) => (state.focus === 'list' ? cellLine(state) : undefined) ?? lineOf(state);

const lineOf = ({ shown, tree }: AppState) => shown?.nodes[tree.cursor]?.line;

/** Takes a format of times, or the next one where none is given. The rows are written afresh. */
function chooseTime(state: AppState, name: string | undefined): AppState {
  const place = TIME_FORMATS.indexOf(state.settings.time) + 1;
  const next =
    name === undefined ? TIME_FORMATS[place % TIME_FORMATS.length] : TIME_FORMATS.find((one) => one === name);
  if (next === undefined) return say(state, `no time format ${name}: there are ${TIME_FORMATS.join(', ')}`, 'error');
  const settings = { ...state.settings, time: next };
  return say({ ...state, settings, rows: { rows: [], widths: new Map() } }, `times: ${TIME_NAMES[next]}`);
}

/** Counts times from the selected packet on, or again from the first one. */
function setReference(state: AppState): AppState {
  const { selected } = state.list;
  const row = state.rows.rows.find(({ number }) => number === selected);
  const rows = { rows: [], widths: new Map() };
  if (row === undefined) return state;
  if (state.reference?.number === selected)
    return say({ ...state, reference: undefined, rows }, 'times count from the first packet');
  const reference = { number: selected, seconds: row.seconds, nanos: row.nanos };
  return say(
    { ...state, reference, rows, settings: { ...state.settings, time: 'r' } },
    `times count from packet ${selected}`,
  );
}

const askForFile = (state: AppState, label: string, command: Command): AppState => ({
  ...state,
  prompt: promptFor('ask', label, '', command),
});

function save(state: AppState, typed: string, marked: boolean): AppState {
  const path = typed.trim();
  if (path === '') return state;
  const task: SaveTask = {
    path,
    withHandshakes: false,
    ...(marked
      ? { numbers: [...state.marks].toSorted((one, other) => one - other) }
      : state.filter.on && { matches: visibleOf(state) }),
  };
  const all = task.matches === undefined && task.numbers === undefined;
  return ordered(savingBegins(state, all), { type: 'save', key: 'save', task });
}

/** Copies what is under the cursor: the row, the line of the tree, or the bytes that are lit, in hex. */
function copy(state: AppState): AppState {
  const text = copied(state);
  if (text === undefined || text === '') return say(state, 'there is nothing to copy', 'note');
  return say(ordered(state, { type: 'copy', text }), `copied ${text.length} characters`);
}

/** Terminals that take more are rare. */
const MOST_COPIED = 50_000;

function copied(state: AppState): string | undefined {
  const { focus, shown, list, rows } = state;
  if (focus === 'list') {
    const row = rows.rows.find(({ number }) => number === list.selected);
    return row && [row.number, row.time, row.source, row.destination, row.protocol, row.length, row.info].join('\t');
  }
  const line = lineOf(state);
  if (focus === 'detail') return line?.text.slice(0, MOST_COPIED);
  const view = shown?.detail.sources[state.bytes.source]?.view;
  if (view === undefined) return undefined;
  const isLit = line !== undefined && line.source === state.bytes.source && line.end > line.start;
  const [start, end] = isLit ? [line.start, line.end] : [0, view.byteLength];
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, Math.min(end, view.byteLength) - start);
  return Array.from(bytes.subarray(0, MOST_COPIED >> 1), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Makes a filter of the field under the cursor, alone or together with the filter that is there. */
function filterByLine(
  state: AppState,
  command: 'filter-this' | 'filter-and' | 'filter-or' | 'filter-not' | 'filter-prepare',
): AppState {
  const line = fieldLineOf(state);
  const own = line === undefined ? undefined : filterOfLine(line);
  if (own === undefined) return say(state, 'this line has no name that a filter could use', 'note');
  const { text } = state.filter;
  const joined = (sign: '&&' | '||') => joinFilters(text, sign, own);
  switch (command) {
    case 'filter-this':
      return applyFilter(state, own);
    case 'filter-prepare':
      return { ...state, prompt: promptFor('filter', '', joined('&&')) };
    case 'filter-and':
      return applyFilter(state, joined('&&'));
    case 'filter-or':
      return applyFilter(state, joined('||'));
    case 'filter-not':
      return applyFilter(state, joinFilters(text, '&&', `!(${own})`));
  }
}

/** Columns that a list can have. */
const MOST_COLUMNS = 20;

const STANDARD_NAMES: ReadonlyMap<string, ListColumn> = new Map(
  STANDARD_COLUMNS.map((column) => [columnKey(column), column]),
);

/** Puts a field into the list, before the information; or one of the standard columns that was taken out. */
function addColumn(state: AppState, name: string): AppState {
  const { columns } = state.settings;
  if (columns.some((column) => columnKey(column) === name))
    return say(state, `column ${name} is shown already`, 'note');
  if (columns.length >= MOST_COLUMNS) return say(state, `no more than ${MOST_COLUMNS} columns`, 'warn');
  const field = fieldNamed(name);
  const column = STANDARD_NAMES.get(name) ?? (field && { title: field.label, of: { field: name } });
  if (column === undefined) {
    const [meant] = suggest(name, name.length).items;
    return say(state, `${name}: no such field${meant === undefined ? '' : `; did you mean ${meant.text}?`}`, 'error');
  }
  const info = columns.findIndex(({ of }) => of === 'info');
  const at = info < 0 ? columns.length : info;
  return withColumns(state, columns.toSpliced(at, 0, column), `column ${name} added`);
}

/** The last column before the information. */
const lastColumn = ({ settings: { columns } }: AppState): string => columns.at(-2)?.title ?? '';

function removeColumn(state: AppState, name: string): AppState {
  const { columns } = state.settings;
  if (columns.length === 1) return say(state, 'the last column stays', 'note');
  const kept = columns.filter((column) => columnKey(column) !== name && column.title !== name);
  if (kept.length === columns.length) return say(state, `${name}: there is no such column`, 'error');
  return withColumns(state, kept, `column ${name} removed`);
}

const withColumns = (state: AppState, columns: readonly ListColumn[], text: string): AppState =>
  say({ ...state, settings: { ...state.settings, columns }, rows: { rows: [], widths: new Map() } }, text);
