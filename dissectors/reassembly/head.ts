import type { Piece } from '../layer.js';

/** The most that a packet may lack when bytes come late that hold its start. */
const MOST_BYTES = 65_535;
/** Bytes that come in more pieces than this are not worth what keeping them costs. */
const MOST_PIECES = 256;

const NO_BYTES = new Uint8Array(0);

/**
 * The first bytes of a stretch of a stream, up to its first packet: should bytes before them come late, a packet that
 * starts in those may end here.
 */
export class Head {
  /** Whether nothing is added any more. */
  closed = false;
  /** How many of the bytes came before those that the stretch's cutter counts. */
  base = 0;
  length = 0;
  readonly pieces: Piece[] = [];
  private bytes: Uint8Array = NO_BYTES;

  /** The bytes themselves, not a copy. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /**
   * Adds the next bytes.
   * @param lead how many bytes the first packet is from the first one that the cutter counts, once one is found
   */
  add(bytes: Uint8Array, pieces: readonly Piece[], lead: number | undefined): void {
    if (this.closed) return;
    if (this.pieces.length + pieces.length > MOST_PIECES) {
      this.closed = true;
      return;
    }
    const room = lead === undefined ? MOST_BYTES : Math.min(MOST_BYTES, this.base + lead);
    this.closed = lead !== undefined || this.length + bytes.length >= room;
    const count = Math.min(bytes.length, room - this.length);
    if (count <= 0) {
      this.length = Math.min(this.length, room);
      return;
    }
    this.append(bytes.subarray(0, count));
    this.pieces.push(...pieces);
  }

  /** Keeps nothing any more. */
  drop(): void {
    this.closed = true;
    this.length = 0;
    this.pieces.length = 0;
    this.bytes = NO_BYTES;
  }

  private append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.bytes.length));
      grown.set(this.content);
      this.bytes = grown;
    }
    this.bytes.set(bytes, this.length);
    this.length = length;
  }
}
