import type { Alarms } from './alarms.js';
import type { Fault } from './faults.js';
import { CLOSE, COOKIE, DATA, type Message, type Packet, PROGRESS, WINDOW } from './wire.js';

export const RESEND = 1;
export const ORDERED = 2;
export const CLOSE_ON_LOSS = 4;

const GAP_TIMEOUT = 200;
const WIDEST_GAP = 1024;
const REPORT_DELAY = 20;
const ANSWER_PAUSE = 20;
const OWN_WINDOW = 256;
const FIRST_WINDOW = 16;
const FIRST_TIMER = 200;
const LEAST_TIMER = 100;
const MOST_TIMER = 2000;
const GRANULARITY = 30;
const MOST_SENDINGS = 8;
const LONGEST_TRY = 10_000;
const IDLE = 60_000;
const ANSWERS_FOR = 15_000;
/** A CLOSE is repeated after these times; the last says when the repeats are over. */
export const REPEATS = [200, 400, 800, 1600, 3200, 6400];

/** What a channel needs of the peer that it belongs to. */
export interface Around {
  readonly faults: ReadonlySet<Fault>;
  readonly alarms: Alarms;
  readonly now: () => number;
  /** Whether the dialect has CHANNEL_CLOSE. */
  readonly canClose: boolean;
  /** Sends a packet on the channel. */
  readonly transmit: (messages: readonly Message[], sequence: number) => void;
  readonly write: (messages: readonly Message[], sequence: number) => Buffer;
  readonly put: (bytes: Buffer) => void;
  /** Called once, when nothing more will be said but for answers. */
  readonly over: (reason: number) => void;
  /** What the application does with what it is given, and when the other direction has ended. */
  readonly received: (data: Buffer) => void;
  readonly ended: () => void;
}

interface Sent {
  readonly at: number;
  number: number;
  bytes: Buffer;
  messages: readonly Message[];
  sendings: number;
  first: number;
  last: number;
  /** Place in the order of all sendings. */
  order: number;
  isReported: boolean;
  isLost: boolean;
  isEmptied: boolean;
  later: number;
}

interface Held {
  readonly time: number;
  readonly messages: readonly Message[];
}

const low = (value: number): number => value & 0xffff;
const ahead = (of: number, from: number): number => {
  const distance = low(of - from);
  return distance >= 0x8000 ? distance - 0x10000 : distance;
};

/** One channel of the peer, both directions. Numbers are counted on without wrapping; the wire has 16 bits of them. */
export class Channel {
  readonly #around: Around;
  caps: number;
  // What is sent.
  #next: number;
  #base: number;
  #edge: number;
  #queue: Message[][] = [];
  #sent: Sent[] = [];
  #cwnd = 4;
  #threshold = Number.POSITIVE_INFINITY;
  #recover = -1;
  #order = 0;
  #timer: number;
  #smoothed: number | undefined;
  #variation = 0;
  #alarm: symbol | undefined;
  #wantsClose = false;
  #closeAt: number | undefined;
  #closeReason: number | undefined;
  #closeBytes: Buffer | undefined;
  #closeRepeats = 0;
  #closeAnswered = false;
  #closeUnanswered = false;
  #closeAlarm: symbol | undefined;
  // What is received.
  #expected: number;
  #held = new Map<number, Held>();
  #gapAlarm: symbol | undefined;
  #reportAlarm: symbol | undefined;
  #unreported = 0;
  #theirEnd = false;
  #theirClose: number | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #idleAlarm: symbol | undefined;
  #hasAnswered = false;
  // How it stands.
  isReady: boolean;
  #isOver = false;
  #endedAt = Number.POSITIVE_INFINITY;
  #tellsAgain = false;

  constructor(around: Around, caps: number, sendStart: number, receiveStart: number, isReady: boolean) {
    this.#around = around;
    this.caps = caps & 7;
    this.#timer = this.#has('begins with a timer of 90 ms') ? 90 : FIRST_TIMER;
    this.#next = sendStart;
    this.#base = sendStart;
    this.#edge = sendStart + FIRST_WINDOW;
    this.#expected = receiveStart;
    this.isReady = isReady;
    this.#rest();
  }

