import { distance, plus } from '../../dissectors/channel/sequence.js';

/** How many of the newest numbers are remembered one by one: the window of the protocol page's gap rule. */
const REMEMBERED = 1024;

/** What a number says about its packet. */
export interface NumberVerdict {
  readonly kind: 'next' | 'gap' | 'reordered' | 'late' | 'resent' | 'duplicate' | 'old';
  /**
   * For a gap, the numbers before it not seen; for one that fills a gap, how far it is behind, and for one that is too
   * late for that, the milliseconds since the gap opened.
   */
  readonly count: number;
  /** By how much it changes the count of numbers not seen. */
  readonly lost: number;
  /** Whether the same number was seen before. */
  readonly again: boolean;
}

/**
 * Where resending is the sender's job, a repeat sooner than its shortest timer is the network's doing: 100 ms, and some
 * for clocks that are not that exact. In seconds.
 */
const RESEND_AFTER = 0.095;
/** Later packets that must be reported before a sender sends again at once. */
const FAST_RESEND = 3;
/** Numbers that a report tells of, beyond the one that it expects. */
const REPORTED = 32;

/** How long a gap stays open in modes without resend, with some for clocks that are not exact. In seconds. */
const GAP_TIMEOUT = 0.205;
/** Gaps whose opening is remembered: of those before them a late number is taken for a reordered one. */
const MOST_GAPS = 64;

/** Numbers that are missing, and since when. `end` is not included. */
interface Gap {
  readonly start: number;
  readonly end: number;
  readonly time: number;
}

/** Marks lie this far apart, in seconds; so many of them reach back beyond `RESEND_AFTER`. */
const MARK_EVERY = 0.0125;
const MARKS = 10;

const NEXT: NumberVerdict = { kind: 'next', count: 0, lost: 0, again: false };
const OLD: NumberVerdict = { kind: 'old', count: 0, lost: 0, again: false };
const RESENT: NumberVerdict = { kind: 'resent', count: 0, lost: 0, again: true };
const DUPLICATE: NumberVerdict = { kind: 'duplicate', count: 0, lost: 0, again: true };

/** The numbers of one direction of a channel: the newest ones remembered, bit by bit, in constant space. */
export class Numbers {
  /** The number expected next. */
  private next: number;
  /** How many numbers the direction has covered, at most `REMEMBERED`: before them, nothing is known. */
  private covered = 0;
  /** One bit a number; made only when one is missing, since most channels miss none. */
  private seen: Uint32Array | undefined;
  /** Pairs of a number and a time: all numbers before the one had come, or were missing, at the other. A ring. */
  private marks: number[] | undefined;
  private marked = 0;
  /** Whether the start is known from the handshake, so that earlier numbers are old ones. */
  private readonly startKnown: boolean;
  /** The newest report of the receiver: the number it expects, −1 for none, and what it has beyond that. */
  private reportedNext = -1;
  private reportedBits = 0;
  /** The newest number that was sent again, when, and the one expected next when that began. */
  private resentNumber = 0;
  private resentUpTo = 0;
  private resentTime = Number.NEGATIVE_INFINITY;
  /** The newest gaps, where they close by themselves. */
  private gaps: Gap[] | undefined;

  constructor(start: number, startKnown: boolean) {
    this.next = start;
    this.startKnown = startKnown;
  }

  /** The number expected next. */
  get expected(): number {
    return this.next;
  }

  /** Takes a report of the receiver (DATA_PROGRESS). One older than the newest, or beyond what was sent, is ignored. */
  report(next: number, received: number): void {
    if (distance(this.next, next) > 0) return;
    if (this.reportedNext >= 0 && distance(this.reportedNext, next) < 0) return;
    this.reportedNext = next;
    this.reportedBits = received;
  }

  /**
   * Takes the number of a packet.
   * @param time in seconds, on a clock that never goes back
   * @param repeats whether the sender may send this packet again of its own accord
   * @param asked whether it may just have been asked to: then a repeat may come as soon as it likes
   * @param givesUp whether the receiver gives gaps up that stay open: then what comes later is lost all the same
   */
  take(number: number, time: number, repeats: boolean, asked = false, givesUp = false): NumberVerdict {
    const offset = distance(this.next, number);
    if (offset < 0) return this.takeEarlier(number, -offset, time, repeats, asked);
    if (offset > 0) {
      this.skip(offset);
      if (givesUp) this.noteGap({ start: this.next, end: number, time });
    }
    this.mark(number, true);
    this.next = plus(number, 1);
    this.covered = Math.min(REMEMBERED, this.covered + offset + 1);
    if (repeats) this.remember(time);
    return offset === 0 ? NEXT : { kind: 'gap', count: offset, lost: offset, again: false };
  }

