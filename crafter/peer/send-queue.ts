/** What one piece costs beside its bytes, so that many small ones are bounded too. */
const PIECE = 64;

/** Bytes of an application that wait to be sent, in the pieces that it gave. Keeps views, not copies. */
export class SendQueue {
  #pieces: Uint8Array[] = [];
  #head = 0;
  /** How much of the first piece is gone already. */
  #offset = 0;
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the queue costs, in bytes. */
  get cost(): number {
    return this.#bytes + PIECE * (this.#pieces.length - this.#head);
  }

  get isEmpty(): boolean {
    return this.#head === this.#pieces.length;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** The size of the first piece, or what is left of it. */
  get first(): number {
    return (this.#pieces[this.#head]?.length ?? 0) - this.#offset;
  }

  /** Moves the first `length` bytes to `at` of `into`, across pieces; so many are there. */
  moveTo(into: Uint8Array, at: number, length: number): void {
    let end = at;
    while (end < at + length) {
      const piece = this.#pieces[this.#head];
      if (!piece) break;
      const size = Math.min(at + length - end, piece.length - this.#offset);
      into.set(piece.subarray(this.#offset, this.#offset + size), end);
      end += size;
      this.#offset += size;
      if (this.#offset === piece.length) this.#drop();
    }
    this.#bytes -= end - at;
  }

  clear(): void {
    this.#pieces = [];
    this.#head = 0;
    this.#offset = 0;
    this.#bytes = 0;
  }

  #drop(): void {
    this.#head += 1;
    this.#offset = 0;
    if (this.#head < 32 || this.#head * 2 < this.#pieces.length) return;
    this.#pieces = this.#pieces.slice(this.#head);
    this.#head = 0;
  }
}