  get #resends(): boolean {
    return (this.caps & RESEND) !== 0;
  }

  get #isUdp(): boolean {
    return this.caps === 0;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get nextNumber(): number {
    return low(this.#next);
  }

  get #mostTimer(): number {
    return this.#has('doubles its timer without end') ? Number.POSITIVE_INFINITY : MOST_TIMER;
  }

  #has(fault: Fault): boolean {
    return this.#around.faults.has(fault);
  }

  // What the application says.

  send(data: Buffer): void {
    if (this.#wantsClose || this.#closeAt !== undefined) return;
    this.#queue.push([{ type: DATA, data }]);
    this.pump();
  }

  close(): void {
    this.#wantsClose = true;
    this.pump();
  }

  confirm(): void {
    if (this.isReady) return;
    this.isReady = true;
    this.pump();
  }

  /** Gives up a channel that was never confirmed, or was refused. */
  fail(reason: number): void {
    this.#finish(reason);
  }

  takeNumber(): void {
    this.#next += 1;
    this.#base += 1;
  }

  // What is sent.

  pump(): void {
    if (this.#isOver || !this.isReady || (this.#closeAt !== undefined && this.#queue.length === 0)) return;
    if (!this.#resends) {
      for (const messages of this.#queue.splice(0)) this.#fresh(messages);
      if (this.#wantsClose) this.#sendClose(0);
      return;
    }
    for (;;) {
      if (this.#inFlight() >= Math.floor(this.#cwnd)) break;
      const lost = this.#sent.find((one) => one.isLost && !one.isReported);
      if (lost) {
        this.#again(lost);
        continue;
      }
      if (this.#next >= this.#edge) break;
      const messages = this.#queue.shift();
      if (messages) this.#fresh(messages);
      else {
        if (this.#wantsClose && this.#closeAt === undefined) this.#sendClose(0);
        break;
      }
    }
    this.#arm();
  }

  #inFlight(): number {
    return this.#sent.filter((one) => !one.isReported && !one.isLost).length;
  }

  #fresh(messages: readonly Message[]): Sent {
    const now = this.#around.now();
    const at = this.#next;
    this.#next += 1;
    const bytes = this.#around.write(messages, this.#has('writes 12 bits of its numbers') ? at & 0x0fff : low(at));
    const isKept = this.#resends || this.#has('sends again in modes without resend');
    const one: Sent = {
      at,
      number: low(at),
      bytes,
      messages,
      sendings: 1,
      first: now,
      last: now,
      order: this.#order++,
      isReported: false,
      isLost: false,
      isEmptied: false,
      later: 0,
    };
    if (isKept) this.#sent.push(one);
    if (isKept && !this.#resends) {
      this.#around.alarms.at(now + FIRST_TIMER, () => this.#around.put(bytes));
      this.#sent = [];
    }
    this.#around.put(bytes);
    if (!this.#resends) this.#rest();
    return one;
  }

  #again(one: Sent): void {
    const now = this.#around.now();
    one.sendings += 1;
    one.last = now;
    one.order = this.#order++;
    one.isLost = false;
    one.later = 0;
    if (this.#has('sends again under a new number')) {
      one.bytes = this.#around.write(one.messages, low(this.#next));
      this.#next += 1;
    }
    this.#around.put(one.bytes);
  }

  #arm(): void {
    this.#around.alarms.cancel(this.#alarm);
    this.#alarm = undefined;
    if (this.#isOver || !this.#resends || !this.isReady) return;
    const oldest = this.#sent.find((one) => !one.isReported);
    const isShut = !oldest && this.#next >= this.#edge && (this.#queue.length > 0 || this.#wantsClose);
    if (!oldest && !(isShut && this.#closeAt === undefined)) return;
    const from = oldest
      ? Math.max(...this.#sent.filter((one) => !one.isReported).map(({ last }) => last))
      : this.#around.now();
    const wait = isShut && this.#has('probes a shut window every 40 ms') ? 40 : this.#timer;
    this.#alarm = this.#around.alarms.at(from + wait, () => this.#ranOut());
  }

  #ranOut(): void {
    const now = this.#around.now();
    const oldest = this.#sent.find((one) => !one.isReported);
    if (!oldest) {
      // The window is shut and nothing is in flight: the next number goes all the same.
      const messages = this.#queue.shift();
      if (messages) this.#fresh(messages);
      else if (this.#wantsClose && this.#closeAt === undefined) this.#sendClose(0);
      this.#timer = Math.min(this.#mostTimer, this.#timer * 2);
      return this.#arm();
    }
    this.#timer = Math.min(this.#mostTimer, this.#timer * 2);
    if (
      !oldest.isEmptied &&
      (oldest.sendings >= (this.#has('gives up after four sendings') ? 4 : MOST_SENDINGS) ||
        now - oldest.first >= LONGEST_TRY)
    ) {
      if (this.#giveUp(oldest)) return;
    }
    this.#threshold = Math.max(2, this.#inFlight() / 2);
    this.#cwnd = 1;
    for (const one of this.#sent) if (!one.isReported && one !== oldest) one.isLost = true;
    if (this.#has('sends again what was reported')) for (const one of this.#sent) this.#around.put(one.bytes);
    this.#again(oldest);
    this.#arm();
  }

  /** Whether the channel is over by that. */
  #giveUp(one: Sent): boolean {
    if (one.at === this.#closeAt) {
      this.#closeUnanswered = true;
      const isAlone = this.#sent.every(({ isReported, at }) => isReported || at === one.at);
      this.#finish(isAlone && this.#theirEnd ? 0 : 1);
      return true;
    }
    if (this.caps & CLOSE_ON_LOSS) {
      this.#sendClose(this.#has('gives up with reason 0') ? 0 : 1);
      return true;
    }
    if (this.#has('says nothing in place of what it gave up')) {
      one.isReported = true;
      this.#arm();
      return true;
    }
    one.isEmptied = true;
    one.bytes = this.#around.write([{ type: DATA, data: Buffer.alloc(0) }], one.number);
    return false;
  }

  #sendClose(reason: number): void {
    if (!this.#around.canClose) {
      if (reason !== 0) this.#finish(reason);
      return;
    }
    if (this.#closeAt !== undefined && this.#closeReason !== 0) return;
    this.#closeReason = reason;
    this.#wantsClose = true;
    this.#queue = [];
    if (this.#has('closes with the number of its last packet') && reason === 0 && this.#order > 0) this.#next -= 1;
    this.#closeAt = this.#next;
    this.#closeAnswered = false;
    const one = this.#fresh([{ type: CLOSE, reason }]);
    this.#closeBytes = one.bytes;
    if (reason !== 0) {
      this.#sent = [];
      this.#held.clear();
      this.#tellsAgain = true;
      this.#finish(reason);
    }
    if (reason === 0 && this.#resends) return this.#arm();
    this.#closeRepeats = 0;
    this.#repeatClose();
  }

  #repeatClose(): void {
    const wait = REPEATS[this.#closeRepeats] ?? (this.#has('repeats a CLOSE 0 for ever') ? 6400 : undefined);
    this.#around.alarms.cancel(this.#closeAlarm);
    if (wait === undefined) {
      this.#closeUnanswered = true;
      if (!this.#isOver) this.#finish(this.#theirEnd ? 0 : 1);
      return;
    }
    this.#closeAlarm = this.#around.alarms.at(this.#around.now() + wait, () => {
      this.#closeRepeats += 1;
      if ((this.#closeRepeats < REPEATS.length || this.#has('repeats a CLOSE 0 for ever')) && this.#closeBytes)
        this.#around.put(this.#closeBytes);
      this.#repeatClose();
    });
  }

  // What arrives.

  /** Takes a packet of the other peer whose cookie, if it had one, was right. */
  take(packet: Packet, messages: readonly Message[]): void {
    const now = this.#around.now();
    if (now > this.#endedAt + ANSWERS_FOR && !this.#has('answers for a closed channel for ever')) return;
    const isLone = this.#has('gives a lone CHANNEL_COOKIE no number');
    const hasData = messages.some(({ type }) => type === DATA || type === CLOSE || (type === COOKIE && !isLone));
    if (hasData || !this.#has('takes only data for a sign of life')) this.#rest();
    if (!hasData) return this.#control(messages);
    this.#numbered(packet.sequence, messages);
  }

  #numbered(sequence: number, messages: readonly Message[]): void {
    const close = messages.find(({ type }) => type === CLOSE);
    if (this.#isOver) return this.#late(close, sequence, messages);
    if (close && close.reason !== 0 && !this.#resends && this.#has('ignores a CLOSE 1 without resend')) return;
    if (this.#isUdp) return this.#onArrival(sequence, messages, close);
    const at = this.#expected + ahead(sequence, this.#expected);
    if (close && close.reason !== 0) {
      if (at < this.#expected && at !== this.#theirClose) return this.#reportAtOnce();
      return this.#otherReason(at, close.reason ?? 0);
    }
    if (at < this.#expected || this.#held.has(at)) return this.#old(at, close, messages);
    if (this.#theirEnd) return;
    if (this.#resends && at >= this.#expected + OWN_WINDOW) return this.#reportAtOnce();
    const distance = at - this.#expected;
    const widest = this.#has('ends a gap at once for a number 100 ahead') ? 100 : WIDEST_GAP;
    this.#held.set(at, { time: this.#around.now(), messages });
    if ((this.caps & ORDERED) === 0) this.#deliver(messages);
    if (close && this.#has('answers a CLOSE beyond a gap at once')) this.#answer(at + 1);
    if (!this.#resends && distance >= widest) {
      if (this.caps & CLOSE_ON_LOSS) return this.#lostGap();
      while (this.#held.size > 0 && at - this.#expected >= widest) this.#skip();
    }
    const hadGap = this.#held.size > 1 || distance > 0;
    this.#advance();
    if (this.#isOver) return;
    if (this.#resends) this.#report(hadGap);
    else this.#watchGap();
  }

  #old(at: number, close: Message | undefined, messages: readonly Message[]): void {
    if (this.#has('delivers what comes after its number was skipped') && !this.#resends && !this.#held.has(at)) {
      this.#deliver(messages);
    }
    if (close && at === this.#theirClose && this.#theirEnd) this.#answer(at + 1);
    else if (this.#resends && !(this.#held.has(at) && this.#has('does not report what came twice beyond a gap'))) {
      this.#reportAtOnce();
    }
  }

  #onArrival(sequence: number, messages: readonly Message[], close: Message | undefined): void {
    if (close && close.reason !== 0) return this.#otherReason(sequence, close.reason ?? 0);
    if (this.#theirEnd && !close) return;
    if (!this.#theirEnd) this.#deliver(messages);
    if (!close) return;
    if (this.#theirClose === undefined) {
      this.#theirClose = sequence;
      const wait = this.#has('takes a CLOSE in udp for the end at once') ? 0 : GAP_TIMEOUT;
      if (wait === 0) this.#end();
      else this.#around.alarms.at(this.#around.now() + wait, () => this.#end());
    }
    this.#answer(sequence + 1);
  }

  #deliver(messages: readonly Message[]): void {
    const some = this.#has('takes one DATA of a packet in any mode') ? messages.slice(0, 1) : messages;
    const most = this.#has('drops DATA of more than 1100 bytes') ? 1100 : Number.POSITIVE_INFINITY;
    for (const { type, data } of some) {
      if (type === DATA && data && data.length > 0 && data.length <= most) this.#around.received(data);
    }
  }

  #advance(): void {
    for (let one = this.#held.get(this.#expected); one; one = this.#held.get(this.#expected)) {
      this.#held.delete(this.#expected);
      this.#expected += 1;
      if (this.caps & ORDERED) this.#deliver(one.messages);
      if (one.messages.some(({ type }) => type === CLOSE)) {
        this.#theirClose = this.#expected - 1;
        this.#held.clear();
        this.#answer(this.#expected);
        this.#end();
        return;
      }
    }
  }

  /** Counts what is missing before the first packet that is held as lost. */
  #skip(): void {
    this.#expected = this.#has('skips one number at a time') ? this.#expected + 1 : Math.min(...this.#held.keys());
    this.#advance();
  }

  #watchGap(): void {
    const { alarms } = this.#around;
    alarms.cancel(this.#gapAlarm);
    this.#gapAlarm = undefined;
    if (this.#isOver || this.#held.size === 0) return;
    const times = [...this.#held.values()].map(({ time }) => time);
    const opened = this.#has('begins the gap timeout again with each packet') ? Math.max(...times) : Math.min(...times);
    this.#gapAlarm = alarms.at(opened + GAP_TIMEOUT, () => {
      if (this.caps & CLOSE_ON_LOSS) return this.#lostGap();
      this.#skip();
      this.#watchGap();
    });
  }

  #lostGap(): void {
    if (!this.#isOver) this.#sendClose(this.#has('closes for loss with reason 3') ? 3 : 1);
  }

  #end(): void {
    if (this.#theirEnd || this.#isOver) return;
    this.#theirEnd = true;
    if (this.#has('drops what it has to say when the other side ends')) this.#queue = [];
    this.#around.ended();
    this.#maybeOver();
  }

  #otherReason(at: number, reason: number): void {
    this.#theirClose = at;
    this.#expected = at + 1;
    this.#held.clear();
    this.#answer(at + 1);
    if (this.#has('answers a CLOSE 1 with one of its own') && reason === 1) this.#sendClose(1);
    this.#finish(reason);
  }

  /** What comes for a channel that is over is answered, and no more. */
  #late(close: Message | undefined, sequence: number, messages: readonly Message[]): void {
    const isTold = this.#tellsAgain && this.#closeBytes !== undefined && (!close || close.reason === 0);
    if (isTold && this.#closeBytes) {
      const now = this.#around.now();
      if (now - this.#answeredAt < ANSWER_PAUSE) return;
      this.#answeredAt = now;
      return this.#around.put(this.#closeBytes);
    }
    if (close) return this.#answer(this.#isUdp ? sequence + 1 : this.#expected + ahead(sequence, this.#expected) + 1);
    if (this.#resends && messages.length > 0) this.#answer(this.#expected);
  }

  #answer(next: number): void {
    const now = this.#around.now();
    if (now - this.#answeredAt < ANSWER_PAUSE) return;
    if (this.#has('answers each CLOSE once') && this.#hasAnswered) return;
    this.#hasAnswered = true;
    this.#answeredAt = now;
    this.#progress(this.#has('reports the number of a CLOSE as the next') ? next - 1 : next);
  }

  // Reports.

  #report(isUrgent: boolean): void {
    this.#unreported += 1;
    if (isUrgent || this.#unreported >= 2) return this.#reportAtOnce();
    if (this.#reportAlarm) return;
    this.#reportAlarm = this.#around.alarms.at(this.#around.now() + REPORT_DELAY, () => this.#reportAtOnce());
  }

  #reportAtOnce(): void {
    if (!this.#resends) return;
    this.#progress(this.#expected);
  }

  #progress(next: number): void {
    this.#around.alarms.cancel(this.#reportAlarm);
    this.#reportAlarm = undefined;
    this.#unreported = 0;
    let received = 0;
    const shift = this.#has('begins its bits with the next number') ? 0 : 1;
    for (const at of this.#held.keys()) {
      const bit = at - next - shift;
      const isLeft =
        this.#has('leaves a CLOSE out of its reports') &&
        this.#held.get(at)?.messages.some(({ type }) => type === CLOSE);
      if (bit >= 0 && (bit < 32 || this.#has('wraps the bits of its reports')) && !isLeft) received |= 1 << bit;
    }
    const told = this.#has('reports the last number instead of the next') ? next - 1 : next;
    const messages: Message[] = [{ type: PROGRESS, next: low(told), received: received >>> 0 }];
    if (!this.#has('reports without a window'))
      messages.push({ type: WINDOW, window: this.#has('tells a window of 0') ? 0 : OWN_WINDOW });
    if (this.#has('reports in packets with data') && this.#resends && this.#queue.length > 0) {
      this.#queue[0]?.push(...messages);
      return this.pump();
    }
    const number = this.#has('shows 0 for the number of its reports') ? 0 : low(this.#next);
    this.#around.transmit(messages, number);
    if (this.#has('counts its reports as packets')) this.takeNumber();
  }

  #control(messages: readonly Message[]): void {
    const report = messages.find(({ type }) => type === PROGRESS);
    const window = messages.find(({ type }) => type === WINDOW)?.window;
    if (!report) {
      if (window !== undefined && this.#has('takes a window without a report')) {
        this.#edge = Math.max(this.#edge, this.#base + window);
        this.pump();
      }
      return;
    }
    const next = this.#base + ahead(report.next ?? 0, this.#base);
    const { received = 0 } = report;
    if (next > this.#next) return;
    if (next < this.#base) {
      if (window !== undefined && this.#has('takes the window of an old report')) {
        this.#edge = Math.max(this.#edge, this.#base + window);
        this.pump();
      }
      return;
    }
    if (this.#closeAt !== undefined && next > this.#closeAt) this.#closeWasAnswered();
    if (!this.#resends || this.#isOver) return;
    if (window !== undefined) this.#edge = Math.max(this.#edge, next + Math.min(window, 0x7fff));
    this.#reported(next, received);
  }

  #reported(next: number, received: number): void {
    const now = this.#around.now();
    const fresh: Sent[] = [];
    for (const one of this.#sent) {
      const bit = one.at - next - 1;
      const isNow = one.at < next || (bit >= 0 && bit < 32 && ((received >>> bit) & 1) === 1);
      if (one.isReported || !isNow) continue;
      one.isReported = true;
      fresh.push(one);
      if (one.sendings === 1) this.#measure(now - one.first);
    }
    if (fresh.length > 0) {
      this.#timer = this.#computed();
      if (this.#cwnd < this.#threshold) this.#cwnd += 1;
      else this.#cwnd += 1 / this.#cwnd;
      if (this.#has('sends all it has after the first report')) this.#cwnd = 1000;
    }
    this.#base = Math.max(this.#base, next);
    if (!this.#has('sends again what was reported'))
      this.#sent = this.#sent.filter((one) => one.at >= next || !one.isReported);
    for (const one of this.#sent)
      if (!one.isReported && one.at >= this.#edge) {
        one.sendings = 1;
        one.first = now;
      }
    this.#fastResend(fresh);
    if (this.#sent.length === 0 && this.#queue.length > 0) this.#timer = this.#computed();
    this.pump();
  }

  #fastResend(fresh: readonly Sent[]): void {
    const enough = this.#has('sends again after one later packet') ? 1 : 3;
    for (const one of this.#sent) {
      if (one.isReported || one.isLost) continue;
      if (this.#has('counts reports instead of packets')) one.later += 1;
      else one.later += fresh.filter(({ order }) => order > one.order).length;
      if (one.later < enough) continue;
      if (one.at >= this.#recover && !this.#has('does not slow down after a fast resend')) {
        this.#threshold = Math.max(2, this.#inFlight() / 2);
        this.#cwnd = this.#threshold;
        this.#recover = this.#next;
      }
      this.#again(one);
    }
  }

  #measure(trip: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = trip;
      this.#variation = trip / 2;
      return;
    }
    this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - trip);
    this.#smoothed = 0.875 * this.#smoothed + 0.125 * trip;
  }

  #computed(): number {
    if (this.#smoothed === undefined) return FIRST_TIMER;
    const timer = this.#smoothed + Math.max(GRANULARITY, 4 * this.#variation);
    return Math.min(MOST_TIMER, Math.max(LEAST_TIMER, timer));
  }

  #closeWasAnswered(): void {
    this.#closeAnswered = true;
    this.#around.alarms.cancel(this.#closeAlarm);
    this.#maybeOver();
  }

  // The end.

  #maybeOver(): void {
    if (this.#isOver || !this.#theirEnd || this.#closeAt === undefined) return;
    if (this.#closeAnswered || this.#closeUnanswered) this.#finish(0);
  }

  #finish(reason: number): void {
    if (this.#isOver) return;
    const { alarms } = this.#around;
    this.#isOver = true;
    this.#endedAt = this.#around.now();
    for (const alarm of [this.#alarm, this.#gapAlarm, this.#reportAlarm, this.#idleAlarm]) alarms.cancel(alarm);
    if (!this.#tellsAgain) alarms.cancel(this.#closeAlarm);
    this.#around.over(reason);
  }

  /** Begins the idle time again. */
  #rest(): void {
    const { alarms } = this.#around;
    alarms.cancel(this.#idleAlarm);
    if (this.#isOver) return;
    this.#idleAlarm = alarms.at(this.#around.now() + IDLE, () => {
      if (this.#isUdp && this.#has('never takes a channel for idle in udp')) return;
      this.#sendClose(this.#has('closes an idle channel with reason 1') ? 1 : 2);
    });
  }
}
