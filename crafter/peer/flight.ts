import { distance, plus } from '../../dissectors/channel/sequence.js';

/** How many numbers after `next` a report can tell of. */
const REPORTED = 32;
const NONE = -1;
const FIRST_SLOTS = 16;

/** A packet that was sent and is not settled, or that was reported out of order. */
export interface Sent {
  readonly number: number;
  bytes: Uint8Array;
  readonly isClose: boolean;
  state: 'flying' | 'lost' | 'received';
  /** When it went out first and last. */
  firstAt: number;
  sentAt: number;
  sendings: number;
  /** Whether it was ever sent again: then its round trip says nothing. */
  wasResent: boolean;
  /** Its place in the order of all sendings of the channel. */
  order: number;
  /** How many packets sent after it were reported. */
  later: number;
  /** Given up: it now holds nothing, or is a CLOSE that nothing replaces. */
  isGivenUp: boolean;
  /** Sent although the window did not allow it. */
  isProbe: boolean;
}

/** What a report changed. */
export interface Reported {
  /** Packets that were not reported before. */
  readonly count: number;
  /** The time the newest of them that was sent once went out, or −1. */
  readonly sentAt: number;
  /** Packets that are now taken for lost. */
  readonly lost: readonly Sent[];
}

const NOTHING: readonly Sent[] = [];

/** The packets of a channel with `resend` that are under way, by number. */
export class Flight {
  #slots: (Sent | undefined)[] = [];
  #order = 0;
  readonly #fastResend: number;
  /** Whether any packet was sent again since all were settled: only then can order and number disagree. */
  #resent = false;
  /** The oldest number that is not settled, and the one after the newest. */
  first = 0;
  next = 0;
  flying = 0;
  lost = 0;

  /** @param fastResend how many later packets must be reported before one is taken for lost */
  constructor(fastResend: number) {
    this.#fastResend = fastResend;
  }

  /** Forgets all packets; the next one has the number `start`. */
  restart(start: number): void {
    this.#slots = [];
    this.#resent = false;
    this.first = start;
    this.next = start;
    this.flying = 0;
    this.lost = 0;
  }

  /** How many numbers are under way. */
  get span(): number {
    return (this.next - this.first) & 0xffff;
  }

  at(number: number): Sent | undefined {
    return this.#slots[number & (this.#slots.length - 1)];
  }

  /** The oldest packet that is not settled. */
  get oldest(): Sent | undefined {
    return this.span > 0 ? this.at(this.first) : undefined;
  }

  /** Notes a packet with the next number as sent. */
  push(bytes: Uint8Array, isClose: boolean, isProbe: boolean, now: number): Sent {
    if (this.span + 1 >= this.#slots.length) this.#grow();
    const sent: Sent = {
      number: this.next,
      bytes,
      isClose,
      state: 'flying',
      firstAt: now,
      sentAt: now,
      sendings: 1,
      wasResent: false,
      order: this.#order++,
      later: 0,
      isGivenUp: false,
      isProbe,
    };
    this.#slots[this.next & (this.#slots.length - 1)] = sent;
    this.next = plus(this.next, 1);
    this.flying += 1;
    return sent;
  }

  /** Notes a packet as sent again. */
  resend(sent: Sent, now: number): void {
    if (sent.state === 'lost') this.lost -= 1;
    if (sent.state !== 'flying') this.flying += 1;
    sent.state = 'flying';
    sent.sentAt = now;
    sent.sendings += 1;
    sent.wasResent = true;
    sent.order = this.#order++;
    sent.later = 0;
    this.#resent = true;
  }

  /** Takes a flying packet for lost. */
  lose(sent: Sent): void {
    if (sent.state !== 'flying') return;
    sent.state = 'lost';
    sent.later = 0;
    this.flying -= 1;
    this.lost += 1;
  }

  loseAll(): void {
    this.visit((sent) => this.lose(sent));
  }

  /** Every packet under way, oldest first, the reported ones too; ends early when `visitor` returns true. */
  visit(visitor: (sent: Sent) => unknown): void {
    for (let number = this.first; number !== this.next; number = plus(number, 1)) {
      const sent = this.at(number);
      if (sent && visitor(sent) === true) return;
    }
  }

  /** Takes in a report: all before `next` are settled, and those that the bits name. */
  report(next: number, bits: number): Reported {
    let count = 0;
    let newest = NONE;
    let sentAt = NONE;
    // The three newest sendings of all that were reported for the first time.
    let [one, two, three] = [NONE, NONE, NONE];
    const settle = (sent: Sent): void => {
      if (sent.state === 'received') return;
      if (sent.state === 'flying') this.flying -= 1;
      else this.lost -= 1;
      sent.state = 'received';
      count += 1;
      const { order } = sent;
      if (!sent.wasResent && order > newest) {
        newest = order;
        sentAt = sent.sentAt;
      }
      if (order > one) [one, two, three] = [order, one, two];
      else if (order > two) [two, three] = [order, two];
      else if (order > three) three = order;
    };
    while (this.first !== next) {
      const slot = this.first & (this.#slots.length - 1);
      const sent = this.#slots[slot];
      if (sent) settle(sent);
      this.#slots[slot] = undefined;
      this.first = plus(this.first, 1);
    }
    for (let left = bits, bit = 0; left !== 0 && bit < REPORTED; left >>>= 1, bit++) {
      if ((left & 1) === 0) continue;
      const number = plus(next, 1 + bit);
      if (distance(number, this.next) <= 0) break;
      const sent = this.at(number);
      if (sent) settle(sent);
    }
    if (this.first === this.next) this.#resent = false;
    const isInOrder = bits === 0 && !this.#resent;
    const lost = count > 0 && !isInOrder ? this.#detect(one, two, three) : NOTHING;
    return { count, sentAt, lost };
  }

  /** Counts newly reported sendings against those before them. Only what a report could tell of is judged. */
  #detect(one: number, two: number, three: number): readonly Sent[] {
    const lost: Sent[] = [];
    const reach = Math.min(this.span, REPORTED + 1);
    for (let ahead = 0; ahead < reach; ahead++) {
      const sent = this.at(plus(this.first, ahead));
      if (sent?.state !== 'flying' || sent.order > one) continue;
      sent.later += sent.order < three ? 3 : sent.order < two ? 2 : 1;
      if (sent.later < this.#fastResend) continue;
      this.lose(sent);
      lost.push(sent);
    }
    return lost;
  }

  #grow(): void {
    const slots: (Sent | undefined)[] = new Array(Math.max(FIRST_SLOTS, 2 * this.#slots.length));
    this.visit((sent) => {
      slots[sent.number & (slots.length - 1)] = sent;
    });
    this.#slots = slots;
  }
}
