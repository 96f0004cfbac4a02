import { SHIFT } from '../../store/cursor.js';
import { KEYS, keyLabel, keysOf } from '../../store/keys.js';
import { STATISTICS_KINDS } from '../../store/screens/statistics.js';
import { type FittedColumn, fittedColumns, GAP, movedBy } from '../../store/screens/statistics-fit.js';
import type { StatisticsLine, StatisticsTable } from '../../store/screens/statistics-lines.js';
import type { AppState } from '../../store/state.js';
import { cellsOf, cut, fitLeft, fitRight } from '../../text/cells.js';
import { printable } from '../../text/printable.js';
import { headingStrip, type Tab } from '../heading.js';
import { Region, type Span, type Strip, strip } from '../Region.js';
import { LOOKS, type Look, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** Tables of what the capture has, counted; of times and round trips with bars. */
export function StatisticsScreen({ state, width, height, theme }: ScreenProps) {
  const { kind, lines, cursor } = state.statistics;
  const tabs = STATISTICS_KINDS.map(([name, title]) => ({ name: title, current: name === kind }));
  const heading = headingStrip(tabsInSight(tabs, width, theme), true, width, theme);
  const shown = withHeads(lines, cursor.top, height - 1);
  const layouts = new Map<StatisticsTable, Layout>();
  const layoutOf = (table: StatisticsTable): Layout => {
    const known = layouts.get(table) ?? layoutFor(table, width, theme);
    layouts.set(table, known);
    return known;
  };
  const rows = shown.map((line, row) => {
    const look = cursor.top + row === cursor.at ? LOOKS.selected : {};
    const { table } = line;
    const drawn =
      table === undefined || line.kind === 'title'
        ? textStrip(line, table && layoutOf(table), state, width, theme)
        : tableStrip(line, table, layoutOf(table), cursor.shift, width, theme);
    return { ...drawn, look: { ...drawn.look, ...look } };
  });
  const strips = rows.length === 0 ? [strip(`  ${emptyText(state)}`, LOOKS.quiet)] : rows;
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}

/** The lines of the window; one that begins within a table shows its heads first. */
function withHeads(lines: readonly StatisticsLine[], top: number, height: number): readonly StatisticsLine[] {
  const shown = lines.slice(top, top + height);
  const [first] = shown;
  if (first?.kind !== 'row' || shown.length < 2) return shown;
  const heads = lines.slice(0, top).findLast(({ kind, table }) => kind === 'heads' && table === first.table);
  return heads === undefined ? shown : [heads, ...shown.slice(1)];
}

function emptyText({ statistics, capture }: AppState): string {
  const { news } = statistics;
  if (news?.problem !== undefined) return news.problem;
  if (news?.done) return 'Nothing to count.';
  return `Counting: ${Math.floor((100 * (news?.looked ?? 0)) / Math.max(1, capture.count))} %`;
}

/** Cells before a row of a table. */
const MARGIN = 3;
/** Cells that a bar needs to say anything. */
const LEAST_BAR = 8;

/** The columns of a table: all of them, and those that there is room for. */
interface Layout {
  readonly all: readonly FittedColumn[];
  readonly fitted: readonly FittedColumn[];
}

function layoutFor({ columns, rows, widths }: StatisticsTable, width: number, theme: Theme): Layout {
  // Only the names of peers can hold anything but ASCII.
  const cells = widths.map((most, place) =>
    columns[place]?.isPeer
      ? rows.reduce((widest, row) => Math.max(widest, cellsOf(printable(row[place] ?? '', theme.ascii))), 0)
      : most,
  );
  return {
    all: fittedColumns(columns, cells, Number.POSITIVE_INFINITY),
    fitted: fittedColumns(columns, cells, width - MARGIN),
  };
}

function textStrip(
  { kind, cells }: StatisticsLine,
  layout: Layout | undefined,
  { settings, statistics: { cursor } }: AppState,
  width: number,
  theme: Theme,
): Strip {
  const isTitle = kind === 'title';
  const shift = isTitle ? 0 : cursor.shift * SHIFT;
  const text = cut(` ${printable(cells[0] ?? '', theme.ascii, width + shift)}`, width, theme.marks.more, shift);
  const left = layout === undefined || cursor.shift > 0 ? 0 : layout.all.length - layout.fitted.length;
  const binding = KEYS.find(({ command, where }) => command === 'shift-right' && where.includes('statistics'));
  const key = binding === undefined ? undefined : keysOf(binding, 'statistics', settings.keymap).at(-1);
  const more =
    left === 0 || key === undefined
      ? ''
      : `  (${keyLabel(key)} shows ${left === 1 ? 'one more column' : `${left} more columns`})`;
  return {
    spans: [{ text }, { text: cut(more, width - cellsOf(text), theme.marks.more), look: LOOKS.quiet }],
    look: isTitle ? LOOKS.heading : LOOKS.quiet,
  };
}

/** A row, or the heads. What is read on sideways moves beside the first column, which says what it is about. */
function tableStrip(
  line: StatisticsLine,
  table: StatisticsTable,
  { all, fitted }: Layout,
  shift: number,
  width: number,
  theme: Theme,
): Strip {
  const { more } = theme.marks;
  const moved = movedBy(table, shift);
  const last = all.length - 1;
  const cell = ({ place, head, width: wide }: FittedColumn): string => {
    const isHead = line.kind === 'heads';
    const isSorted = isHead && table.order?.column === place;
    const mark = isSorted ? theme.marks[table.order?.descending ? 'descending' : 'ascending'] : '';
    const safe = isHead
      ? cut(headOf(head, theme), wide - mark.length) + mark
      : printable(line.cells[place] ?? '', theme.ascii);
    if (table.columns[place]?.right) return fitRight(safe, wide, more);
    return fitLeft(place === last && !isHead ? cut(safe, wide, more, moved.cells) : safe, wide, more);
  };
  const columns = shift === 0 ? fitted : all.filter((_, place) => place === 0 || place > moved.columns);
  const cells = columns.map(cell).join(' '.repeat(GAP));
  const text = cut(`${' '.repeat(MARGIN)}${cells}`.trimEnd(), width, more);
  const room = width - cellsOf(text) - 3;
  const bars = room < LEAST_BAR ? [] : barSpans(line.bars ?? [], room, theme);
  return {
    spans: [{ text }, ...bars],
    ...(line.kind === 'heads' && { look: LOOKS.columns }),
  };
}

const headOf = (head: string, { ascii, marks }: Theme): string =>
  printable(head.replace('→', marks.right).replace('←', marks.left), ascii);

/** A bar of all, its start in other colours as far as parts of it reach: the last of them lies on top. */
function barSpans(bars: readonly number[], room: number, theme: Theme): readonly Span[] {
  const [whole, ...parts] = bars;
  if (whole === undefined) return [];
  const bar = barOf(whole, room, theme);
  const spans: Span[] = [{ text: '  ' }];
  let from = 0;
  // The shortest first: each shows what it reaches beyond those before it.
  const ends = parts
    .map((part, place) => ({
      end: part === 0 ? 0 : Math.max(1, Math.round(part * room)),
      look: PART_LOOKS[place] ?? {},
    }))
    .toSorted((one, other) => one.end - other.end);
  for (const { end, look } of ends) {
    const cells = bar.slice(from, end);
    if (cells === '') continue;
    spans.push({ text: cells, look });
    from += cells.length;
  }
  return [...spans, { text: bar.slice(from), look: LOOKS.bar }];
}

/** Packets of channels, and those with findings. */
const PART_LOOKS: readonly Look[] = [LOOKS.ofChannels, LOOKS.withFindings];

/** Those of the tabs that fit, with the current one among them. */
function tabsInSight(tabs: readonly Tab[], width: number, { marks }: Theme): readonly Tab[] {
  const current = tabs.findIndex((tab) => tab.current);
  const cells = (some: readonly Tab[]) => some.reduce((sum, { name }) => sum + cellsOf(name) + 1, 7);
  let first = 0;
  while (first < current && cells(tabs.slice(first, current + 1)) > width) first++;
  const seen = tabs.slice(first);
  return first === 0 ? seen : [{ name: marks.more, current: false }, ...seen];
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of up to so many cells, to the eighth of a cell where the terminal can draw that. */
function barOf(share: number, room: number, theme: Theme): string {
  if (theme.ascii) return '#'.repeat(Math.max(share > 0 ? 1 : 0, Math.round(share * room)));
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * room * 8));
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}
