import type { Piece } from '../layer.js';

/**
 * Where some of the bytes came from that were put together from pieces.
 * @param start in bytes from the first of the pieces
 */
export function cutPieces(pieces: readonly Piece[], start: number, length: number): readonly Piece[] {
  const [only] = pieces;
  if (only && pieces.length === 1 && start === 0 && length === only.length) return pieces;
  if (only && pieces.length === 1) return [{ packet: only.packet, at: only.at + start, length }];
  const found: Piece[] = [];
  const end = start + length;
  let offset = 0;
  for (const piece of pieces) {
    const low = Math.max(start, offset);
    const high = Math.min(end, offset + piece.length);
    if (low < high) found.push({ packet: piece.packet, at: piece.at + low - offset, length: high - low });
    offset += piece.length;
    if (offset >= end) break;
  }
  return found;
}