  /** Takes a number that is `back` before the one expected. */
  private takeEarlier(number: number, back: number, time: number, repeats: boolean, asked: boolean): NumberVerdict {
    if (back > this.covered) {
      // Before the first number that was seen nothing is known: an earlier one came late, unless the start is known.
      if (this.startKnown || this.covered === REMEMBERED || back > REMEMBERED) return OLD;
      this.makeBits();
      for (let step = this.covered + 1; step < back; step++) this.mark(plus(this.next, -step), false);
      const holes = back - this.covered - 1;
      this.covered = back;
      this.mark(number, true);
      return { kind: 'reordered', count: back - 1, lost: holes, again: false };
    }
    const recovers = repeats && this.isInRecovery(number, time);
    const resent = asked || recovers || (repeats && (this.isOlder(number, time) || this.wasMissed(number)));
    if (resent) {
      if (!recovers) this.resentUpTo = this.next;
      this.resentNumber = number;
      this.resentTime = time;
    }
    if (this.isMarked(number)) return resent ? RESENT : DUPLICATE;
    this.mark(number, true);
    const waited = resent ? 0 : this.waitedFor(number, time);
    if (waited >= GAP_TIMEOUT) return { kind: 'late', count: Math.round(waited * 1000), lost: 0, again: false };
    return { kind: resent ? 'resent' : 'reordered', count: back - 1, lost: -1, again: false };
  }

  private noteGap(gap: Gap): void {
    this.gaps ??= [];
    this.gaps.push(gap);
    if (this.gaps.length > MOST_GAPS) this.gaps.shift();
  }

  /** How long a number has been missing, in seconds, as far as that is remembered; 0 otherwise. */
  private waitedFor(number: number, time: number): number {
    const gap = this.gaps?.findLast(({ start, end }) => distance(start, number) >= 0 && distance(number, end) > 0);
    return gap ? time - gap.time : 0;
  }

  /** Whether the receiver has reported, and not this number. */
  private isUnreported(number: number): boolean {
    if (this.reportedNext < 0) return false;
    const ahead = distance(this.reportedNext, number);
    if (ahead <= 0 || ahead > REPORTED) return ahead >= 0;
    return ((this.reportedBits >>> (ahead - 1)) & 1) === 0;
  }

  /** Whether a sender that has begun to send again may have come to this number: sent before that, and not reported. */
  private isInRecovery(number: number, time: number): boolean {
    if (time - this.resentTime >= RESEND_AFTER) return false;
    return (
      distance(this.resentNumber, number) > 0 && distance(number, this.resentUpTo) > 0 && this.isUnreported(number)
    );
  }

  /** Whether the receiver has reported this number missing, and enough later ones received. */
  private wasMissed(number: number): boolean {
    if (!this.isUnreported(number)) return false;
    const ahead = distance(this.reportedNext, number);
    if (ahead > REPORTED) return false;
    let beyond = 0;
    for (let bits = ahead < REPORTED ? this.reportedBits >>> ahead : 0; bits !== 0; bits &= bits - 1) beyond++;
    return beyond >= FAST_RESEND;
  }

  /** Notes that all numbers before the one expected have come, or are missing, at this time. */
  private remember(time: number): void {
    const { marks } = this;
    if (!marks) {
      // As small as can be: most channels are over before the second mark.
      this.marks = [this.next, time];
      this.marked = 1;
      return;
    }
    const newest = ((this.marked + MARKS - 1) % MARKS) * 2;
    if (time - (marks[newest + 1] ?? 0) < MARK_EVERY) {
      marks[newest] = this.next;
      return;
    }
    const place = (this.marked % MARKS) * 2;
    marks[place] = this.next;
    marks[place + 1] = time;
    this.marked++;
  }

  /** Whether a number had come, or was missing, long enough ago that its sender may have sent it again since. */
  private isOlder(number: number, time: number): boolean {
    const { marks } = this;
    if (!marks) return false;
    for (let place = 0; place < marks.length; place += 2) {
      const long = time - (marks[place + 1] ?? 0) >= RESEND_AFTER;
      if (long && distance(number, marks[place] ?? 0) > 0) return true;
    }
    return false;
  }

  /** Leaves out the next `count` numbers. */
  private skip(count: number): void {
    this.makeBits();
    if (count >= REMEMBERED) this.seen?.fill(0);
    else for (let step = 0; step < count; step++) this.mark(plus(this.next, step), false);
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
