import { distance, plus } from '../../dissectors/channel/sequence.js';
import { closeRepeatsEnd } from './close-times.js';
import { CongestionWindow } from './congestion.js';
import { Flight, type Sent } from './flight.js';
import { ResendTimer } from './resend-timer.js';
import type { SendQueue } from './send-queue.js';
import { type Gauges, type Line, type Sender, writeGivenUp, writeNumbered } from './sender.js';
import { FIRST_WINDOW, MOST_WINDOW } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The sending side of the modes with `resend`.
 * Source: protocol page, section 6; RFC 6298; RFC 5681.
 */
export class ReliableSender implements Sender {
  readonly #line: Line;
  readonly #queue: SendQueue;
  readonly #closesOnLoss: boolean;
  readonly #timer: ResendTimer;
  readonly #congestion: CongestionWindow;
  readonly #flight: Flight;
  #state: 'waiting' | 'early' | 'open' | 'over' = 'waiting';
  #isClosing = false;
  /** The first number that may not be sent yet. */
  #edge = 0;
  #timerAt = NEVER;
  #lastSent = 0;
  /** Losses of numbers before this one belong to a flight whose window was halved already. */
  #recovery = 0;
  #isRecovering = false;
  closeNumber: number | undefined;

  constructor(line: Line, queue: SendQueue, closesOnLoss: boolean) {
    this.#line = line;
    this.#queue = queue;
    this.#closesOnLoss = closesOnLoss;
    this.#timer = new ResendTimer(line.settings);
    this.#congestion = new CongestionWindow(line.settings.firstCongestionWindow);
    this.#flight = new Flight(line.settings.fastResend);
  }

  get next(): number {
    return this.#flight.next;
  }

  get isFinished(): boolean {
    return this.closeNumber !== undefined && this.#flight.span === 0;
  }

