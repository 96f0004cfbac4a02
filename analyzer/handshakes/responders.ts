import { Distinct } from './distinct.js';
import { type Handshake, type HandshakeKind, isComplete, isHalfOpen, type When } from './handshake.js';

/** Responders whose handshakes are counted apart, of all kinds; those that come later are counted together. */
const MOST_RESPONDERS = 4096;
/** What those are called. */
export const OTHER_RESPONDERS = 'others';
/** Seconds of which the forgotten half-open handshakes are counted apart: more than any kind waits. */
const MOST_SECONDS = 4096;

/** What the handshakes with one responder add up to. Times are in seconds since the first packet of the capture. */
export interface Responder {
  readonly kind: HandshakeKind;
  readonly name: string;
  readonly begun: number;
  /** Those that are half-open now, and the most that were at a time. */
  readonly halfOpen: number;
  readonly mostHalfOpen: number;
  /** The most that began within a second of the capture's clock. */
  readonly mostPerSecond: number;
  /** Different addresses that asked: an estimate beyond some hundreds. */
  readonly sources: number;
  readonly isExact: boolean;
  readonly completed: number;
  readonly refused: number;
  readonly timedOut: number;
  /** When the first began, and the last. */
  readonly first: number;
  readonly last: number;
  /** Since when it is seen to keep no state, and in which packet; undefined where nothing shows that. */
  readonly cookiesSince: number | undefined;
  readonly cookiesPacket: number;
}

class Counts implements Responder {
  readonly kind: HandshakeKind;
  readonly name: string;
  begun = 0;
  halfOpen = 0;
  mostHalfOpen = 0;
  mostPerSecond = 0;
  completed = 0;
  refused = 0;
  timedOut = 0;
  readonly first: number;
  last: number;
  cookiesSince: number | undefined = undefined;
  cookiesPacket = 0;
  /** The second of the newest, and how many began in it. */
  second = Number.NaN;
  inSecond = 0;
  readonly initiators: Distinct;

  constructor(kind: HandshakeKind, name: string, now: number, seed: number) {
    this.kind = kind;
    this.name = name;
    this.first = now;
    this.last = now;
    this.initiators = new Distinct(seed);
  }

  get sources(): number {
    return this.initiators.count;
  }

  get isExact(): boolean {
    return this.initiators.isExact;
  }
}

/**
 * Counts handshakes by kind and responder. Handshakes that were dropped to stay within bounds still count: a half-open
 * one for as long as it would have been waited for. Bounded.
 */
export class Responders {
  private readonly byKind = new Map<HandshakeKind, Map<string, Counts>>();
  private known = 0;
  private readonly seed: number;
  /** Dropped half-open handshakes, by the second in which they would have timed out. */
  private readonly dropped = new Map<number, Map<Counts, number>>();
  private expired = Number.NEGATIVE_INFINITY;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** A row has begun, half-open. */
  begin({ kind, initiator, responder }: Handshake, { now }: When): void {
    const counts = this.countsOf(kind, responder, now);
    counts.begun++;
    counts.halfOpen++;
    counts.mostHalfOpen = Math.max(counts.mostHalfOpen, counts.halfOpen);
    counts.last = Math.max(counts.last, now);
    const second = Math.floor(now);
    counts.inSecond = second === counts.second ? counts.inSecond + 1 : 1;
    counts.second = second;
    counts.mostPerSecond = Math.max(counts.mostPerSecond, counts.inSecond);
    counts.initiators.add(hostOf(initiator));
  }

  /** The state of a row has changed. @param was what it was like before */
  change(row: Handshake, was: Pick<Handshake, 'kind' | 'state'>): void {
    const counts = this.find(row);
    if (!counts) return;
    if (isHalfOpen(was) && !isHalfOpen(row)) counts.halfOpen--;
    if (!isHalfOpen(was) && isHalfOpen(row)) {
      counts.halfOpen++;
      counts.mostHalfOpen = Math.max(counts.mostHalfOpen, counts.halfOpen);
    }
    counts.completed += Number(isComplete(row)) - Number(isComplete(was));
    counts.refused += Number(row.state === 'refused') - Number(was.state === 'refused');
    counts.timedOut += Number(row.state === 'timed-out') - Number(was.state === 'timed-out');
  }

