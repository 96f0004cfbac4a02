import { layoutFor } from './layout.js';
import { columnKey } from './list-columns.js';
import type { ListColumn } from './settings.js';
import type { AppState } from './state.js';

/** A column of the packet list, with the cells that it has. */
export interface FittedColumn {
  readonly column: ListColumn;
  readonly width: number;
  /** Cells to the left of it. */
  readonly from: number;
  readonly right: boolean;
}

/** Cells before the first column: how bad the findings of a packet are, and its mark. */
export const LIST_LEAD = 2;
/** The narrowest that the information may become before another column gives way. */
const LEAST_INFO = 12;
/** What the information should have before lengths, and the middle of long addresses, are shown. */
const WANTED_INFO = 22;
/** The narrowest that times and addresses become before they give way. */
const LEAST_TIME = 12;
const LEAST_ADDRESS = 11;

/** Which columns are dropped last where there is little room. */
const IMPORTANCE: readonly ListColumn['of'][] = ['number', 'time', 'destination', 'source', 'protocol', 'length'];

/** The columns of the list that fit, the information taking what is left. Those that matter least are dropped first. */
export function fitColumns(
  width: number,
  newest: number,
  wanted: readonly ListColumn[],
  widths: ReadonlyMap<string, number>,
): readonly FittedColumn[] {
  const rank = ({ of }: ListColumn) => (typeof of === 'object' ? 4.5 : IMPORTANCE.indexOf(of));
  const shown = new Map<ListColumn, number>();
  let left = width - LIST_LEAD;
  const ranked = wanted.filter(({ of }) => of !== 'info').toSorted((one, other) => rank(one) - rank(other));
  for (const column of ranked) {
    const { of } = column;
    const full = widthOf(column, width, newest, widths);
    const least = of === 'time' ? Math.min(full, LEAST_TIME) : isAddress(of) ? Math.min(full, LEAST_ADDRESS) : full;
    const room = left - 1 - (of === 'length' ? WANTED_INFO : LEAST_INFO);
    if (least > room) continue;
    left -= least + 1;
    shown.set(column, least);
  }
  // What is left over goes to times first, then to addresses.
  for (const column of ranked) {
    const taken = shown.get(column);
    if (taken === undefined) continue;
    const keep = isAddress(column.of) ? WANTED_INFO : LEAST_INFO;
    const more = Math.max(0, Math.min(widthOf(column, width, newest, widths) - taken, left - keep));
    left -= more;
    shown.set(column, taken + more);
  }
  let from = LIST_LEAD;
  return wanted.flatMap((column) => {
    const taken = column.of === 'info' ? Math.max(0, left) : shown.get(column);
    if (taken === undefined) return [];
    const fitted = { column, width: taken, from, right: RIGHT.has(column.of) };
    from += taken + 1;
    return [fitted];
  });
}

const isAddress = (of: ListColumn['of']): boolean => of === 'source' || of === 'destination';

const RIGHT: ReadonlySet<ListColumn['of']> = new Set(['number', 'time', 'length']);

function widthOf(column: ListColumn, width: number, newest: number, widths: ReadonlyMap<string, number>): number {
  const most = width >= 140 ? 39 : width >= 100 ? 22 : 15;
  const seen = widths.get(columnKey(column)) ?? 0;
  const between = (least: number, limit: number) => Math.min(Math.max(seen, least), limit);
  switch (column.of) {
    case 'number':
      return Math.max(5, `${newest}`.length);
    case 'time':
      return between(9, 30);
    case 'source':
    case 'destination':
      return between(11, most);
    case 'protocol':
      return between(8, 12);
    case 'length':
      return 6;
    case 'info':
      return 0;
    default:
      return between(Math.max(6, column.title.length), most);
  }
}

/** The columns of the list of a state. */
export const listColumnsOf = (state: AppState): readonly FittedColumn[] =>
  fitColumns(layoutFor(state).width, state.capture.count, state.settings.columns, state.rows.widths);
