import type { Span } from './segment-facts.js';

/** Segments of one direction that are remembered until they are acknowledged: more are sent only where no answers are seen. */
const MOST_SEGMENTS = 1024;

/** A segment that waits for its acknowledgement. */
export interface Unacknowledged {
  readonly packet: number;
  readonly time: Span;
  /** Its first byte that was not acknowledged. */
  sequence: number;
  /** The number behind its last. */
  readonly next: number;
}

/** How far `to` is ahead of `from`, 32-bit serial numbers. Source: RFC 9293, section 3.4 "Sequence Numbers". */
export const ahead = (from: number, to: number): number => (to - from) | 0;

/**
 * What one direction has sent and the other has not acknowledged, in the order in which it came. Bounded. Where no answers
 * are seen many wait: what was found out of them is kept until one of them changes.
 */
export class SentSegments {
  private segments: Unacknowledged[] = [];
  /** The number that was acknowledged last, and how many segments it left: it says nothing new of those. */
  private acknowledged = 0;
  private settled = 0;
  /** Where the bytes that wait begin and end, counted from `base`, while that is known. */
  private reach: { readonly base: number; first: number; last: number } | undefined;

  get newest(): Unacknowledged | undefined {
    return this.segments.at(-1);
  }

  get oldest(): Unacknowledged | undefined {
    return this.segments[0];
  }

  add(segment: Unacknowledged): void {
    if (!this.hasRoom) return;
    this.segments.push(segment);
    if (this.reach) extend(this.reach, segment);
  }

  get hasRoom(): boolean {
    return this.segments.length < MOST_SEGMENTS;
  }

  /** Removes what a number acknowledges. @returns the segment that ends there, if any does */
  acknowledge(number: number): Unacknowledged | undefined {
    const { segments } = this;
    const settled = number === this.acknowledged ? this.settled : 0;
    let exact: Unacknowledged | undefined;
    let kept = settled;
    let isChanged = false;
    for (let place = segments.length - 1; place >= settled; place--) {
      const segment = segments[place] as Unacknowledged;
      if (segment.next === number) exact = segment;
      if (ahead(segment.sequence, number) > 0 && ahead(number, segment.next) > 0) {
        segment.sequence = number;
        isChanged = true;
      }
      if (ahead(number, segment.next) > 0) kept++;
    }
    if (kept < segments.length) this.segments = segments.filter(({ next }) => ahead(number, next) > 0);
    if (isChanged || kept < segments.length) this.reach = undefined;
    this.acknowledged = number;
    this.settled = this.segments.length;
    return exact;
  }

  /** From the first byte that waits to the last, over gaps. @param base where the direction's numbers begin */
  span(base: number): number {
    const { newest } = this;
    if (!newest) return 0;
    if (this.reach?.base !== base) {
      this.reach = { base, first: (newest.sequence - base) >>> 0, last: (newest.next - base) >>> 0 };
      for (const segment of this.segments) extend(this.reach, segment);
    }
    return (this.reach.last - this.reach.first) >>> 0;
  }
}

/** Widens a reach by the bytes of a segment. */
function extend(
  reach: { readonly base: number; first: number; last: number },
  { sequence, next }: Pick<Unacknowledged, 'sequence' | 'next'>,
): void {
  reach.first = Math.min(reach.first, (sequence - reach.base) >>> 0);
  reach.last = Math.max(reach.last, (next - reach.base) >>> 0);
}
