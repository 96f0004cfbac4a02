import type { DataPiece } from '../capture-view.js';

/** The lines of what a channel carried: each is a part of a piece. */
export interface DataLines {
  readonly pieces: readonly DataPiece[];
  readonly count: number;
  /** By line: the place of its piece, where it starts in it, and how many bytes it has. */
  readonly piece: Uint32Array;
  readonly start: Uint32Array;
  readonly length: Uint16Array;
}

export const NO_LINES: DataLines = {
  pieces: [],
  count: 0,
  piece: new Uint32Array(0),
  start: new Uint32Array(0),
  length: new Uint16Array(0),
};

/** Bytes of a line in hex, and most bytes of a line of text. */
export const HEX_BYTES = 16;
/** Cells that those take: an offset, the bytes, what they are as text. */
export const HEX_CELLS = 4 + 2 + 3 * HEX_BYTES - 1 + 2 + HEX_BYTES;
const TEXT_BYTES = 240;
const NEWLINE = 0x0a;

/** Cuts pieces into lines: at line feeds, or after as many bytes as a row of hex has. No line has bytes of two pieces. */
export function linesOf(pieces: readonly DataPiece[], form: 'text' | 'hex'): DataLines {
  const most = pieces.reduce((sum, { bytes }) => sum + linesIn(bytes, form, () => {}), 0);
  const lines = {
    pieces,
    count: most,
    piece: new Uint32Array(most),
    start: new Uint32Array(most),
    length: new Uint16Array(most),
  };
  let line = 0;
  for (const [place, { bytes }] of pieces.entries()) {
    linesIn(bytes, form, (start, length) => {
      lines.piece[line] = place;
      lines.start[line] = start;
      lines.length[line] = length;
      line++;
    });
  }
  return lines;
}

/** Calls back for each line of some bytes; returns how many there are. An empty piece has one. */
function linesIn(bytes: Uint8Array, form: 'text' | 'hex', add: (start: number, length: number) => void): number {
  let count = 0;
  let start = 0;
  do {
    const limit = form === 'hex' ? Math.min(bytes.length, start + HEX_BYTES) : textEnd(bytes, start + TEXT_BYTES);
    const newline = form === 'hex' ? -1 : bytes.subarray(start, limit).indexOf(NEWLINE);
    const end = newline < 0 ? limit : start + newline + 1;
    add(start, end - start);
    count++;
    start = end;
  } while (start < bytes.length);
  return count;
}

/** The most continuation bytes that a character has in UTF-8. */
const MOST_CONTINUED = 3;
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where a line of text ends that is to end here: not within a character. */
function textEnd(bytes: Uint8Array, limit: number): number {
  if (limit >= bytes.length) return bytes.length;
  let end = limit;
  while (limit - end < MOST_CONTINUED && isContinuation(bytes[end])) end--;
  // So many continuation bytes are no text.
  return isContinuation(bytes[end]) ? limit : end;
}