  /** A row is with another responder than it seemed. */
  move(row: Handshake, to: Pick<Handshake, 'initiator' | 'responder'>): void {
    const counts = this.find(row);
    if (!counts) return;
    const other = this.countsOf(row.kind, to.responder, row.begun);
    for (const [one, change] of [
      [counts, -1],
      [other, 1],
    ] as const) {
      one.begun += change;
      if (isHalfOpen(row)) one.halfOpen += change;
      if (isComplete(row)) one.completed += change;
      if (row.state === 'refused') one.refused += change;
      if (row.state === 'timed-out') one.timedOut += change;
    }
    other.last = Math.max(other.last, row.begun);
    other.mostHalfOpen = Math.max(other.mostHalfOpen, other.halfOpen);
    other.initiators.add(hostOf(to.initiator));
  }

  /** A responder is seen to keep nothing before the echo. */
  noteStateless(row: Handshake, { number, now }: When): void {
    const counts = this.find(row);
    // What shows it may be found only later, of an earlier packet.
    if (!counts || (counts.cookiesSince !== undefined && counts.cookiesPacket <= number)) return;
    counts.cookiesSince = now;
    counts.cookiesPacket = number;
  }

  /** A half-open row is dropped. @param deadline on the clock of timeouts, when its time would have been over */
  drop(row: Handshake, deadline: number): void {
    const counts = this.find(row);
    if (!counts) return;
    const second = Math.ceil(deadline);
    let those = this.dropped.get(second);
    if (!those) {
      if (this.dropped.size >= MOST_SECONDS) return;
      those = new Map();
      this.dropped.set(second, those);
    }
    those.set(counts, (those.get(counts) ?? 0) + 1);
  }

  /** Times out the dropped rows whose time is over. */
  expire(clock: number): void {
    const second = Math.floor(clock);
    if (this.dropped.size === 0 || second <= this.expired) return;
    this.expired = second;
    for (const [due, those] of this.dropped) {
      if (due > second) continue;
      for (const [counts, count] of those) {
        counts.halfOpen -= count;
        counts.timedOut += count;
      }
      this.dropped.delete(due);
    }
  }

  /** All that were counted, in the order in which they appeared. */
  *list(): Generator<Responder, void, undefined> {
    for (const those of this.byKind.values()) yield* those.values();
  }

  private find({ kind, responder }: Handshake): Counts | undefined {
    const those = this.byKind.get(kind);
    return those?.get(responder) ?? those?.get(OTHER_RESPONDERS);
  }

  private countsOf(kind: HandshakeKind, responder: string, now: number): Counts {
    let those = this.byKind.get(kind);
    if (!those) {
      those = new Map();
      this.byKind.set(kind, those);
    }
    const known = those.get(responder);
    if (known) return known;
    const name = this.known < MOST_RESPONDERS ? responder : OTHER_RESPONDERS;
    const others = those.get(name);
    if (others) return others;
    const made = new Counts(kind, name, now, this.seed);
    those.set(name, made);
    this.known++;
    return made;
  }
}

/** The address of an end without its port: `10.0.0.1` of `10.0.0.1:443`, `fe80::1` of `[fe80::1]:443`. */
export function hostOf(end: string): string {
  if (end.startsWith('[')) return end.slice(1, Math.max(1, end.indexOf(']')));
  const colon = end.indexOf(':');
  // More than one colon is an address without a port: of Ethernet, or IPv6.
  return colon < 0 || end.indexOf(':', colon + 1) >= 0 ? end : end.slice(0, colon);
}
