import { STATISTICS_KINDS } from '../../store/screens/statistics.js';
import type { StatisticsLine } from '../../store/screens/statistics-lines.js';
import type { AppState } from '../../store/state.js';
import { cellsOf, cut, fitLeft, fitRight } from '../cells.js';
import { headingStrip } from '../heading.js';
import { printable } from '../printable.js';
import { Region, type Strip, strip } from '../Region.js';
import { LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** Tables of what the capture has, counted; of times and round trips with bars. */
export function StatisticsScreen({ state, width, height, theme }: ScreenProps) {
  const { kind, lines, cursor } = state.statistics;
  const tabs = STATISTICS_KINDS.map(([name, title]) => ({ name: title, current: name === kind }));
  const heading = headingStrip(tabs, true, width, theme);
  const shown = lines.slice(cursor.top, cursor.top + height - 1);
  const rows = shown.map((line, row) => lineStrip(line, cursor.shift, cursor.top + row === cursor.at, width, theme));
  const strips = rows.length === 0 ? [strip(`  ${emptyText(state)}`, LOOKS.quiet)] : rows;
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}

function emptyText({ statistics, capture }: AppState): string {
  const { news } = statistics;
  if (news?.problem !== undefined) return news.problem;
  if (news?.done) return 'Nothing to count.';
  return `Counting: ${Math.floor((100 * (news?.looked ?? 0)) / Math.max(1, capture.count))} %`;
}

/** Cells that a bar needs to say anything. */
const LEAST_BAR = 8;

function lineStrip(line: StatisticsLine, shift: number, current: boolean, width: number, theme: Theme): Strip {
  const selection = current ? LOOKS.selected : {};
  if (line.kind !== 'row' && line.kind !== 'heads') {
    const text = ` ${printable(line.cells[0] ?? '', theme.ascii, width + shift)}`;
    return strip(cut(text, width, theme.marks.more, shift), {
      ...(line.kind === 'title' ? LOOKS.heading : LOOKS.quiet),
      ...selection,
    });
  }
  const cells = line.cells.map((cell, place) => {
    const safe = printable(cell, theme.ascii);
    const wide = line.widths[place] ?? 0;
    return line.right[place] ? fitRight(safe, wide, theme.marks.more) : fitLeft(safe, wide, theme.marks.more);
  });
  const text = cut(`   ${cells.join('  ')}`, width, theme.marks.more, shift);
  const room = width - cellsOf(text) - 3;
  const bar = line.bar === undefined || room < LEAST_BAR ? '' : `  ${barOf(line.bar, room, theme)}`;
  const look = line.kind === 'heads' ? LOOKS.columns : {};
  return { spans: [{ text }, { text: bar, look: LOOKS.bar }], look: { ...look, ...selection } };
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of up to so many cells, to the eighth of a cell where the terminal can draw that. */
function barOf(share: number, room: number, theme: Theme): string {
  if (theme.ascii) return '#'.repeat(Math.max(share > 0 ? 1 : 0, Math.round(share * room)));
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * room * 8));
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}
