import type { Dialect } from '../../dissectors/channel/dialects.js';
import { distance, plus } from '../../dissectors/channel/sequence.js';
import type { Allowance } from './allowance.js';
import { Inbox } from './inbox.js';
import type { KeptPacket } from './kept-packet.js';
import type { Packet } from './read.js';
import { type Counts, noCounts, type Receiver, type Report } from './receiver.js';
import type { Settings } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Missing numbers in a row, up to but not with `end`, and when the first packet beyond them came. */
interface Gap {
  start: number;
  end: number;
  readonly openedAt: number;
}

/**
 * The receiving side of `x`, `streaming-1` and `y`: gaps that stay open close the channel or are skipped.
 * Source: protocol page, section 5 "Gaps".
 */
export class LossyReceiver implements Receiver {
  readonly #settings: Settings;
  readonly #isOrdered: boolean;
  readonly #closesOnLoss: boolean;
  readonly inbox: Inbox;
  readonly counts: Counts = noCounts();
  /** Packets beyond the first gap, by number. */
  #held: Map<number, KeptPacket> | undefined;
  readonly #gaps: Gap[] = [];
  /** The number after the newest that came. */
  #top = 0;
  #end: number | undefined;
  next = 0;
  hasEnded = false;
  hasLost = false;
  mustReport = false;
  readonly reportAt = NEVER;
  /** Gaps close by themselves here. */
  readonly stuckSince = NEVER;
  hadGap = false;
  answeredAt = Number.NEGATIVE_INFINITY;

  constructor(
    settings: Settings,
    allowance: Allowance,
    dialect: Dialect,
    { isOrdered, closesOnLoss }: { readonly isOrdered: boolean; readonly closesOnLoss: boolean },
  ) {
    this.#settings = settings;
    this.inbox = new Inbox(allowance, dialect);
    this.#isOrdered = isOrdered;
    this.#closesOnLoss = closesOnLoss;
  }

  get window(): number {
    return this.#settings.window;
  }

  begin(start: number): void {
    this.next = start;
    this.#top = start;
  }

  isOld(number: number): boolean {
    return distance(this.next, number) < 0 || this.#hasCome(number);
  }

  receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    this.counts.packets += 1;
    if (isEnd && this.hasEnded && number === this.#end) {
      this.counts.duplicates += 1;
      this.#answer(now);
      return;
    }
    if (distance(this.next, number) < 0) {
      this.counts.late += 1;
      return;
    }
    if (this.#hasCome(number)) {
      this.counts.duplicates += 1;
      return;
    }
    const isBeyondEnd = this.#end !== undefined && distance(this.#end, number) > 0;
    const kept = isBeyondEnd ? 'full' : this.#keep(packet, number);
    if (kept === 'full') {
      this.counts.dropped += 1;
      return;
    }
    while (distance(this.next, number) >= this.#settings.gapSpan) {
      this.#endGap(number, now);
      if (this.hasLost) return this.inbox.discard(kept);
    }
    if (isEnd) this.#end ??= number;
    this.#note(number, now);
    if (!this.#isOrdered || number === this.next) this.inbox.deliver(kept);
    else if (kept) this.#hold(kept, number);
    this.#advance(now);
  }

  receiveLast(packet: Packet, number: number): void {
    if (number !== this.next && this.#isOrdered) return;
    const kept = this.#keep(packet, number);
    if (kept !== 'full') this.inbox.deliver(kept);
  }

  /** A reader that is too slow makes losses, and the mode says what becomes of those. */
  #keep(packet: Packet, number: number): ReturnType<Inbox['keep']> {
    return this.inbox.keep(packet, this.#isOrdered && number !== this.next, this.#settings.window);
  }

  hasRead(): void {}

  report(): Report | undefined {
    if (!this.mustReport) return undefined;
    this.mustReport = false;
    return { next: this.next, bits: 0, window: this.window };
  }

  deadline(): number {
    const first = this.#gaps[0];
    return first ? first.openedAt + this.#settings.gapTimeout : NEVER;
  }

  tick(now: number): void {
    while (!this.hasLost && now >= this.deadline()) this.#endGap(this.#top, now);
  }

  stop(): void {
    for (const kept of this.#held?.values() ?? []) this.inbox.discard(kept);
    this.#held = undefined;
    this.#gaps.length = 0;
    this.mustReport = false;
  }

  #hold(kept: KeptPacket, number: number): void {
    this.#held ??= new Map();
    this.#held.set(number, kept);
  }

  /** Whether a number at or after `next` is here. */
  #hasCome(number: number): boolean {
    if (distance(number, this.#top) <= 0) return false;
    return !this.#gaps.some(({ start, end }) => distance(start, number) >= 0 && distance(number, end) > 0);
  }

  /** Takes a number out of the gaps; opens one before it if it is the newest by more than one. */
  #note(number: number, now: number): void {
    const beyond = distance(this.#top, number);
    if (beyond >= 0) {
      if (beyond > 0) {
        this.#gaps.push({ start: this.#top, end: number, openedAt: now });
        this.hadGap = true;
      }
      this.#top = plus(number, 1);
      return;
    }
    const place = this.#gaps.findIndex(({ end }) => distance(number, end) > 0);
    const gap = this.#gaps[place];
    if (!gap) return;
    const rest = { start: plus(number, 1), end: gap.end, openedAt: gap.openedAt };
    gap.end = number;
    const pieces = [gap, rest].filter(({ start, end }) => start !== end);
    this.#gaps.splice(place, 1, ...pieces);
  }

  /** Gives up the first gap; where there is none, the numbers before `number` are one. */
  #endGap(number: number, now: number): void {
    if (this.#closesOnLoss) {
      this.hasLost = true;
      return;
    }
    const gap = this.#gaps.shift();
    const end = gap?.end ?? number;
    this.counts.lost += distance(this.next, end);
    this.next = end;
    if (!gap) this.#top = end;
    this.#advance(now);
  }

  /** Moves on to the next gap and delivers what was held before it. */
  #advance(now: number): void {
    const to = this.#gaps[0]?.start ?? this.#top;
    for (; this.next !== to; this.next = plus(this.next, 1)) {
      const kept = this.#held?.get(this.next);
      if (!kept) continue;
      this.#held?.delete(this.next);
      this.inbox.deliver(kept);
    }
    if (this.hasEnded || this.#end === undefined || distance(this.#end, this.next) <= 0) return;
    this.hasEnded = true;
    this.#answer(now);
  }

  /** Reports that the other peer's CLOSE has taken effect. */
  #answer(now: number): void {
    if (now - this.answeredAt < this.#settings.progressDelay) return;
    this.answeredAt = now;
    this.mustReport = true;
  }
}
