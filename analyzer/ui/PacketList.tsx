import type { Row } from '../store/capture-view.js';
import type { ListState } from '../store/list.js';
import type { RowsState } from '../store/state.js';
import { cut, fitLeft, fitRight } from './cells.js';
import { printable } from './printable.js';
import { Region, type Strip, strip } from './Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

export interface PacketListProps {
  readonly rows: RowsState;
  readonly list: ListState;
  readonly count: number;
  readonly done: boolean;
  readonly focused: boolean;
  readonly heading: boolean;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The packets of the window, one a row, under the names of the columns. */
export function PacketList({ heading, height, width, theme, ...props }: PacketListProps) {
  const columns = columnsFor(width, props.count, props.rows);
  const header = heading ? [headerStrip(columns, props.focused, theme)] : [];
  const content = props.count === 0 ? [emptyStrip(props.done)] : rowStrips(columns, props, theme);
  const strips = [...header, ...content];
  return <Region strips={strips} width={width} height={height + header.length} theme={theme} />;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
  text(row: Row): string;
}

/** The narrowest that the information may become before another column gives way. */
const LEAST_INFO = 12;

/** The columns that fitLeft, the last one taking what is left. Those that matter least are dropped first. */
function columnsFor(width: number, count: number, seen: RowsState): readonly Column[] {
  const most = width >= 140 ? 39 : width >= 100 ? 22 : 15;
  const address = (longest: number) => Math.min(Math.max(longest, 11), most);
  const number: Column = {
    title: 'No.',
    width: Math.max(5, `${count}`.length),
    right: true,
    text: (row) => `${row.number}`,
  };
  const time: Column = {
    title: 'Time',
    width: Math.min(Math.max(seen.time, 9), width >= 100 ? 30 : 12),
    right: true,
    text: (row) => row.time,
  };
  const source: Column = { title: 'Source', width: address(seen.source), text: (row) => row.source };
  const destination: Column = {
    title: 'Destination',
    width: address(seen.destination),
    text: (row) => row.destination,
  };
  const protocol: Column = {
    title: 'Protocol',
    width: Math.min(Math.max(seen.protocol, 8), 12),
    text: (row) => row.protocol,
  };
  const length: Column = { title: 'Length', width: 6, right: true, text: (row) => `${row.length}` };
  const info: Column = { title: 'Info', width: 0, text: (row) => row.info };

  const shown = new Set<Column>();
  // The mark and its blank come first.
  let left = width - 2;
  for (const column of [number, protocol, source, destination, time, length]) {
    if (left - column.width - 1 < LEAST_INFO) break;
    left -= column.width + 1;
    shown.add(column);
  }
  const kept = [number, time, source, destination, protocol, length].filter((column) => shown.has(column));
  return [...kept, { ...info, width: Math.max(0, left) }];
}

function headerStrip(columns: readonly Column[], focused: boolean, theme: Theme): Strip {
  const titles = columns.map(({ title, width, right }) => (right ? fitRight(title, width) : fitLeft(title, width)));
  const look = { ...LOOKS.columns, ...(focused && LOOKS.focusedHeading) };
  return strip(`${focused ? theme.marks.focus : ' '} ${titles.join(' ')}`, look);
}

const emptyStrip = (done: boolean): Strip =>
  strip(done ? '  The capture has no packets.' : '  No packets yet.', LOOKS.quiet);

function rowStrips(
  columns: readonly Column[],
  { rows, list, focused }: Pick<PacketListProps, 'rows' | 'list' | 'focused'>,
  theme: Theme,
): readonly Strip[] {
  const last = columns.length - 1;
  const cell = (column: Column, row: Row, place: number): string => {
    const text = printable(column.text(row), theme.ascii, column.width + list.shift);
    if (place === last) return cut(text, column.width, theme.marks.more, list.shift);
    return column.right
      ? fitRight(text, column.width, theme.marks.more)
      : fitLeft(text, column.width, theme.marks.more);
  };
  return rows.rows.map((row) => {
    const selection = row.number === list.selected ? (focused ? LOOKS.selected : LOOKS.selectedElsewhere) : {};
    const text = columns.map((column, place) => cell(column, row, place)).join(' ');
    return strip(`${theme.marks.severity[row.severity]} ${text}`, { ...SEVERITY_LOOKS[row.severity], ...selection });
  });
}
