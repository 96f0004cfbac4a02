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

/** What one direction has sent and the other has not acknowledged, in the order in which it came. Bounded. */
export class SentSegments {
  private segments: Unacknowledged[] = [];

  get newest(): Unacknowledged | undefined {
    return this.segments.at(-1);
  }

  get oldest(): Unacknowledged | undefined {
    return this.segments[0];
  }

  add(segment: Unacknowledged): void {
    if (this.segments.length < MOST_SEGMENTS) this.segments.push(segment);
  }

  get hasRoom(): boolean {
    return this.segments.length < MOST_SEGMENTS;
  }

  /** Removes what a number acknowledges. @returns the segment that ends there, if any does */
  acknowledge(number: number): Unacknowledged | undefined {
    let exact: Unacknowledged | undefined;
    let kept = 0;
    const { segments } = this;
    for (let place = segments.length - 1; place >= 0; place--) {
      const segment = segments[place] as Unacknowledged;
      if (segment.next === number) exact = segment;
      if (ahead(segment.sequence, number) > 0 && ahead(number, segment.next) > 0) segment.sequence = number;
      if (ahead(number, segment.next) > 0) kept++;
    }
    if (kept < segments.length) this.segments = segments.filter(({ next }) => ahead(number, next) > 0);
    return exact;
  }

  /** From the first byte that waits to the last, over gaps. @param base where the direction's numbers begin */
  span(base: number): number {
    const { newest } = this;
    if (!newest) return 0;
    let first = (newest.sequence - base) >>> 0;
    let last = (newest.next - base) >>> 0;
    for (const { sequence, next } of this.segments) {
      first = Math.min(first, (sequence - base) >>> 0);
      last = Math.max(last, (next - base) >>> 0);
    }
    return (last - first) >>> 0;
  }
}
