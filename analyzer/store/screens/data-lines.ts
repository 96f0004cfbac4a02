import type { DataPiece } from '../../query/news.js';

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
 * No line has bytes of two pieces; an empty piece has one.
 */
export function withPieces(before: DataLines, fresh: readonly DataPiece[], form: 'text' | 'hex'): DataLines {
  if (fresh.length === 0) return before;
  const most = form === 'hex' ? HEX_BYTES : TEXT_BYTES;
  const least = fresh.reduce((sum, { bytes }) => sum + Math.max(1, Math.ceil(bytes.length / most)), 0);
  const table = new LineTable(before, least);
  for (const [place, { bytes }] of fresh.entries()) {
    const own = before.pieces.length + place;
    if (form === 'hex') addRows(table, own, bytes);
    else addTextLines(table, own, bytes);
  }
  const bytes = fresh.reduce((sum, piece) => sum + piece.bytes.length, before.bytes);
  return { pieces: [...before.pieces, ...fresh], bytes, ...table.lines() };
}

/** Lines that become more. */
class LineTable {
  #piece: Uint32Array;
  #start: Uint32Array;
  #length: Uint16Array;
  #longest: number;
  #count: number;

  /** @param more how many will be added at least */
  constructor({ piece, start, length, longest, count }: DataLines, more: number) {
    this.#piece = grown(piece, new Uint32Array(count + more));
    this.#start = grown(start, new Uint32Array(count + more));
    this.#length = grown(length, new Uint16Array(count + more));
    this.#longest = longest;
    this.#count = count;
  }

  add(piece: number, start: number, length: number): void {
    const at = this.#count;
    if (at === this.#piece.length) {
      const room = 2 * at + 1;
      this.#piece = grown(this.#piece, new Uint32Array(room));
      this.#start = grown(this.#start, new Uint32Array(room));
      this.#length = grown(this.#length, new Uint16Array(room));
    }
    this.#piece[at] = piece;
    this.#start[at] = start;
    this.#length[at] = length;
    if (length > this.#longest) this.#longest = length;
    this.#count = at + 1;
  }

  lines(): Pick<DataLines, 'piece' | 'start' | 'length' | 'longest' | 'count'> {
    const count = this.#count;
    const [piece, start, length] = [this.#piece, this.#start, this.#length];
    return {
      piece: piece.subarray(0, count),
      start: start.subarray(0, count),
      length: length.subarray(0, count),
      longest: this.#longest,
      count,
    };
  }
}

/** A larger array, with what a smaller one has. */
function grown<T extends Uint16Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

function addRows(table: LineTable, piece: number, { length }: Uint8Array): void {
  let start = 0;
  do {
    table.add(piece, start, Math.min(HEX_BYTES, length - start));
    start += HEX_BYTES;
  } while (start < length);
}

function addTextLines(table: LineTable, piece: number, bytes: Uint8Array): void {
  let newline = -1;
  let start = 0;
  do {
    if (newline < start) newline = bytes.indexOf(NEWLINE, start);
    if (newline < 0) newline = bytes.length;
    const limit = textEnd(bytes, start + TEXT_BYTES);
    const end = newline < limit ? newline + 1 : limit;
    table.add(piece, start, end - start);
    start = end;
  } while (start < bytes.length);
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
