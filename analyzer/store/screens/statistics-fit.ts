import type { StatisticsColumn, StatisticsTable } from './statistics-lines.js';

/** A column as it is drawn. */
export interface FittedColumn {
  /** From 0, in the table. */
  readonly place: number;
  readonly head: string;
  /** In cells. */
  readonly width: number;
}

/** Cells between two columns. */
export const GAP = 2;
/** What is left of a long text before other columns are left out for it, and of any text in the end. */
const SOME_TEXT = 24;
const LEAST_TEXT = 8;

/**
 * The columns of a table that there is room for: with short heads where the long ones are too long, without those that
 * can be spared, and with long texts cut, in this order.
 * @param widths cells that the values of each column take at most
 */
export function fittedColumns(
  columns: readonly StatisticsColumn[],
  widths: readonly number[],
  room: number,
): readonly FittedColumn[] {
  const whole = columns.map(({ head }, place) => columnOf(place, head, widths));
  if (totalOf(whole) <= room) return whole;
  const isLong = ({ place }: FittedColumn) => columns[place]?.isPeer === true || place === columns.length - 1;
  const isWords = ({ place }: FittedColumn) => columns[place]?.right === false;
  let shown = columns.map(({ head, short = head }, place) => columnOf(place, short, widths));
  for (const isSpared of sparing(columns)) {
    if (totalOf(squeezed(shown, (one) => isLong(one) && isWords(one), SOME_TEXT, room)) <= room) break;
    shown = shown.filter(({ place }) => !isSpared(columns[place] as StatisticsColumn));
  }
  const long = squeezed(shown, (one) => isLong(one) && isWords(one), SOME_TEXT, room);
  return squeezed(long, isWords, LEAST_TEXT, room);
}

const columnOf = (place: number, head: string, widths: readonly number[]): FittedColumn => ({
  place,
  head,
  width: Math.max(head.length, widths[place] ?? 0),
});

const totalOf = (columns: readonly FittedColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + GAP, -GAP);

/** What can be left out, first to last. */
function sparing(columns: readonly StatisticsColumn[]): readonly ((column: StatisticsColumn) => boolean)[] {
  const ranks = [...new Set(columns.map(({ spare }) => spare))].filter((rank) => rank > 0).sort((a, b) => b - a);
  return [
    ({ spare, isEmpty }) => spare > 0 && isEmpty,
    ...ranks.map(
      (rank) =>
        ({ spare }: StatisticsColumn) =>
          spare === rank,
    ),
  ];
}

/** The columns with the widest of some made narrower, no further than they may and must be. */
function squeezed(
  columns: readonly FittedColumn[],
  isSoft: (column: FittedColumn) => boolean,
  least: number,
  room: number,
): readonly FittedColumn[] {
  const widths = columns.map(({ width }) => width);
  for (let over = totalOf(columns) - room; over > 0; over--) {
    const soft = columns.flatMap((column, at) => (isSoft(column) && (widths[at] ?? 0) > least ? [at] : []));
    const widest = soft.reduce(
      (one, other) => ((widths[other] ?? 0) > (widths[one] ?? 0) ? other : one),
      soft[0] ?? -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return columns.map((column, at) => ({ ...column, width: widths[at] ?? column.width }));
}

/** Cells by which a step sideways moves a long text that stands last, once there is nothing else to move. */
const TEXT_STEP = 16;
/** Cells of such a text that are seen at least on any screen that is worth the name. */
const SEEN_TEXT = 40;

/** What so many steps sideways come to for a table: columns after the first that are skipped, and cells of the last. */
export function movedBy(
  { columns }: StatisticsTable,
  steps: number,
): { readonly columns: number; readonly cells: number } {
  const most = Math.max(0, columns.length - 2);
  return { columns: Math.min(steps, most), cells: Math.max(0, steps - most) * TEXT_STEP };
}

/** The most steps sideways that bring something else of a table. */
export function mostSteps({ columns, widths }: StatisticsTable): number {
  const hidden = columns.at(-1)?.right === false ? Math.max(0, (widths.at(-1) ?? 0) - SEEN_TEXT) : 0;
  return Math.max(0, columns.length - 2) + Math.ceil(hidden / TEXT_STEP);
}
