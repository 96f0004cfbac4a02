import type { Line } from '../../../dissectors/wire/line.js';
import { listColumnsOf } from '../list-fit.js';
import type { ListColumn } from '../settings.js';
import type { AppState } from '../state.js';

/** Goes to another column of the list; before the first there is none. */
export function moveCell(state: AppState, by: 1 | -1): AppState {
  const count = listColumnsOf(state).length;
  const next = Math.max(-1, Math.min((state.list.cell ?? -1) + by, count - 1));
  return { ...state, list: { ...state.list, cell: next } };
}

/** Fields that the columns every list has are made of: the innermost that a packet has counts. */
const FIELDS: Readonly<Partial<Record<string, readonly string[]>>> = {
  number: ['frame.number'],
  time: ['frame.time_relative'],
  length: ['frame.len'],
  source: ['ip.src', 'ipv6.src', 'eth.src'],
  destination: ['ip.dst', 'ipv6.dst', 'eth.dst'],
};

const fieldsOf = ({ of }: ListColumn): readonly string[] => (typeof of === 'object' ? [of.field] : (FIELDS[of] ?? []));

/** The line of the details that tells what the column of the list does; undefined where none does, or no column is chosen. */
export function cellLine(state: AppState): Line | undefined {
  const column = listColumnsOf(state)[state.list.cell ?? -1]?.column;
  const nodes = state.shown?.nodes ?? [];
  if (column === undefined) return undefined;
  if (column.of === 'protocol')
    return nodes.findLast(({ depth, line }) => depth === 0 && line.path !== '' && line.path !== 'data')?.line;
  for (const field of fieldsOf(column)) {
    const found = nodes.findLast(({ line }) => line.path === field);
    if (found !== undefined) return found.line;
  }
  return undefined;
}
