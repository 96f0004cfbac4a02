import { useContext } from 'react';
import { cellsOf, cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { CanvasContext, REGION_CELLS } from './canvas.js';
import { Box, Transform } from './ink.js';
import { dress, type Look, type Theme } from './theme.js';

/** A stretch of text in one look. */
export interface Span {
  readonly text: string;
  readonly look?: Look;
}

/** One row of the screen. Its own look lies under those of its spans, and reaches to the right edge. */
export interface Strip {
  readonly spans: readonly Span[];
  readonly look?: Look;
}

/** A row of one text in one look. */
export const strip = (text: string, look: Look = {}): Strip => ({ spans: [{ text }], look });

export interface RegionProps {
  readonly strips: readonly Strip[];
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/**
 * Rows of the screen, painted from strips. This is the only place where text reaches Ink, and all of it is made safe.
 *
 * Ink keeps every text that it ever measured. So it is given one that never changes, of blanks, and the rows are put in
 * its place after it has been measured.
 */
export function Region({ strips, width, height, theme }: RegionProps) {
  const canvas = useContext(CanvasContext);
  if (height <= 0) return null;
  const rows = strips.slice(0, height).map((row) => paint(row, width, theme));
  const rowAt = (index: number): string => {
    const { text, cells } = rows[index] ?? NOTHING;
    return canvas === undefined ? text : canvas.hold(text, cells, width);
  };
  return (
    <Box width={canvas === undefined ? width : REGION_CELLS} height={height} flexShrink={0}>
      <Transform transform={(_, index) => rowAt(index)}>{blank(height)}</Transform>
    </Box>
  );
}

const blank = (height: number): string => Array(height).fill(' ').join('\n');

/** A painted row, and how many cells it takes. */
interface Painted {
  readonly text: string;
  readonly cells: number;
}

const NOTHING: Painted = { text: '', cells: 0 };

/** A strip as terminal text of at most `width` cells. */
function paint({ spans, look = {} }: Strip, width: number, theme: Theme): Painted {
  let left = width;
  let painted = '';
  for (const span of spans) {
    const text = cut(printable(span.text, theme.ascii, left), left);
    left -= cellsOf(text);
    painted += dress(text, { ...look, ...span.look }, theme);
  }
  if (Object.keys(look).length === 0) return { text: painted, cells: width - left };
  return { text: painted + dress(' '.repeat(left), look, theme), cells: width };
}
