import { clamp } from './layout.js';

/** How the hex pane lays out bytes at a given width. */
export interface HexGrid {
  readonly digits: number;
  readonly perRow: number;
  /** The column of a byte's first hex digit. */
  hexAt(column: number): number;
  /** The column of a byte's character. */
  textAt(column: number): number;
}

const widthOf = (digits: number, perRow: number): number => digits + 2 + perRow * 3 + (perRow > 8 ? 1 : 0) + 1 + perRow;

/** The widest row of 16, 8, 4, 2 or 1 bytes that fits. */
export function hexGrid(total: number, width: number): HexGrid {
  const digits = Math.max(4, Math.max(0, total - 1).toString(16).length);
  const perRow = [16, 8, 4, 2].find((count) => widthOf(digits, count) <= width) ?? 1;
  const gap = (column: number) => (perRow > 8 && column >= 8 ? 1 : 0);
  return {
    digits,
    perRow,
    hexAt: (column) => digits + 2 + column * 3 + gap(column),
    textAt: (column) => digits + 2 + perRow * 3 + gap(perRow) + 1 + column,
  };
}

/** The byte of a row that a screen column belongs to; undefined left of the bytes. */
export function columnAt(grid: HexGrid, x: number): number | undefined {
  const { perRow } = grid;
  if (x < grid.hexAt(0)) return undefined;
  if (x >= grid.textAt(0)) return clamp(x - grid.textAt(0), 0, perRow - 1);
  for (let column = perRow - 1; column >= 0; column--) if (x >= grid.hexAt(column)) return column;
  return undefined;
}
