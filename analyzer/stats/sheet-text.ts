import { csvLine } from '../print/csv.js';
import { jsonText } from '../print/json-text.js';
import { table } from '../print/table.js';
import { printable } from '../text/printable.js';
import { type Cell, type Column, type Sheet, shownNumber } from './sheet.js';

/** A table of statistics as aligned text: its title, its rows, and what should be known besides. */
export function sheetText({ title, columns, rows, notes }: Sheet): string {
  const parts = [...new Set(columns.map(({ part }) => part).filter((part) => part !== undefined))];
  const texts = (parts.length === 0 ? [undefined] : parts).map((part) => {
    const shown = [...columns.entries()].filter(([, column]) => !column.inTitle && (column.part ?? part) === part);
    const heads = shown.map(([, { head }]) => printable(head));
    const cells = rows.map((row) => shown.map(([place, column]) => cellText(row[place], column)));
    const right = shown.map(([place]) => rows.every((row) => typeof row[place] !== 'string'));
    return [part ?? title, ...table(heads, cells, right)].join('\n');
  });
  return `${[...texts, ...notes.map((note) => `! ${note}`)].join('\n\n')}\n`;
}

const cellText = (cell: Cell, { show }: Column): string =>
  typeof cell === 'number' ? shownNumber(cell, show) : printable(cell ?? '');

/** Columns that are for text only have no key. */
const keyed = (columns: readonly Column[]): readonly (readonly [number, Column])[] =>
  [...columns.entries()].filter(([, { key }]) => key !== '');

/** Tables as CSV: those of the same columns with one head, after an empty line those of others. Source: RFC 4180. */
export function sheetsCsv(sheets: readonly Sheet[]): string {
  const headOf = ({ columns }: Sheet): string => columns.map(({ key }) => key).join();
  const heads = [...new Set(sheets.map(headOf))];
  return heads.map((head) => sameCsv(sheets.filter((sheet) => headOf(sheet) === head))).join('\n');
}

function sameCsv(sheets: readonly Sheet[]): string {
  const [first] = sheets;
  if (!first) return '';
  const columns = keyed(first.columns);
  const line = (row: readonly Cell[]): string => csvLine(columns.map(([place]) => printable(`${row[place] ?? ''}`)));
  const lines = sheets.flatMap(({ rows }) => rows.map(line));
  return [csvLine(columns.map(([, { key }]) => key)), ...lines].map((text) => `${text}\n`).join('');
}

/** A table as JSON, an object a row, one a line. What there is none of is left out. */
export function sheetJson({ columns, rows }: Sheet): string {
  const wanted = keyed(columns);
  return rows
    .map((row) => {
      const entries = wanted.flatMap(([place, { key }]) => {
        const cell = row[place];
        if (cell === undefined) return [];
        return [`${jsonText(key)}:${typeof cell === 'number' ? `${cell}` : jsonText(cell)}`];
      });
      return `{${entries.join()}}\n`;
    })
    .join('');
}
