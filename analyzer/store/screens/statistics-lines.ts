import { sheetsCsv } from '../../print/sheet-text.js';
import { type Cell, type Column, type Sheet, shownNumber } from '../../stats/sheet.js';
import type { StatisticsKind } from '../capture-view.js';

/** A line of the statistics' screen. */
export interface StatisticsLine {
  readonly kind: 'title' | 'heads' | 'row' | 'note' | 'blank';
  /** Cells in columns, or one text. */
  readonly cells: readonly string[];
  /** How wide each column is, and which ones are numbers, at the right. */
  readonly widths: readonly number[];
  readonly right: readonly boolean[];
  /** A filter that passes the packets of the row; empty where there is none. */
  readonly filter: string;
  /** From 0 to 1: how long the bar after the row is. Undefined where there are no bars. */
  readonly bar: number | undefined;
}

/** Rows of a table that are shown: nobody reads more, and the file has them all. */
const MOST_ROWS = 10_000;
/** The widest that a column may be. */
const MOST_CELLS = 60;

/** Tables as lines: those with parts are shown as a table for each part. */
export function linesOfSheets(
  sheets: readonly Sheet[],
  filters: readonly (readonly string[])[],
  kind: StatisticsKind,
): readonly StatisticsLine[] {
  return sheets.flatMap((sheet, place) => {
    const own = filters[place] ?? [];
    const parts = [...new Set(sheet.columns.map(({ part }) => part).filter((part) => part !== undefined))];
    const tables =
      parts.length === 0
        ? [linesOfTable(sheet, sheet.title, () => true, own, kind)]
        : parts.map((part) =>
            linesOfTable(sheet, part, (column) => column.part === undefined || column.part === part, own, kind),
          );
    return [...tables.flat(), ...sheet.notes.map((note) => textLine('note', note))];
  });
}

const textLine = (kind: 'title' | 'note' | 'blank', text: string): StatisticsLine => ({
  kind,
  cells: [text],
  widths: [0],
  right: [false],
  filter: '',
  bar: undefined,
});

function linesOfTable(
  sheet: Sheet,
  title: string,
  isShown: (column: Column) => boolean,
  filters: readonly string[],
  kind: StatisticsKind,
): readonly StatisticsLine[] {
  const shown = sheet.columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => !column.inTitle && isShown(column));
  const rows = sheet.rows.slice(0, MOST_ROWS);
  const texts = rows.map((row) => shown.map(({ column, place }) => cellText(row[place], column)));
  const heads = shown.map(({ column }) => column.head);
  const widths = heads.map((head, column) =>
    Math.min(
      MOST_CELLS,
      texts.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), head.length),
    ),
  );
  const right = shown.map(({ place }) => rows.some((row) => typeof row[place] === 'number'));
  const barred = kind === 'io' || kind === 'rtt' ? barColumn(sheet) : -1;
  const most = rows.reduce((largest, row) => Math.max(largest, numberIn(row[barred])), 0);
  const left = sheet.rows.length - rows.length;
  return [
    textLine('title', title),
    { ...textLine('title', ''), kind: 'heads', cells: heads, widths, right },
    ...texts.map((cells, row): StatisticsLine => {
      const bar = barred < 0 || most === 0 ? undefined : numberIn(rows[row]?.[barred]) / most;
      return { kind: 'row', cells, widths, right, filter: filters[row] ?? '', bar };
    }),
    ...(left > 0 ? [textLine('note', `${left} more rows: save them to see them`)] : []),
    textLine('blank', ''),
  ];
}

/** The column that bars are drawn of: the first that counts packets or channels. */
const barColumn = ({ columns }: Sheet): number =>
  columns.findIndex(({ key }) => /packets|frames|count|channels/.test(key));

const numberIn = (cell: Cell): number => (typeof cell === 'number' ? cell : 0);

function cellText(cell: Cell, { show }: Column): string {
  if (cell === undefined) return '';
  return typeof cell === 'number' ? shownNumber(cell, show) : cell;
}

/** Tables as the bytes of a CSV file. */
export const sheetsCsvBytes = (sheets: readonly Sheet[]): Uint8Array => new TextEncoder().encode(sheetsCsv(sheets));
