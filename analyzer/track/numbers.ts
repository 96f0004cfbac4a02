import { distance, plus } from '../../dissectors/channel/sequence.js';

/** How many of the newest numbers are remembered one by one: the window of the protocol page's gap rule. */
const REMEMBERED = 1024;

/** What a number says about its packet; `lost` is by how much it changes the count of numbers not seen. */
export interface NumberVerdict {
  readonly kind: 'next' | 'gap' | 'reordered' | 'resent' | 'duplicate' | 'old';
  /** For a gap, the numbers before it not seen; for a reordered one, how far it is behind. */
  readonly count: number;
  readonly lost: number;
}

/** Where resending is the sender's job, a repeat this soon (in seconds) is the network's doing. */
const RESEND_AFTER = 0.1;
/** Later packets that must be reported before a sender sends again at once. */
const FAST_RESEND = 3;

/** How many of the newest numbers' times are remembered. */
const RECENT = 16;

const NEXT: NumberVerdict = { kind: 'next', count: 0, lost: 0 };
const OLD: NumberVerdict = { kind: 'old', count: 0, lost: 0 };
const RESENT: NumberVerdict = { kind: 'resent', count: 0, lost: 0 };
const DUPLICATE: NumberVerdict = { kind: 'duplicate', count: 0, lost: 0 };

/** The numbers of one direction of a channel: the newest ones remembered, bit by bit, in constant space. */
export class Numbers {
  /** The number expected next. */
  private next: number;
  /** How many numbers the direction has covered, at most `REMEMBERED`: before them, nothing is known. */
  private covered = 0;
  /** One bit a number; made only when one is missing, since most channels miss none. */
  private seen: Uint32Array | undefined;
  /** When the newest gap opened; older gaps opened before. */
  private gapTime = 0;
  /** When the newest numbers came, in a ring by their distance from the first. */
  private readonly times: number[] = [];
  private readonly first: number;
  /** Whether the start is known from the handshake, so that earlier numbers are old ones. */
  private readonly startKnown: boolean;
  /** The newest report of the receiver: what it expects, and how much beyond that it has. */
  private reported: { readonly next: number; readonly beyond: number } | undefined;

  constructor(start: number, startKnown: boolean) {
    this.next = start;
    this.first = start;
    this.startKnown = startKnown;
  }

  /** The number expected next. */
  get expected(): number {
    return this.next;
  }

  /** Takes a report of the receiver (DATA_PROGRESS). */
  report(next: number, received: number): void {
    let beyond = 0;
    for (let bits = received; bits !== 0; bits &= bits - 1) beyond++;
    this.reported = { next, beyond };
  }

  /**
   * Takes the number of a packet.
   * @param time in seconds, on the clock of the capture
   * @param repeats whether the sender may send this packet again of its own accord
   */
  take(number: number, time: number, repeats: boolean): NumberVerdict {
    const offset = distance(this.next, number);
    if (offset >= 0) {
      if (offset > 0) this.makeBits();
      for (let step = 0; step < Math.min(offset, REMEMBERED); step++) {
        this.mark(plus(this.next, step), false);
        this.remember(plus(this.next, step), time);
      }
      this.mark(number, true);
      this.remember(number, time);
      this.next = plus(number, 1);
      this.covered = Math.min(REMEMBERED, this.covered + offset + 1);
      if (offset === 0) return NEXT;
      this.gapTime = time;
      return { kind: 'gap', count: offset, lost: offset };
    }
    const back = -offset;
    if (back > this.covered) {
      // Before the first number that was seen nothing is known: an earlier one came late, unless the start is known.
      const early = !this.startKnown && this.covered < REMEMBERED && back <= REMEMBERED;
      if (!early) return OLD;
      this.makeBits();
      for (let step = this.covered + 1; step < back; step++) this.mark(plus(this.next, -step), false);
      const holes = back - this.covered - 1;
      this.covered = back;
      this.mark(number, true);
      return { kind: 'reordered', count: back - 1, lost: holes };
    }
    if (this.isMarked(number)) {
      const known = back <= RECENT ? (this.times[this.place(number)] ?? 0) : Number.NEGATIVE_INFINITY;
      return repeats && (time - known >= RESEND_AFTER || this.wasReported(number)) ? RESENT : DUPLICATE;
    }
    this.mark(number, true);
    const resent = repeats && (time - this.gapTime >= RESEND_AFTER || this.wasReported(number));
    return { kind: resent ? 'resent' : 'reordered', count: back - 1, lost: -1 };
  }

  /** Whether the receiver has reported this number missing and enough later ones received. */
  private wasReported(number: number): boolean {
    if (!this.reported) return false;
    return distance(this.reported.next, number) >= 0 && this.reported.beyond >= FAST_RESEND;
  }

  private place(number: number): number {
    return (number - this.first) & (RECENT - 1);
  }

  private remember(number: number, time: number): void {
    const place = this.place(number);
    // Filled from the front: a ring with holes would be a slow one.
    if (place <= this.times.length) this.times[place] = time;
  }

  private makeBits(): void {
    this.seen ??= new Uint32Array(REMEMBERED / 32).fill(0xffffffff);
  }

  private mark(number: number, seen: boolean): void {
    if (!this.seen) return;
    const place = number % REMEMBERED;
    const word = this.seen[place >>> 5] ?? 0;
    const bit = 1 << (place & 31);
    this.seen[place >>> 5] = seen ? word | bit : word & ~bit;
  }

  private isMarked(number: number): boolean {
    if (!this.seen) return true;
    const place = number % REMEMBERED;
    return ((this.seen[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }
}
