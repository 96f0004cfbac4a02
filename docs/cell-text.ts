/** How a cell of a terminal looks. Colours are of the palette of 256, or none for the terminal's own. */
export interface CellLook {
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Cell extends CellLook {
  /** The character with what combines with it; a blank where there is none. */
  readonly text: string;
  /** Columns that it takes: 1 or 2; 0 for the second half of a wide character. */
  readonly width: number;
}

/** Cells side by side that look the same. */
export interface Run {
  readonly look: CellLook;
  readonly text: string;
  /** The column it begins in, from 0. */
  readonly start: number;
  /** Columns that it takes. */
  readonly width: number;
}

const KEYS = ['foreground', 'background', 'bold', 'dim', 'underline', 'inverse'] as const;
const same = (one: CellLook, other: CellLook): boolean => KEYS.every((key) => one[key] === other[key]);

/** A row as runs of cells that look the same. */
export function runsOf(cells: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const { text, width, ...look } of cells) {
    const last = runs.at(-1);
    if (last !== undefined && same(last.look, look)) {
      runs[runs.length - 1] = { ...last, text: last.text + text, width: last.width + width };
    } else if (width > 0) {
      runs.push({ look, text, start: column, width });
    }
    column += width;
  }
  return runs;
}
