import type { Piece } from '../layer.js';

/** What one direction of a stream may hold behind a gap: more than this, and the gap will not be filled. */
const MOST_SEGMENTS = 256;
/** Bytes that wait behind a gap, as many as a large window; then the gap is given up. */
const MOST_BYTES = 1 << 20;

/** A segment that waits for those before it. */
export interface WaitingSegment {
  /** The number of its first byte. */
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Its bytes when it was sent; more than `bytes` has where the capture cut it. */
  readonly wire: number;
  readonly pieces: readonly Piece[];
}

/** How far `to` is ahead of `from`, 32-bit serial numbers. Source: RFC 9293, section 3.4 "Sequence Numbers". */
export const ahead = (from: number, to: number): number => (to - from) | 0;

/** Segments of one direction that wait behind a gap, in the order of their sequence numbers. */
export class Waiting {
  /** Of all that wait. */
  bytes = 0;
  private readonly segments: WaitingSegment[] = [];

  get first(): WaitingSegment | undefined {
    return this.segments[0];
  }

  get isFull(): boolean {
    return this.segments.length > MOST_SEGMENTS || this.bytes > MOST_BYTES;
  }

  /** Whether a segment that starts at this number comes after one that follows it. */
  isBehind(sequence: number): boolean {
    const last = this.segments.at(-1);
    return last !== undefined && ahead(sequence, last.sequence) > 0;
  }

  /** Adds a segment, with a copy of its bytes; false where one that waits has all of it. */
  add(sequence: number, bytes: Uint8Array, wire: number, pieces: readonly Piece[]): boolean {
    let place = this.segments.length;
    for (let before = place - 1; before >= 0; before--) {
      const other = this.segments[before] as WaitingSegment;
      const offset = ahead(other.sequence, sequence);
      if (offset < 0) place = before;
      else if (offset + bytes.length <= other.bytes.length) return false;
    }
    this.segments.splice(place, 0, { sequence, bytes: bytes.slice(), wire, pieces });
    this.bytes += bytes.length;
    return true;
  }

  /** Whether bytes at hand differ from those that wait for the same place. */
  conflicts(sequence: number, bytes: Uint8Array): boolean {
    return this.segments.some((other) => differ(other, sequence, bytes));
  }

  /** Takes the first segment if no byte is missing before it. */
  take(next: number): WaitingSegment | undefined {
    const { first } = this;
    if (!first || ahead(next, first.sequence) > 0) return undefined;
    this.segments.shift();
    this.bytes -= first.bytes.length;
    return first;
  }

  clear(): void {
    this.segments.length = 0;
    this.bytes = 0;
  }
}

function differ(other: WaitingSegment, sequence: number, bytes: Uint8Array): boolean {
  const shift = ahead(other.sequence, sequence);
  const start = Math.max(0, shift);
  const end = Math.min(other.bytes.length, shift + bytes.length);
  for (let at = start; at < end; at++) if (other.bytes[at] !== bytes[at - shift]) return true;
  return false;
}
