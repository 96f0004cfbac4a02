import type { Matches } from './matches.js';

/** Numbers of a chunk: a power of two. */
const CHUNK = 16_384;

/**
 * Numbers of packets in order, in memory that threads share: one adds to it, the others are told of new chunks.
 * Places stay as they are when the oldest numbers are forgotten: those are 0 from then on.
 */
export class NumberList implements Matches {
  count = 0;
  /** Those that are kept. */
  private chunks: Uint32Array[] = [];
  /** Chunks that came before those and are forgotten. */
  private gone = 0;
  /** Chunks that other threads were told of, forgotten ones among them. */
  private told = 0;

  add(number: number): void {
    const place = this.count & (CHUNK - 1);
    if (place === 0) this.chunks.push(new Uint32Array(new SharedArrayBuffer(4 * CHUNK)));
    const chunk = this.chunkOf(this.count);
    if (chunk) chunk[place] = number;
    this.count++;
  }

  at(place: number): number {
    return place < this.count ? (this.chunkOf(place)?.[place & (CHUNK - 1)] ?? 0) : 0;
  }

  placeOf(number: number): number {
    let low = this.gone * CHUNK;
    let high = this.count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Lets go of the chunks that hold only smaller numbers: a list of live traffic must not grow for ever. */
  forgetBefore(number: number): void {
    const chunks = Math.floor(this.placeOf(number) / CHUNK) - this.gone;
    if (chunks <= 0) return;
    this.chunks = this.chunks.slice(chunks);
    this.gone += chunks;
  }

  /** What was added since this was asked last, for another thread. */
  news(): NumberNews {
    const from = Math.max(this.told, this.gone);
    this.told = this.gone + this.chunks.length;
    return { from, chunks: this.chunks.slice(from - this.gone).map(bufferOf), count: this.count };
  }

  /** Everything that is kept, for a thread that knows nothing. */
  everything(): NumberNews {
    return { from: this.gone, chunks: this.chunks.map(bufferOf), count: this.count };
  }

  /** Takes over what another thread has added. */
  apply({ from, chunks, count }: NumberNews): void {
    // The other thread may have forgotten chunks before it told of them.
    if (from > this.gone + this.chunks.length) {
      this.chunks = [];
      this.gone = from;
    }
    for (const chunk of chunks) this.chunks.push(new Uint32Array(chunk));
    this.told = this.gone + this.chunks.length;
    this.count = count;
  }

  private chunkOf(place: number): Uint32Array | undefined {
    return this.chunks[Math.floor(place / CHUNK) - this.gone];
  }
}

// Chunks are made of shared bytes alone.
const bufferOf = ({ buffer }: Uint32Array): SharedArrayBuffer => buffer as SharedArrayBuffer;

/** What a list of numbers has gained. */
export interface NumberNews {
  /** Chunks before the first of these, in the whole list. */
  readonly from: number;
  readonly chunks: readonly SharedArrayBuffer[];
  /** All numbers there are now, forgotten ones among them. */
  readonly count: number;
}

/** Numbers as another thread can take them over; those that are not shared yet are copied. */
export function sharedNumbers(matches: Matches): NumberNews {
  if (matches instanceof NumberList) return matches.everything();
  const copy = new NumberList();
  for (let place = 0; place < matches.count; place++) copy.add(matches.at(place));
  return copy.everything();
}
