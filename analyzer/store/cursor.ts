import type { MovingCommand } from './keys/binding.js';
import { clamp, reveal } from './layout.js';

/** Where the user is in a list of lines that is no packet list. Places count from 0. */
export interface Cursor {
  readonly at: number;
  /** Lines above the window. */
  readonly top: number;
  /** Cells by which long lines are moved to the left. */
  readonly shift: number;
}

export const FIRST_CURSOR: Cursor = { at: 0, top: 0, shift: 0 };

/** Cells that one key press moves long lines by. */
export const SHIFT = 8;

/** Puts the cursor on a line, as near to it as there is one, and brings it into the window. */
export function moveTo(cursor: Cursor, to: number, height: number, total: number): Cursor {
  const at = clamp(to, 0, Math.max(0, total - 1));
  return { ...cursor, at, top: reveal(cursor.top, at, height, total) };
}

/**
 * What a command of those that move in lists does.
 * @param widest cells of the longest line, so that nobody shifts into the void
 */
export function moveCursor(
  cursor: Cursor,
  command: MovingCommand,
  height: number,
  total: number,
  widest = Number.POSITIVE_INFINITY,
): Cursor {
  if (command === 'shift-left') return { ...cursor, shift: Math.max(0, cursor.shift - SHIFT) };
  if (command === 'shift-right') return { ...cursor, shift: Math.max(0, Math.min(cursor.shift + SHIFT, widest - 1)) };
  return moveTo(cursor, cursor.at + rowsOf(command, height, total), height, total);
}

/** What moves by rows. */
const BY_ROWS = ['up', 'down', 'page-up', 'page-down', 'half-up', 'half-down', 'first', 'last'] as const;
export type RowsCommand = (typeof BY_ROWS)[number];

/** Whether a command moves by rows. */
export const movesByRows = (command: string): command is RowsCommand => BY_ROWS.some((one) => one === command);

/** How far a command moves, in rows. `first` and `last` move beyond any end. */
export function rowsOf(command: RowsCommand, height: number, total: number): number {
  switch (command) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -Math.max(1, height - 1);
    case 'page-down':
      return Math.max(1, height - 1);
    case 'half-up':
      return -Math.max(1, height >> 1);
    case 'half-down':
      return Math.max(1, height >> 1);
    case 'first':
      return -total;
    case 'last':
      return total;
  }
}
