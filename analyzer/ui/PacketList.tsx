import type { Row } from '../store/capture-view.js';
import type { ListState } from '../store/list.js';
import { cellText } from '../store/list-columns.js';
import { type FittedColumn, fitColumns } from '../store/list-fit.js';
import type { ListColumn } from '../store/settings.js';
import type { FoundWords } from '../store/state/search.js';
import type { RowsState } from '../store/state.js';
import { cut, cutInside, fitLeft, fitRight } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { Region, type Span, type Strip, strip } from './Region.js';
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
  /** The words that were searched for, in the information of a packet. */
  readonly found: FoundWords | undefined;
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
  const columns = fitColumns(width, props.newest, props.columns, props.rows.widths);
  const header = heading ? [headerStrip(columns, props.focused, props.list.cell ?? -1, theme)] : [];
  const content =
    props.count === 0 ? [strip(cut(`  ${props.empty}`, width), LOOKS.quiet)] : rowStrips(columns, props, theme);
  const strips = [...header, ...content];
  return <Region strips={strips} width={width} height={height + header.length} theme={theme} />;
}

function headerStrip(columns: readonly FittedColumn[], focused: boolean, cell: number, theme: Theme): Strip {
  const titles = columns.map(({ column: { title }, width, right }) =>
    right ? fitRight(title, width) : fitLeft(title, width),
  );
  const look = { ...LOOKS.columns, ...(focused && LOOKS.focusedHeading) };
  const spans: Span[] = [{ text: `${focused ? theme.marks.focus : ' '} ` }];
  for (const [place, text] of titles.entries()) {
    spans.push({ text, ...(place === cell && { look: LOOKS.sorted }) }, { text: place < titles.length - 1 ? ' ' : '' });
  }
  return { spans, look };
}

function rowStrips(
  columns: readonly FittedColumn[],
  {
    rows,
    list,
    focused,
    marks,
    reference,
    looks,
    found,
    columns: wanted,
  }: Pick<PacketListProps, 'rows' | 'list' | 'focused' | 'marks' | 'reference' | 'looks' | 'found' | 'columns'>,
  theme: Theme,
): readonly Strip[] {
  const last = columns.length - 1;
  const cell = ({ column, width, right }: FittedColumn, row: Row, place: number): string => {
    const text = printable(cellText(row, column, wanted), theme.ascii, 2 * width + list.shift);
    if (place === last) return cut(text, width, theme.marks.more, list.shift);
    if (column.of === 'source' || column.of === 'destination')
      return fitLeft(cutInside(text, width, theme.marks.more), width);
    return right ? fitRight(text, width, theme.marks.more) : fitLeft(text, width, theme.marks.more);
  };
  return rows.rows.map((row) => {
    const selection = row.number === list.selected ? (focused ? LOOKS.selected : LOOKS.selectedElsewhere) : {};
    const text = columns.map((column, place) => cell(column, row, place)).join(' ');
    const mark = row.number === reference ? theme.marks.reference : marks.has(row.number) ? theme.marks.marked : ' ';
    const whole = `${theme.marks.severity[row.severity]}${mark}${text}`;
    const look = {
      ...looks[row.rule],
      ...SEVERITY_LOOKS[row.severity],
      ...(marks.has(row.number) && LOOKS.marked),
      ...selection,
    };
    return found?.packet === row.number
      ? { spans: foundSpans(whole, columns[last]?.from ?? 0, found, list), look }
      : strip(whole, look);
  });
}

/** A row with the words that were searched for lit, where the information has them. */
function foundSpans(text: string, infoFrom: number, { from, to }: FoundWords, { shift }: ListState): readonly Span[] {
  const start = Math.max(infoFrom, infoFrom + from - shift);
  const end = Math.max(start, infoFrom + to - shift);
  return [
    { text: text.slice(0, start) },
    { text: text.slice(start, end), look: LOOKS.found },
    { text: text.slice(end) },
  ];
}
