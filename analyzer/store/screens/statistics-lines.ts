import type { StatisticsKind } from '../../query/news.js';
import { type Cell, type Column, type Sheet, shownNumber } from '../../stats/sheet.js';
import { sheetsCsv } from '../../stats/sheet-text.js';

/** A column of a table, as it is drawn where there is room and where there is not. */
export interface StatisticsColumn extends Pick<Column, 'head' | 'short' | 'isPeer'> {
  /** Whether it has numbers: they stand at the right. */
  readonly right: boolean;
  /** How soon it is left out; 0 for never. */
  readonly spare: number;
  /** Whether there is nothing in it but zeros. */
  readonly isEmpty: boolean;
}

/** A table as text. Its title, heads and rows are one line each. */
export interface StatisticsTable {
  readonly columns: readonly StatisticsColumn[];
  readonly rows: readonly (readonly string[])[];
  /** The most characters that each column has below its head. */
  readonly widths: readonly number[];
}

/** A line of the statistics' screen. */
export interface StatisticsLine {
  readonly kind: 'title' | 'heads' | 'row' | 'note' | 'blank';
  /** Cells in columns, or one text. */
  readonly cells: readonly string[];
  /** The table that it belongs to, if it does. */
  readonly table: StatisticsTable | undefined;
  /** A filter that passes the packets of the row; empty where there is none. */
  readonly filter: string;
  /** From 0 to 1: how long the bar after the row is. Undefined where there are no bars. */
  readonly bar: number | undefined;
}

/** Rows of a table that are shown: nobody reads more, and the file has them all. */
const MOST_ROWS = 10_000;
/** What a peer is called. */
type PeerName = (id: string) => string;

/**
 * Tables as lines: those with parts are shown as a table for each part.
 * @param peerName what a peer with some id is called
 */
export function linesOfSheets(
  sheets: readonly Sheet[],
  filters: readonly (readonly string[])[],
  kind: StatisticsKind,
  peerName: PeerName,
): readonly StatisticsLine[] {
  return sheets.flatMap((sheet, place) => {
    const own = filters[place] ?? [];
    const parts = [...new Set(sheet.columns.map(({ part }) => part).filter((part) => part !== undefined))];
    const tables =
      parts.length === 0
        ? [linesOfTable(sheet, sheet.title, () => true, own, kind, peerName)]
        : parts.map((part) =>
            linesOfTable(
              sheet,
              part,
              (column) => column.part === undefined || column.part === part,
              own,
              kind,
              peerName,
            ),
          );
    return [...tables.flat(), ...sheet.notes.map((note) => textLine('note', note))];
  });
}

const textLine = (kind: 'title' | 'note' | 'blank', text: string): StatisticsLine => ({
  kind,
  cells: [text],
  table: undefined,
  filter: '',
  bar: undefined,
});

function linesOfTable(
  sheet: Sheet,
  title: string,
  isShown: (column: Column) => boolean,
  filters: readonly string[],
  kind: StatisticsKind,
  peerName: PeerName,
): readonly StatisticsLine[] {
  const shown = sheet.columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => !column.inTitle && isShown(column));
  const rows = sheet.rows.slice(0, MOST_ROWS);
  const texts = rows.map((row) => shown.map(({ column, place }) => cellText(row[place], column, peerName)));
  const columns = shown.map(({ column, place }): StatisticsColumn => {
    const { head, short, isPeer, spare = 0 } = column;
    return {
      head,
      ...(short !== undefined && { short }),
      ...(isPeer && { isPeer }),
      spare,
      right: rows.some((row) => typeof row[place] === 'number'),
      isEmpty: rows.every((row) => (row[place] ?? 0) === 0),
    };
  });
  const widths = columns.map((_, at) => texts.reduce((most, cells) => Math.max(most, cells[at]?.length ?? 0), 0));
  const table = { columns, rows: texts, widths };
  const barred = kind === 'io' || kind === 'rtt' ? barColumn(sheet) : -1;
  const most = rows.reduce((largest, row) => Math.max(largest, numberIn(row[barred])), 0);
  const left = sheet.rows.length - rows.length;
  return [
    { ...textLine('title', title), table },
    { ...textLine('title', ''), kind: 'heads', cells: columns.map(({ head }) => head), table },
    ...texts.map((cells, row): StatisticsLine => {
      const bar = barred < 0 || most === 0 ? undefined : numberIn(rows[row]?.[barred]) / most;
      return { kind: 'row', cells, table, filter: filters[row] ?? '', bar };
    }),
    ...(left > 0 ? [textLine('note', `${left} more rows: save them to see them`)] : []),
    textLine('blank', ''),
  ];
}

/** The column that bars are drawn of: the first that counts packets or channels. */
const barColumn = ({ columns }: Sheet): number =>
  columns.findIndex(({ key }) => /packets|frames|count|channels/.test(key));

const numberIn = (cell: Cell): number => (typeof cell === 'number' ? cell : 0);

function cellText(cell: Cell, { show, isPeer }: Column, peerName: PeerName): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return shownNumber(cell, show);
  return isPeer && !cell.startsWith('(') ? peerName(cell) : cell;
}

/** Tables as the bytes of a CSV file. */
export const sheetsCsvBytes = (sheets: readonly Sheet[]): Uint8Array => new TextEncoder().encode(sheetsCsv(sheets));
