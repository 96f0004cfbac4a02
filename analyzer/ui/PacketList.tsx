import type { Row } from '../store/capture-view.js';
import type { ListState } from '../store/list.js';
import { cellText, columnKey } from '../store/list-columns.js';
import type { ListColumn } from '../store/settings.js';
import type { RowsState } from '../store/state.js';
import { cut, fitLeft, fitRight } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { Region, type Strip, strip } from './Region.js';
import { LOOKS, type Look, SEVERITY_LOOKS, type Theme } from './theme.js';

export interface PacketListProps {
  readonly rows: RowsState;
  readonly list: ListState;
  readonly columns: readonly ListColumn[];
  /** The looks of the rules for colours. */
  readonly looks: readonly Look[];
  readonly marks: ReadonlySet<number>;
  /** The packet from which times count. */
  readonly reference: number | undefined;
  readonly count: number;
  /** The highest number there is: the column of numbers is as wide. */
  readonly newest: number;
  /** What is said where there is no packet. */
  readonly empty: string;
  readonly focused: boolean;
  readonly heading: boolean;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The packets of the window, one a row, under the names of the columns. */
export function PacketList({ heading, height, width, theme, ...props }: PacketListProps) {
  const columns = columnsFor(width, props.newest, props.columns, props.rows);
  const header = heading ? [headerStrip(columns, props.focused, theme)] : [];
  const content =
    props.count === 0 ? [strip(cut(`  ${props.empty}`, width), LOOKS.quiet)] : rowStrips(columns, props, theme);
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
/** The narrowest that times become before they give way. */
const LEAST_TIME = 12;

/** Which columns are dropped last where there is little room. */
const IMPORTANCE: readonly ListColumn['of'][] = ['number', 'protocol', 'source', 'destination', 'time', 'length'];

/** The columns that fit, the information taking what is left. Those that matter least are dropped first. */
function columnsFor(
  width: number,
  newest: number,
  wanted: readonly ListColumn[],
  { widths }: RowsState,
): readonly Column[] {
  const all = wanted.map((column) => ({ of: column.of, column: columnOf(column, wanted, width, newest, widths) }));
  const rank = ({ of }: { readonly of: ListColumn['of'] }) => (typeof of === 'object' ? 2.5 : IMPORTANCE.indexOf(of));
  const shown = new Map<Column, number>();
  // The mark and its blank come first.
  let left = width - 2;
  for (const { of, column } of all.toSorted((one, other) => rank(one) - rank(other))) {
    if (of === 'info') continue;
    const room = left - 1 - LEAST_INFO;
    const taken = of === 'time' ? Math.min(column.width, Math.max(room, LEAST_TIME)) : column.width;
    if (taken > room) break;
    left -= taken + 1;
    shown.set(column, taken);
  }
  return all.flatMap(({ of, column }) => {
    const taken = of === 'info' ? Math.max(0, left) : shown.get(column);
    return taken === undefined ? [] : [{ ...column, width: taken }];
  });
}

function columnOf(
  column: ListColumn,
  columns: readonly ListColumn[],
  width: number,
  newest: number,
  widths: ReadonlyMap<string, number>,
): Column {
  const { title, of } = column;
  const most = width >= 140 ? 39 : width >= 100 ? 22 : 15;
  const text = (row: Row) => cellText(row, column, columns);
  const seen = widths.get(columnKey(column)) ?? 0;
  const between = (least: number, limit: number) => Math.min(Math.max(seen, least), limit);
  switch (of) {
    case 'number':
      return { title, width: Math.max(5, `${newest}`.length), right: true, text };
    case 'time':
      return { title, width: between(9, 30), right: true, text };
    case 'source':
    case 'destination':
      return { title, width: between(11, most), text };
    case 'protocol':
      return { title, width: between(8, 12), text };
    case 'length':
      return { title, width: 6, right: true, text };
    case 'info':
      return { title, width: 0, text };
    default:
      return { title, width: between(Math.max(6, title.length), most), text };
  }
}

function headerStrip(columns: readonly Column[], focused: boolean, theme: Theme): Strip {
  const titles = columns.map(({ title, width, right }) => (right ? fitRight(title, width) : fitLeft(title, width)));
  const look = { ...LOOKS.columns, ...(focused && LOOKS.focusedHeading) };
  return strip(`${focused ? theme.marks.focus : ' '} ${titles.join(' ')}`, look);
}

function rowStrips(
  columns: readonly Column[],
  {
    rows,
    list,
    focused,
    marks,
    reference,
    looks,
  }: Pick<PacketListProps, 'rows' | 'list' | 'focused' | 'marks' | 'reference' | 'looks'>,
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
    const mark = row.number === reference ? theme.marks.reference : marks.has(row.number) ? theme.marks.marked : ' ';
    return strip(`${theme.marks.severity[row.severity]}${mark}${text}`, {
      ...looks[row.rule],
      ...SEVERITY_LOOKS[row.severity],
      ...(marks.has(row.number) && LOOKS.marked),
      ...selection,
    });
  });
}
