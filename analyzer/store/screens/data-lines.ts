import type { DataPiece } from '../capture-view.js';

/** The lines of what a channel carried: each is a part of a piece. */
export interface DataLines {
  readonly pieces: readonly DataPiece[];
  /** Bytes of the pieces, and of the longest line. */
  readonly bytes: number;
  readonly longest: number;
  readonly count: number;
  /** By line: the place of its piece, where it starts in it, and how many bytes it has. */
  readonly piece: Uint32Array;
  readonly start: Uint32Array;
  readonly length: Uint16Array;
}

export const NO_LINES: DataLines = {
  pieces: [],
  bytes: 0,
  longest: 0,
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

/**
 * Cuts more pieces into lines, at line feeds or after as many bytes as a row of hex has, and adds them to those there are.
 * No line has bytes of two pieces.
 */
export function withPieces(before: DataLines, fresh: readonly DataPiece[], form: 'text' | 'hex'): DataLines {
  if (fresh.length === 0) return before;
  const count = fresh.reduce((sum, { bytes }) => sum + linesIn(bytes, form, () => {}), before.count);
  const piece = new Uint32Array(count);
  const start = new Uint32Array(count);
  const length = new Uint16Array(count);
  piece.set(before.piece);
  start.set(before.start);
  length.set(before.length);
  let { bytes, longest, count: line } = before;
  for (const [place, own] of fresh.entries()) {
    bytes += own.bytes.length;
    linesIn(own.bytes, form, (from, size) => {
      piece[line] = before.pieces.length + place;
      start[line] = from;
      length[line] = size;
      longest = Math.max(longest, size);
      line++;
    });
  }
  return { pieces: [...before.pieces, ...fresh], bytes, longest, count, piece, start, length };
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
