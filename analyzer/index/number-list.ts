import type { Matches } from '../store/capture-view.js';

const CHUNK_BITS = 14;
/** Numbers of a chunk. */
const CHUNK = 1 << CHUNK_BITS;

/** Numbers of packets in order, in memory that threads share: one adds to it, the others are told of new chunks. */
export class NumberList implements Matches {
  count = 0;
  private readonly chunks: Uint32Array[] = [];
  /** Chunks that other threads were told of. */
  private told = 0;

  add(number: number): void {
    const place = this.count & (CHUNK - 1);
    if (place === 0) this.chunks.push(new Uint32Array(new SharedArrayBuffer(4 * CHUNK)));
    const chunk = this.chunks[this.count >>> CHUNK_BITS];
    if (chunk) chunk[place] = number;
    this.count++;
  }

  at(place: number): number {
    return place < this.count ? (this.chunks[place >>> CHUNK_BITS]?.[place & (CHUNK - 1)] ?? 0) : 0;
  }

  placeOf(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What was added since this was asked last, for another thread. */
  news(): NumberNews {
    const chunks = this.chunks.slice(this.told);
    this.told = this.chunks.length;
    return { chunks: chunks.map(bufferOf), count: this.count };
  }

  /** Everything, for a thread that knows nothing. */
  everything(): NumberNews {
    return { chunks: this.chunks.map(bufferOf), count: this.count };
  }

  /** Takes over what another thread has added. */
  apply({ chunks, count }: NumberNews): void {
    for (const chunk of chunks) this.chunks.push(new Uint32Array(chunk));
    this.told = this.chunks.length;
    this.count = count;
  }
}

// Chunks are made of shared bytes alone.
const bufferOf = ({ buffer }: Uint32Array): SharedArrayBuffer => buffer as SharedArrayBuffer;

/** What a list of numbers has gained. */
export interface NumberNews {
  readonly chunks: readonly SharedArrayBuffer[];
  /** All numbers there are now. */
  readonly count: number;
}

/** Numbers as another thread can take them over; those that are not shared yet are copied. */
export function sharedNumbers(matches: Matches): NumberNews {
  if (matches instanceof NumberList) return matches.everything();
  const copy = new NumberList();
  for (let place = 0; place < matches.count; place++) copy.add(matches.at(place));
  return copy.everything();
}
