import type { Row } from './capture-view.js';
import type { ListColumn } from './settings.js';

/** What a column is known by. */
export const columnKey = ({ of }: ListColumn): string => (typeof of === 'object' ? of.field : of);

/** What a row says in a column. */
export function cellText(row: Row, column: ListColumn, columns: readonly ListColumn[]): string {
  switch (column.of) {
    case 'number':
      return `${row.number}`;
    case 'length':
      return `${row.length}`;
    case 'time':
    case 'source':
    case 'destination':
    case 'protocol':
    case 'info':
      return row[column.of];
    default:
      return row.fields[columns.filter(({ of }) => typeof of === 'object').indexOf(column)] ?? '';
  }
}

/** The most characters that each column has held so far, so that scrolling does not move the columns. */
export function widened(
  before: ReadonlyMap<string, number>,
  rows: readonly Row[],
  columns: readonly ListColumn[],
): ReadonlyMap<string, number> {
  const widths = new Map(before);
  for (const column of columns) {
    if (column.of === 'info') continue;
    const key = columnKey(column);
    const longest = rows.reduce((most, row) => Math.max(most, cellText(row, column, columns).length), 0);
    widths.set(key, Math.max(widths.get(key) ?? 0, longest));
  }
  return widths;
}
