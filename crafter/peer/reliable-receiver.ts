import type { Dialect } from '../../dissectors/channel/dialects.js';
import { distance, plus } from '../../dissectors/channel/sequence.js';
import type { Allowance } from './allowance.js';
import { Inbox } from './inbox.js';
import { KEEPING, type KeptPacket, MARK } from './kept-packet.js';
import type { Packet } from './read.js';
import { type Counts, noCounts, type Receiver, type Report } from './receiver.js';
import { FIRST_WINDOW, MOST_WINDOW, type Settings } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;
/** How many numbers after `next` a report can tell of. */
const REPORTED = 32;
/**
 * How many packets in a row are reported at once after a gap or a duplicate, and once more when nothing follows. Where
 * packets are lost reports are lost too, and a sender whose window is down to two packets would wait for its timer
 * whenever the one report of both is.
 */
const EAGER = 32;

/** The receiving side of the modes with `resend`: reports what came, and waits for what did not. */
export class ReliableReceiver implements Receiver {
  readonly #settings: Settings;
  readonly #isOrdered: boolean;
  readonly #capacity: number;
  readonly #allowance: Allowance;
  readonly inbox: Inbox;
  readonly counts: Counts = noCounts();
  /** What came before its turn, by number: to be delivered, or only to be known. */
  readonly #held = new Map<number, KeptPacket | undefined>();
  /** The first number that is not allowed yet; never taken back. */
  #edge = 0;
  /** What the last report allowed. */
  #toldEdge = 0;
  /** The largest packet so far, in bytes, and the most DATA in one: what each of those to come may cost. */
  #largest = 1;
  #most = 1;
  #unreported = 0;
  #eager = 0;
  /** When the report that is due is to be sent once more, unless something comes before. */
  #repeatAt = NEVER;
  #end: number | undefined;
  next = 0;
  hasEnded = false;
  readonly hasLost = false;
  mustReport = false;
  reportAt = NEVER;
  stuckSince = NEVER;
  hadGap = false;
  answeredAt = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings, allowance: Allowance, dialect: Dialect, isOrdered: boolean) {
    this.#settings = settings;
    this.#allowance = allowance;
    this.inbox = new Inbox(allowance, dialect);
    this.#isOrdered = isOrdered;
    this.#capacity = Math.min(MOST_WINDOW, Math.max(FIRST_WINDOW, settings.window));
  }

  get window(): number {
    return distance(this.next, this.#edge);
  }

  begin(start: number): void {
    this.next = start;
    this.#edge = plus(start, FIRST_WINDOW);
    this.#toldEdge = this.#edge;
  }

  isOld(number: number): boolean {
    return distance(this.next, number) < 0 || this.#held.has(number);
  }

  receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    this.counts.packets += 1;
    this.#receive(packet, number, isEnd, now);
    if (this.#eager > 0 && this.mustReport) this.#repeatAt = now + this.#settings.progressDelay;
  }

  #receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    if (this.isOld(number)) {
      this.counts.duplicates += 1;
      if (isEnd && this.hasEnded && !this.#mayAnswer(now)) return;
      this.#eager = EAGER;
      this.mustReport = true;
      return;
    }
    const isBeyondEnd = this.#end !== undefined && distance(this.#end, number) > 0;
    const isTaken = distance(this.#edge, number) < 0 && !isBeyondEnd && this.#take(packet, number, now);
    if (!isTaken) {
      this.counts.dropped += 1;
      this.mustReport = true;
      return;
    }
    if (isEnd) this.#end ??= number;
    if (packet.size > this.#largest) this.#largest = packet.size;
    if (number !== this.next) {
      this.#eager = EAGER;
      this.mustReport = true;
      return;
    }
    const hadGap = this.#held.size > 0;
    this.next = plus(this.next, 1);
    if (hadGap) this.#release(now);
    this.#settled(hadGap, now);
  }

  /** Delivers or holds a packet that is new, if there is room for it. One that comes before its turn is marked. */
  #take(packet: Packet, number: number, now: number): boolean {
    const isEarly = number !== this.next;
    if (isEarly && !this.#allowance.take(MARK, 0, true)) return false;
    const kept = this.inbox.keep(packet, isEarly && this.#isOrdered);
    if (kept === 'full') {
      if (isEarly) this.#allowance.give(MARK, 0);
      return false;
    }
    if (kept && kept.messages > this.#most) this.#most = kept.messages;
    const isHeld = isEarly && this.#isOrdered;
    if (!isHeld) this.inbox.deliver(kept);
    if (!isEarly) return true;
    if (this.#held.size === 0) this.stuckSince = now;
    this.hadGap = true;
    this.#held.set(number, isHeld ? kept : undefined);
    return true;
  }

  receiveLast(packet: Packet, number: number): void {
    if (number !== this.next && this.#isOrdered) return;
    const kept = this.inbox.keep(packet, false);
    if (kept !== 'full') this.inbox.deliver(kept);
  }

  hasRead(): void {
    this.#widen();
    const gained = distance(this.#toldEdge, this.#edge);
    const left = distance(this.next, this.#toldEdge);
    // Small gains wait for the next report, unless the sender has little left and the reader all it wants.
    if (4 * gained >= this.#capacity || (gained > 0 && this.inbox.length === 0 && 4 * left < this.#capacity)) {
      this.mustReport = !this.hasEnded;
    }
  }

  report(): Report {
    this.mustReport = false;
    this.reportAt = this.#repeatAt;
    this.#repeatAt = NEVER;
    this.#unreported = 0;
    this.#widen();
    this.#toldEdge = this.#edge;
    this.#allowance.promise(this.window * (this.#largest + KEEPING));
    return { next: this.next, bits: this.#bits(), window: this.window };
  }

  deadline(): number {
    return this.reportAt;
  }

  tick(now: number): void {
    if (now >= this.reportAt) this.mustReport = true;
  }

  stop(): void {
    for (const kept of this.#held.values()) {
      this.inbox.discard(kept);
      this.#allowance.give(MARK, 0);
    }
    this.#held.clear();
    this.#allowance.promise(0);
    this.stuckSince = NEVER;
    this.mustReport = false;
    this.reportAt = NEVER;
    this.#repeatAt = NEVER;
  }

  /** Whether a CLOSE that has taken effect may be answered again: if so, it is. */
  #mayAnswer(now: number): boolean {
    if (now - this.answeredAt < this.#settings.progressDelay) return false;
    this.answeredAt = now;
    return true;
  }

  /** Something new is settled: reports it now, soon, or with the next. */
  #settled(hadGap: boolean, now: number): void {
    this.#widen();
    if (this.#end !== undefined && distance(this.#end, this.next) > 0) {
      this.hasEnded = true;
      this.answeredAt = now;
    }
    this.#unreported += 1;
    const isEager = this.#eager > 0;
    if (isEager) this.#eager -= 1;
    const isTime = hadGap || isEager || this.hasEnded || this.#unreported >= this.#settings.progressEvery;
    if (isTime) this.mustReport = true;
    else if (this.reportAt === NEVER) this.reportAt = now + this.#settings.progressDelay;
  }

  #widen(): void {
    const { packets } = this.inbox;
    const held = this.#held.size;
    const least = Math.max(0, FIRST_WINDOW - packets - held);
    const room = held + this.#allowance.room(this.#largest + KEEPING, this.#most, least);
    const edge = plus(this.next, Math.max(0, Math.min(this.#capacity - packets, room)));
    if (distance(this.#edge, edge) > 0) this.#edge = edge;
  }

  #release(now: number): void {
    while (this.#held.has(this.next)) {
      const kept = this.#held.get(this.next);
      this.#held.delete(this.next);
      this.#allowance.give(MARK, 0);
      this.inbox.deliver(kept);
      this.next = plus(this.next, 1);
    }
    this.stuckSince = this.#held.size > 0 ? now : NEVER;
  }

  #bits(): number {
    if (this.#held.size === 0) return 0;
    let bits = 0;
    for (let bit = 0; bit < REPORTED; bit++) {
      if (this.#held.has(plus(this.next, 1 + bit))) bits |= 1 << bit;
    }
    return bits >>> 0;
  }
}
