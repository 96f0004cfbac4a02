import type { StatisticsKind } from '../../query/news.js';
import { type Cell, type Column, type Sheet, shownNumber } from '../../stats/sheet.js';
import { sheetsCsv } from '../../stats/sheet-text.js';
import { grouped } from '../../text/numbers.js';

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
  readonly title: string;
  /** By which column it is sorted, if the user has sorted it. */
  readonly order: TableOrder | undefined;
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
  /** From 0 to 1: how long the bars after the row are, of all and of parts of it. Undefined where there are no bars. */
  readonly bars: readonly number[] | undefined;
}

/** By which column a table is sorted, and which way. */
export interface TableOrder {
  readonly column: number;
  readonly descending: boolean;
}

/** Rows of a table that are shown: nobody reads more, and the file has them all. */
const MOST_ROWS = 10_000;
/** What a peer is called. */
type PeerName = (id: string) => string;

/**
 * Tables as lines: those with parts are shown as a table for each part.
 * @param peerName what a peer with some id is called
 * @param sorted how tables are sorted, by their titles
 */
export function linesOfSheets(
  sheets: readonly Sheet[],
  filters: readonly (readonly string[])[],
  kind: StatisticsKind,
  peerName: PeerName,
  sorted: ReadonlyMap<string, TableOrder> = new Map(),
): readonly StatisticsLine[] {
  return sheets.flatMap((sheet, place) => {
    const own = filters[place] ?? [];
    const parts = [...new Set(sheet.columns.map(({ part }) => part).filter((part) => part !== undefined))];
    const tables =
      parts.length === 0
        ? [linesOfTable(sheet, sheet.title, () => true, own, kind, peerName, sorted)]
        : parts.map((part) =>
            linesOfTable(
              sheet,
              part,
              (column) => column.part === undefined || column.part === part,
              own,
              kind,
              peerName,
              sorted,
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
  bars: undefined,
});

function linesOfTable(
  sheet: Sheet,
  title: string,
  isShown: (column: Column) => boolean,
  filters: readonly string[],
  kind: StatisticsKind,
  peerName: PeerName,
  sorted: ReadonlyMap<string, TableOrder>,
): readonly StatisticsLine[] {
  const shown = sheet.columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => !column.inTitle && isShown(column));
  const order = sorted.get(title);
  const places = orderOf(
    sheet,
    order === undefined ? undefined : shown[order.column]?.place,
    order?.descending === true,
  );
  const rows = places.map((place) => sheet.rows[place] ?? []);
  const share = shareOf(sheet, kind);
  const texts = rows.map((row) =>
    shown.map(({ column, place }) => {
      const text = cellText(row[place], column, peerName);
      return place === share?.place ? `${text} ${percentOf(row[place], share.total)}` : text;
    }),
  );
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
  const table = { title, order, columns, rows: texts, widths };
  const barred = kind === 'io' || kind === 'rtt' ? barColumns(sheet) : [];
  const most = rows.reduce((largest, row) => Math.max(largest, numberIn(row[barred[0] ?? -1])), 0);
  const left = sheet.rows.length - rows.length;
  return [
    { ...textLine('title', title), table },
    { ...textLine('title', ''), kind: 'heads', cells: columns.map(({ head }) => head), table },
    ...texts.map((cells, row): StatisticsLine => {
      const bars = most === 0 ? undefined : barred.map((column) => numberIn(rows[row]?.[column]) / most);
      return { kind: 'row', cells, table, filter: filters[places[row] ?? -1] ?? '', bars };
    }),
    ...(left > 0 ? [textLine('note', `${left} more rows: save them to see them`)] : []),
    textLine('blank', ''),
  ];
}

/** The places of the rows that are shown, in the order of a column. */
function orderOf({ rows }: Sheet, column: number | undefined, descending: boolean): readonly number[] {
  const places = Array.from({ length: rows.length }, (_, place) => place);
  if (column === undefined) return places.slice(0, MOST_ROWS);
  const sign = descending ? -1 : 1;
  const compared = (one: Cell, other: Cell): number => {
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
    return String(one) < String(other) ? -1 : Number(String(one) > String(other));
  };
  return places
    .sort((one, other) => sign * compared(rows[one]?.[column], rows[other]?.[column]) || one - other)
    .slice(0, MOST_ROWS);
}

/** Tables of which the packets of a row are told as a share of all, too. */
const SHARED: ReadonlySet<StatisticsKind> = new Set(['hierarchy', 'endpoints', 'conversations', 'expert']);

/** The column that is told as a share, and of how many. */
function shareOf(
  { columns, rows }: Sheet,
  kind: StatisticsKind,
): { readonly place: number; readonly total: number } | undefined {
  const place = SHARED.has(kind) ? columns.findIndex(({ key }) => /^(?:packets|frames|count)$/.test(key)) : -1;
  if (place < 0) return undefined;
  const counts = rows.map((row) => numberIn(row[place]));
  // In a hierarchy each row counts in those around it; both ends of a packet are told in a table of ends.
  const total =
    kind === 'hierarchy' ? Math.max(0, ...counts.slice(0, MOST_ROWS)) : counts.reduce((sum, one) => sum + one, 0);
  return total === 0 ? undefined : { place, total };
}

const percentOf = (cell: Cell, total: number): string => `${((100 * numberIn(cell)) / total).toFixed(1).padStart(5)}%`;

/** The columns that bars are drawn of: the first that counts packets or channels, and others that count parts of it. */
const barColumns = ({ columns }: Sheet): readonly number[] =>
  columns.flatMap(({ key }, place) => (/packets|frames|count|channels/.test(key) ? [place] : []));

const numberIn = (cell: Cell): number => (typeof cell === 'number' ? cell : 0);

function cellText(cell: Cell, { show, isPeer }: Column, peerName: PeerName): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return show === undefined ? grouped(cell) : shownNumber(cell, show);
  return isPeer && !cell.startsWith('(') ? peerName(cell) : cell;
}

/** Tables as the bytes of a CSV file. */
export const sheetsCsvBytes = (sheets: readonly Sheet[]): Uint8Array => new TextEncoder().encode(sheetsCsv(sheets));