  get gauges(): Gauges {
    const { timeout, roundTrip } = this.#timer;
    return { congestion: this.#congestion.window, inFlight: this.#flight.flying, timeout, roundTrip };
  }

  expect(roundTrip: number): void {
    this.#timer.expect(roundTrip);
  }

  begin(start: number, early: readonly Uint8Array[], now: number): void {
    this.#flight.restart(start);
    this.#edge = plus(start, FIRST_WINDOW);
    this.#recovery = start;
    for (const bytes of early) {
      const sent = this.#flight.push(bytes, false, false, now);
      // It may have been sent with every CHANNEL_NEW.
      sent.wasResent = true;
    }
    if (this.#line.proof) this.#state = 'early';
  }

  confirm(now: number): void {
    if (this.#state === 'over') return;
    this.#state = 'open';
    // The handshake had its own timer; the tries of the resend timer begin here.
    this.#flight.visit((sent) => {
      sent.firstAt = now;
      sent.sendings = 1;
    });
    this.#runTimer(now);
  }

  close(): void {
    this.#isClosing = true;
  }

  pump(now: number): void {
    if (this.#state === 'waiting' || this.#state === 'over') return;
    const flight = this.#flight;
    if (flight.flying === 0 && now - this.#lastSent > this.#timer.timeout) this.#congestion.rested();
    if (flight.lost > 0) this.#pumpLost(now);
    while (this.#hasMore() && !this.#isShut() && this.#congestion.allows(flight.flying)) {
      if (flight.span >= this.#line.settings.flight) break;
      if (this.#state === 'early' && flight.span >= this.#line.settings.earlyPackets) break;
      if (!this.#sendNext(false, now)) break;
    }
    this.#runTimer(now);
  }

  repeat(now: number): void {
    this.#flight.visit((sent) => {
      if (sent.state !== 'received') this.#resend(sent, now);
    });
  }

  report(next: number, bits: number, window: number, now: number): void {
    const flight = this.#flight;
    if (this.#state === 'over' || distance(flight.first, next) < 0 || distance(next, flight.next) < 0) return;
    const { flying } = flight;
    const isInUse = !this.#congestion.allows(flying);
    const edge = plus(next, Math.min(window, MOST_WINDOW));
    if (distance(this.#edge, edge) > 0) this.#edge = edge;

    const { count, sentAt, lost } = flight.report(next, bits);
    if (distance(this.#recovery, flight.first) >= 0) {
      this.#recovery = flight.first;
      this.#isRecovering = false;
    }
    if (count > 0) {
      if (sentAt >= 0) this.#timer.sample(now - sentAt);
      this.#timer.renew();
      if (isInUse && !this.#isRecovering) this.#congestion.acknowledged(count);
      this.#timerAt = NEVER;
    }
    if (lost.length > 0) this.#fastResend(lost, flying, now);
    else if (flight.oldest?.isProbe) this.#probeAnswered(flight.oldest, now);
  }

  deadline(): number {
    return this.#state === 'open' ? Math.min(this.#timerAt, this.#giveUpAt(), this.#unansweredAt()) : NEVER;
  }

  tick(now: number): void {
    if (this.#state !== 'open') return;
    if (now >= this.#giveUpAt()) this.#giveUpOld(now);
    if (this.#state === 'open' && now >= this.#unansweredAt()) this.#giveUpClose(now);
    if (this.#state === 'open' && now >= this.#timerAt) this.#timerRanOut(now);
  }

  stop(): void {
    this.#state = 'over';
    this.#flight.restart(this.#flight.next);
    this.#timerAt = NEVER;
    this.#queue.clear();
  }

  #hasMore(): boolean {
    return !this.#queue.isEmpty || (this.#isClosing && this.closeNumber === undefined);
  }

  #isShut(): boolean {
    return distance(this.#flight.next, this.#edge) <= 0;
  }

  /** Sends the next number for the first time, if anything fits. */
  #sendNext(isProbe: boolean, now: number): boolean {
    const isClose = this.#queue.isEmpty;
    const number = this.#flight.next;
    const bytes = writeNumbered(this.#line, this.#queue, number);
    if (!bytes) return false;
    if (isClose) this.closeNumber = number;
    this.#flight.push(bytes, isClose, isProbe, now);
    this.#lastSent = now;
    this.#line.transmit(bytes, now);
    return true;
  }

  #resend(sent: Sent, now: number): void {
    // A copy: what stays behind would keep the block that it was written in alive, with all that was settled since.
    if (!sent.wasResent) sent.bytes = sent.bytes.slice();
    this.#flight.resend(sent, now);
    this.#lastSent = now;
    this.#line.note('resent', sent.number, now);
    this.#line.transmit(sent.bytes, now);
  }

  /** Sends lost packets again, oldest first, as the windows allow. */
  #pumpLost(now: number): void {
    this.#flight.visit((sent) => {
      if (this.#flight.lost === 0 || !this.#congestion.allows(this.#flight.flying)) return true;
      if (sent.state !== 'lost' || distance(sent.number, this.#edge) <= 0) return false;
      sent.isProbe = false;
      this.#resend(sent, now);
      return false;
    });
  }

  /** Starts the timer if it must run and does not. */
  #runTimer(now: number): void {
    const { flying, lost } = this.#flight;
    const isNeeded = this.#state === 'open' && (flying + lost > 0 || (this.#hasMore() && this.#isShut()));
    if (!isNeeded) this.#timerAt = NEVER;
    else if (this.#timerAt === NEVER) this.#timerAt = now + this.#timer.timeout;
  }

  #timerRanOut(now: number): void {
    const oldest = this.#oldestUnsettled();
    if (oldest && !oldest.isGivenUp && oldest.sendings >= this.#line.settings.sendings) {
      this.#giveUp(oldest, now);
      if (this.#state !== 'open') return;
    }
    this.#line.note(oldest && !oldest.isProbe ? 'timer ran out' : 'probe', oldest?.number ?? this.#flight.next, now);
    if (oldest) {
      const { flying } = this.#flight;
      if (!oldest.isProbe) {
        this.#congestion.timedOut(flying, oldest.wasResent);
        this.#recovery = this.#flight.next;
        this.#isRecovering = false;
      }
      this.#flight.loseAll();
      this.#resend(oldest, now);
    } else {
      this.#sendNext(true, now);
    }
    this.#timer.backOff();
    this.#timerAt = now + this.#timer.timeout;
  }

  #oldestUnsettled(): Sent | undefined {
    let oldest: Sent | undefined;
    this.#flight.visit((sent) => {
      if (sent.state !== 'received') oldest = sent;
      return oldest !== undefined;
    });
    return oldest;
  }

  /** The other peer answers, so it is there: the tries start anew, and what it dropped goes out when it may. */
  #probeAnswered(probe: Sent, now: number): void {
    probe.sendings = 0;
    probe.firstAt = now;
    this.#flight.lose(probe);
  }

  /** @param flying how many packets were in flight when the loss came to light */
  #fastResend(lost: readonly Sent[], flying: number, now: number): void {
    const first = lost[0];
    if (first && lost.some(({ number }) => distance(this.#recovery, number) >= 0)) {
      this.#congestion.lost(flying);
      this.#recovery = this.#flight.next;
      this.#isRecovering = true;
    }
    for (const sent of lost) {
      if (!sent.isGivenUp && sent.sendings >= this.#line.settings.sendings) this.#giveUp(sent, now);
      if (this.#state !== 'open') return;
      this.#line.note('fast resend', sent.number, now);
      this.#resend(sent, now);
    }
  }

  /** When the first packet that is not given up has had its time. */
  #giveUpAt(): number {
    const { oldest } = this.#flight;
    if (!oldest) return NEVER;
    const { giveUpAfter } = this.#line.settings;
    if (oldest.state !== 'received' && !oldest.isGivenUp) return oldest.firstAt + giveUpAfter;
    let at = NEVER;
    this.#flight.visit((sent) => {
      if (sent.state === 'received' || sent.isGivenUp) return false;
      at = sent.firstAt + giveUpAfter;
      return true;
    });
    return at;
  }

  /** When the own CLOSE has had its time: it may be known to have arrived, and not be answered. */
  #unansweredAt(): number {
    const close = this.closeNumber === undefined ? undefined : this.#flight.at(this.closeNumber);
    return close ? closeRepeatsEnd(close.firstAt, this.#line.settings) : NEVER;
  }

  /** Nothing takes the place of a CLOSE: without it the other peer would never learn of the end. */
  #giveUpClose(now: number): void {
    const { flying, lost } = this.#flight;
    const number = this.closeNumber ?? 0;
    const own = this.#flight.at(number)?.state === 'received' ? 0 : 1;
    this.#line.note('given up', number, now);
    this.#state = 'over';
    this.#line.unanswered(flying + lost === own);
  }

  #giveUpOld(now: number): void {
    const { giveUpAfter } = this.#line.settings;
    this.#flight.visit((sent) => {
      if (sent.state === 'received' || sent.isGivenUp) return false;
      if (sent.firstAt + giveUpAfter > now) return true;
      this.#giveUp(sent, now);
      return this.#state !== 'open';
    });
    if (this.#state === 'open') this.pump(now);
  }

  #giveUp(sent: Sent, now: number): void {
    if (sent.isClose) return this.#giveUpClose(now);
    this.#line.note('given up', sent.number, now);
    if (this.#closesOnLoss) {
      this.#state = 'over';
      this.#line.failed();
      return;
    }
    sent.isGivenUp = true;
    sent.bytes = writeGivenUp(this.#line, sent.number);
    this.#flight.lose(sent);
  }
}
