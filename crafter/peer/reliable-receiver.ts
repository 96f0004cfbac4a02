import { distance, plus } from '../../dissectors/channel/sequence.js';
import { Inbox } from './inbox.js';
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
  readonly inbox = new Inbox();
  readonly counts: Counts = noCounts();
  /** Packets that came before their turn, by number: to be delivered, or only to be known. */
  #held: (Packet | undefined)[] = [];
  #heldCount = 0;
  /** The first number that is not allowed yet; never taken back. */
  #edge = 0;
  /** What the last report allowed. */
  #toldEdge = 0;
  /** The largest packet so far, in bytes: what each of those to come may cost. */
  #largest = 1;
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

  constructor(settings: Settings, isOrdered: boolean) {
    this.#settings = settings;
    this.#isOrdered = isOrdered;
    this.#capacity = Math.min(MOST_WINDOW, Math.max(FIRST_WINDOW, settings.window));
  }

  get hasClose(): boolean {
    return this.#end !== undefined;
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
    const ahead = distance(this.next, number);
    return ahead < 0 || (ahead < this.#held.length && this.#heldAt(number) !== undefined);
  }

  receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    this.counts.packets += 1;
    this.#receive(packet, number, isEnd, now);
    if (this.#eager > 0 && this.mustReport) this.#repeatAt = now + this.#settings.progressDelay;
  }

  #receive(packet: Packet, number: number, isEnd: boolean, now: number): void {
    const ahead = distance(this.next, number);
    if (this.isOld(number)) {
      this.counts.duplicates += 1;
      this.#eager = EAGER;
      this.mustReport = true;
      return;
    }
    if (distance(this.#edge, number) >= 0 || (this.#end !== undefined && distance(this.#end, number) > 0)) {
      this.counts.dropped += 1;
      this.mustReport = true;
      return;
    }
    if (isEnd) this.#end ??= number;
    if (packet.size > this.#largest) this.#largest = packet.size;
    if (ahead > 0) {
      this.#hold(packet, number);
      this.#eager = EAGER;
      this.mustReport = true;
      return;
    }
    const hadGap = this.#heldCount > 0;
    this.inbox.deliver(packet);
    this.next = plus(this.next, 1);
    if (hadGap) this.#release();
    this.#settled(hadGap, now);
  }

  receiveLast(packet: Packet, number: number): void {
    if (number === this.next || !this.#isOrdered) this.inbox.deliver(packet);
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
    return { next: this.next, bits: this.#bits(), window: this.window };
  }

  deadline(): number {
    return this.reportAt;
  }

  tick(now: number): void {
    if (now >= this.reportAt) this.mustReport = true;
  }

  stop(): void {
    this.#held = [];
    this.#heldCount = 0;
    this.mustReport = false;
    this.reportAt = NEVER;
    this.#repeatAt = NEVER;
  }

  /** Something new is settled: reports it now, soon, or with the next. */
  #settled(hadGap: boolean, now: number): void {
    this.#widen();
    if (this.#end !== undefined && distance(this.#end, this.next) > 0) this.hasEnded = true;
    this.#unreported += 1;
    const isEager = this.#eager > 0;
    if (isEager) this.#eager -= 1;
    const isTime = hadGap || isEager || this.hasEnded || this.#unreported >= this.#settings.progressEvery;
    if (isTime) this.mustReport = true;
    else if (this.reportAt === NEVER) this.reportAt = now + this.#settings.progressDelay;
  }

  #widen(): void {
    const { inbox } = this;
    const affordable = Math.floor((this.#settings.receiveBuffer - inbox.waiting) / this.#largest);
    const edge = plus(this.next, Math.max(0, Math.min(this.#capacity - inbox.length, affordable)));
    if (distance(this.#edge, edge) > 0) this.#edge = edge;
  }

  #heldAt(number: number): Packet | undefined {
    return this.#held[number & (this.#held.length - 1)];
  }

  #hold(packet: Packet, number: number): void {
    if (this.#held.length === 0) {
      let size = FIRST_WINDOW;
      while (size < this.#capacity) size *= 2;
      this.#held = new Array(size);
    }
    if (!this.#isOrdered) this.inbox.deliver(packet);
    this.#held[number & (this.#held.length - 1)] = packet;
    this.#heldCount += 1;
  }

  #release(): void {
    for (;;) {
      const slot = this.next & (this.#held.length - 1);
      const packet = this.#held[slot];
      if (!packet) return;
      this.#held[slot] = undefined;
      this.#heldCount -= 1;
      if (this.#isOrdered) this.inbox.deliver(packet);
      this.next = plus(this.next, 1);
    }
  }

  #bits(): number {
    if (this.#heldCount === 0) return 0;
    let bits = 0;
    for (let bit = 0; bit < REPORTED && bit + 1 < this.#held.length; bit++) {
      if (this.#heldAt(plus(this.next, 1 + bit))) bits |= 1 << bit;
    }
    return bits >>> 0;
  }
}
