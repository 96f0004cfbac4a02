import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { hex32 } from '../../../dissectors/wire/view.js';
import type { Handshake, When } from '../handshake.js';
import type { HandshakeTable } from '../table.js';
import { type Earlier, memoryOf, type Offer, type TcpMemory } from './memory.js';
import { NONE, type Segment } from './segment.js';
import { UNACKNOWLEDGED, withCookie } from './words.js';

/** A server that keeps state sends its SYN-ACK again after 1 s: one that has not by now keeps none. In seconds. */
const REPEATS_AFTER = 1.5;
/** SYN-ACKs that are watched for that at a time; those beyond are not. */
const MOST_WATCHED = 65_536;
/** Servers of which is known what they give to others, the newest. */
const MOST_SERVERS = 4096;
/** A SYN cookie is accepted for two steps of its clock, of a minute each. In seconds. */
const COOKIE_LIFE = 120;
/** A step of the count moves the top byte by one, and the other bytes anywhere. */
const STEP = 2 ** 24;
/** How fast the initial numbers of servers grow that keep state, a second. Sources: RFC 6528, section 3; Linux, net/core/secure_seq.c. */
const CLOCKS = [250_000, 15_625_000];
/** How far the answer of such a server may be from its clock: a millisecond or two, and the clock's own drift. */
const CLOCK_TOLERANCE = 100_000;
/** Timestamps in a row that encode options before it counts: 64^-3 is one in 262,144. */
const LEAST_RUN = 3;

/** What a server has shown. */
interface Server {
  /** It answered SYNs with SACK or window scaling. */
  givesOptions: boolean;
  /** SYN-ACKs in a row whose timestamp encodes the options of the SYN. */
  run: number;
}

interface Watched {
  readonly row: Handshake;
  readonly when: When;
}

/**
 * Recognises SYN cookies: a server that answers without keeping state. The secret of Linux is not readable, so that a
 * cookie is never `valid`; it shows by what the server does.
 * Sources: RFC 4987, section 3.6; Linux, net/ipv4/syncookies.c; the handshake page, part 2.1, evidence E1 to E5.
 */
export class SynCookies {
  private readonly servers = new Map<string, Server>();
  /** SYN-ACKs in the order in which they came; those before `next` are done. */
  private watched: Watched[] = [];
  private next = 0;

  /** A SYN-ACK came. @param isNew whether it is not the one before it again */
  answer(table: HandshakeTable, when: When, row: Handshake, memory: TcpMemory, segment: Segment, isNew: boolean): void {
    const server = this.serverOf(row.responder);
    this.judgeOptions(table, when, row, memory.offer, segment, server);
    if (!isNew) return;
    if (this.watched.length - this.next >= MOST_WATCHED) return;
    const { number, now, clock } = when;
    this.watched.push({ row, when: { number, now, clock } });
  }

  /** A SYN-ACK came with another number than the one before it, to the same SYN. */
  judgeOther(table: HandshakeTable, when: When, row: Handshake, before: number, seconds: number, y: number): void {
    const grown = (y - before) >>> 0;
    if (seconds > COOKIE_LIFE || grown === 0 || grown >= 2 * STEP) return;
    const isClock = CLOCKS.some(
      (rate) => Math.abs(grown - ((seconds * rate) % 2 ** 32)) < CLOCK_TOLERANCE * (1 + seconds),
    );
    if (isClock) return;
    table.addEvidence(
      when,
      row,
      'yes',
      `the same SYN was answered with another number, in which the count of minutes is one higher (${hex32(before)}, ${hex32(y)})`,
    );
  }

  /** A SYN-ACK came to a SYN between the same ends as one before it, with another number. */
  judgeEarlier(table: HandshakeTable, when: When, row: Handshake, earlier: Earlier, x: number, y: number): void {
    const same = (y - x) >>> 0;
    if (earlier.x === x || when.clock - earlier.when.clock > COOKIE_LIFE) return;
    if ((earlier.y - earlier.x) >>> 0 !== same) return;
    const text = `two different SYNs got numbers with the same distance to theirs (${hex32(same)})`;
    table.addEvidence(earlier.when, earlier.row, 'yes', text);
    if (earlier.row.state === 'challenged') table.explain(earlier.row, withCookie(earlier.row, UNACKNOWLEDGED));
    table.addEvidence(when, row, 'yes', text);
  }

  /** A SYN-ACK was sent again though its SYN was not: the server keeps state. */
  repeat(table: HandshakeTable, when: When, row: Handshake, seconds: number): void {
    table.addEvidence(when, row, 'no', `the SYN-ACK was sent again after ${seconds.toFixed(1)} s, unasked`);
  }

  /** Judges the SYN-ACKs that should have been sent again by now. */
  expire(table: HandshakeTable, clock: number): void {
    const { watched } = this;
    let { next } = this;
    for (let one = watched[next]; one && one.when.clock + REPEATS_AFTER < clock; one = watched[++next]) {
      const memory = memoryOf(one.row);
      if (one.row.isForgotten || one.row.state !== 'challenged' || !memory) continue;
      if (memory.answers !== 1 || memory.asked > one.when.clock) continue;
      table.addEvidence(one.when, one.row, 'likely', `the SYN-ACK was not sent again within ${REPEATS_AFTER} s`);
      table.explain(one.row, withCookie(one.row, UNACKNOWLEDGED));
    }
    if (next > 1024 && 2 * next > watched.length) {
      this.watched = watched.slice(next);
      next = 0;
    }
    this.next = next;
  }

  private judgeOptions(
    table: HandshakeTable,
    when: When,
    row: Handshake,
    offer: Offer | undefined,
    { scale, hasSack, timestamp }: Segment,
    server: Server,
  ): void {
    const gives = scale !== NONE || hasSack;
    if (gives) server.givesOptions = true;
    if (!offer) return;
    const offered = offer.scale !== NONE || offer.hasSack;
    if (!offer.hasTimestamps && offered && !gives && timestamp === NONE && server.givesOptions) {
      const text = 'the SYN-ACK has neither SACK nor window scaling, which the server gives to others';
      table.addEvidence(when, row, 'likely', text);
    }
    if (!offer.hasTimestamps || timestamp === NONE) return;
    server.run = (timestamp & 63) === encoded(offer) ? server.run + 1 : 0;
    if (server.run < LEAST_RUN) return;
    table.addEvidence(when, row, 'likely', `the timestamps of ${server.run} SYN-ACKs encode the options of their SYNs`);
  }

  private serverOf(name: string): Server {
    const known = this.servers.get(name);
    if (known) return known;
    const server = { givesOptions: false, run: 0 };
    this.servers.set(name, server);
    dropOldest(this.servers, MOST_SERVERS);
    return server;
  }
}

const NOT_SCALED = 15;
const HAS_SACK = 16;
const HAS_ECN = 32;

/** The low 6 bits of a timestamp that carries the options of a SYN. Source: Linux, net/ipv4/syncookies.c. */
const encoded = ({ scale, hasSack, wantsEcn }: Offer): number =>
  (scale === NONE ? NOT_SCALED : scale & NOT_SCALED) | (hasSack ? HAS_SACK : 0) | (wantsEcn ? HAS_ECN : 0);
