import type { Piece, Source } from '../layer.js';
import { slice, viewOf } from '../wire/view.js';
import type { StreamPacket } from './answers.js';
import { cutPieces } from './pieces.js';

/** The bytes that are being cut: those of a segment, or those that waited and then those of a segment. */
export interface Run {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  /** How far the bytes went when they were sent. */
  readonly wire: number;
  readonly pieces: readonly Piece[];
  /** Where the first of the pieces starts. */
  readonly from: number;
  /** The bytes that waited, where they did: what is found in them lies in no packet of the capture alone. */
  readonly held: Held | undefined;
}

/** Bytes of a stream that wait for more, with where they came from. */
export interface HeldBytes {
  /** Only the first `length` count: it grows by doubling, for a packet in many small segments. */
  bytes: Uint8Array;
  length: number;
  readonly pieces: Piece[];
}

/** Bytes of a stream that wait for the rest of their packet. */
export interface Held extends HeldBytes {
  /** As many bytes as may tell more. */
  need: number;
  /** How far they were searched for other packets. */
  probed: number;
  /** The bytes that their first packet claims, where it does not look like one; else 0. */
  doubted: number;
}

/** Adds bytes that came after those that wait. */
export function hold(held: HeldBytes, bytes: Uint8Array, pieces: readonly Piece[]): void {
  const length = held.length + bytes.length;
  if (length > held.bytes.length) {
    const grown = new Uint8Array(Math.max(length, 2 * held.bytes.length));
    grown.set(held.bytes.subarray(0, held.length));
    held.bytes = grown;
  }
  held.bytes.set(bytes, held.length);
  held.length = length;
  held.pieces.push(...pieces);
}

/** All bytes that wait, to be cut. @param wire how many there were when they were sent */
export const runOf = (held: Held, wire: number): Run => ({
  view: viewOf(held.bytes),
  start: 0,
  end: held.length,
  wire,
  pieces: held.pieces,
  from: 0,
  held,
});

/** The packet `[at, end)` of a run, of `size` bytes when sent. @param proven whether its checksum is good */
export function packetOf(run: Run, at: number, end: number, size: number, proven: boolean): StreamPacket {
  if (!run.held) return { source: undefined, at: at - run.from, captured: end - at, wire: size, proven };
  const bytes = slice(run.view, at, end).slice();
  const pieces = cutPieces(run.pieces, at, end - at);
  const source: Source = { name: 'Reassembled packet', view: viewOf(bytes), pieces };
  return { source, at: 0, captured: bytes.length, wire: size, proven };
}
