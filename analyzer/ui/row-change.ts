import { widthOf } from '../text/cells.js';

/** A row taken apart: what stands in each cell, and the codes that are on there. */
interface Cells {
  readonly signs: readonly string[];
  readonly looks: readonly string[];
}

const SGR = /\x1b\[([0-9;]*)m/y;

/** The cells of a painted row; undefined where a character does not take exactly one. */
function cellsOfRow(row: string): Cells | undefined {
  const signs: string[] = [];
  const looks: string[] = [];
  let look = '';
  for (let at = 0; at < row.length; ) {
    if (row[at] === '\x1b') {
      SGR.lastIndex = at;
      const found = SGR.exec(row);
      if (found === null) return undefined;
      look = found[1] === '0' || found[1] === '' ? '' : look + found[0];
      at = SGR.lastIndex;
      continue;
    }
    const sign = String.fromCodePoint(row.codePointAt(at) ?? 0x20);
    if (widthOf(sign) !== 1) return undefined;
    signs.push(sign);
    looks.push(look);
    at += sign.length;
  }
  return { signs, looks };
}

/** Cells that are the same between two that differ and are written all the same: moving the cursor costs as much. */
const BRIDGED = 8;

/**
 * What is written to make one row of the screen another: only the cells that differ, or the whole row where that is no
 * longer, or where characters are not of one cell.
 * @param line of the screen, from 1
 */
export function rowChange(was: string, now: string, line: number): string {
  // Erased first: after the last column, "erase to the end" would take the last character.
  const whole = `\x1b[${line};1H\x1b[2K${now}`;
  const before = cellsOfRow(was);
  const after = cellsOfRow(now);
  if (before === undefined || after === undefined) return whole;
  const length = Math.max(before.signs.length, after.signs.length);
  const differs = (cell: number): boolean =>
    (before.signs[cell] ?? ' ') !== (after.signs[cell] ?? ' ') ||
    (before.looks[cell] ?? '') !== (after.looks[cell] ?? '');
  let text = '';
  for (let cell = 0; cell < length; ) {
    if (!differs(cell)) {
      cell++;
      continue;
    }
    let end = cell + 1;
    for (let next = end; next < length && next - end <= BRIDGED; next++) if (differs(next)) end = next + 1;
    text += `\x1b[${line};${cell + 1}H${painted(after, cell, end)}`;
    cell = end;
  }
  return text.length < whole.length ? text : whole;
}

/** Some cells with their looks; those beyond the end are blank. */
function painted({ signs, looks }: Cells, from: number, to: number): string {
  let text = '';
  let on = '';
  for (let cell = from; cell < to; cell++) {
    const look = looks[cell] ?? '';
    if (look !== on) {
      if (on !== '') text += '\x1b[0m';
      text += look;
      on = look;
    }
    text += signs[cell] ?? ' ';
  }
  return on === '' ? text : `${text}\x1b[0m`;
}
