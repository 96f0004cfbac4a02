import { SipHash } from '../../../crafter/peer/siphash.js';
import type { Layer } from '../../../dissectors/layer.js';
import { chunkHead, sctpHeader } from '../../../dissectors/sctp/layout.js';
import { hex32 } from '../../../dissectors/wire/view.js';
import { type Ends, endsAround } from '../ends.js';
import { type Handshake, isPending } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import {
  ABORT,
  COOKIE_ACK,
  COOKIE_ECHO,
  causeAt,
  ERROR,
  firstCause,
  firstType,
  INIT,
  INIT_ACK,
  INIT_SIZE,
  isUse,
  type Part,
  partsOf,
  STALE_COOKIE,
  stateCookie,
} from './chunks.js';
import { type CookieBytes, makerOf } from './makers.js';
import { abortReason, expiryReason, makerNote, staleReason, WAIT_SECONDS } from './words.js';

/** Cookies of one attempt that are compared: an INIT that is sent again is answered with another one. */
const MOST_COOKIES = 4;

/** An INIT with a tag that was seen so long ago begins another association. In seconds. */
const REUSE_SECONDS = 120;

/** What a row keeps while it goes on. */
interface Memory {
  /** The tags of both sides; 0 while not seen. */
  initiator: number;
  responder: number;
  /** Hashes of the cookies that the responder gave, the newest last. */
  cookies: readonly string[];
  isForgeable: boolean;
  /** Whose data, or answers to it, were seen. */
  usedBy: number;
}
const BY_INITIATOR = 1;
const BY_RESPONDER = 2;

/** A packet with chunks of a handshake. */
interface Packet {
  readonly step: Step;
  readonly layer: Layer;
  readonly view: DataView;
  readonly ends: Ends;
  readonly tag: number;
}

/** Follows associations through their four messages: INIT, INIT ACK, COOKIE ECHO, COOKIE ACK. Source: RFC 9260, section 5. */
export class SctpHandshakes implements KindTracker {
  readonly kind = 'sctp';
  readonly layers = ['sctp'];
  readonly seconds = WAIT_SECONDS;
  /** Rows that were answered and are not in use yet, by the tags of both sides. */
  private readonly fresh = new Map<number, Handshake>();
  private readonly hash: SipHash;

  /** @param seed any number; strangers must not know it */
  constructor(seed: number) {
    const key = new Uint8Array(16);
    new DataView(key.buffer).setFloat64(0, seed);
    this.hash = new SipHash(key);
  }

  expire(row: Handshake): string {
    return expiryReason(row);
  }

  release(row: Handshake): void {
    const memory = memoryOf(row);
    if (!memory) return;
    for (const tag of [memory.initiator, memory.responder]) if (this.fresh.get(tag) === row) this.fresh.delete(tag);
  }

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.at + sctpHeader.size > layer.limit.captured) return;
    const tag = sctpHeader.fields.verification_tag.read(view, layer.at);
    const first = firstType(view, layer);
    if (isUse(first)) {
      if (this.fresh.size > 0) this.use(step, tag);
      return;
    }
    if (first !== ABORT && first !== ERROR && (first < INIT || first > COOKIE_ACK)) return;
    const ends = endsAround(step.dissection, place);
    if (!ends) return;
    const packet: Packet = { step, layer, view, ends, tag };
    for (const part of partsOf(view, layer)) this.takePart(packet, part);
  }

  takeQuoted(step: Step, _: Layer, place: number): void {
    const ends = endsAround(step.dissection, place);
    const row = ends && step.table.find('sctp', endsKey(ends.from, ends.to));
    if (!row || !isPending(row)) return;
    step.table.message(step, row, 'ICMP error', false);
    step.table.setState(step, row, 'refused', 'an ICMP error says that it did not get through');
  }

  private takePart(packet: Packet, part: Part): void {
    switch (part.type) {
      case INIT:
        return this.init(packet, part);
      case INIT_ACK:
        return this.initAck(packet, part);
      case COOKIE_ECHO:
        return this.cookieEcho(packet, part);
      case COOKIE_ACK:
        return this.cookieAck(packet);
      case ABORT:
        return this.abort(packet, part);
      case ERROR:
        return this.error(packet, part);
      default:
        if (isUse(part.type)) this.use(packet.step, packet.tag);
    }
  }

  private init({ step, view, layer, ends }: Packet, part: Part): void {
    if (part.at + INIT_SIZE > part.end) return;
    const { table } = step;
    const tag = view.getUint32(part.at + chunkHead.size);
    const known = table.find('sctp', tagKey(ends.from, ends.to, tag));
    if (known && step.now - known.ended < REUSE_SECONDS) {
      if (known.state === 'timed-out') table.setState(step, known, 'asked', 'no answer so far');
      return table.message(step, known, 'INIT', true, { isFirst: true, isResent: true });
    }
    const before = table.find('sctp', endsKey(ends.from, ends.to));
    const crossing = table.find('sctp', endsKey(ends.to, ends.from));
    const row = this.begin(step, ends.from, ends.to, tag);
    table.message(step, row, 'INIT', true, { isFirst: true, note: `tag ${hex32(tag)}` });
    if (crossing && crossing.state === 'asked') this.collide(step, row, crossing);
    if (before && (before.state === 'answered' || before.state === 'established')) {
      table.detail(row, 'restarts', before.number);
      step.note('sctp-restart', spotIn(layer, part), [before.number]);
    }
  }

  /** Two INITs cross: both sides go on, and one association comes of it. Source: RFC 9260, section 5.2.1. */
  private collide(step: Step, row: Handshake, crossing: Handshake): void {
    step.table.detail(row, 'collides', crossing.number);
    step.table.detail(crossing, 'collides', row.number);
    step.table.setState(step, row, row.state, `no answer so far; it crosses the INIT of handshake ${crossing.number}`);
  }

  private begin(step: Step, initiator: string, responder: string, tag: number): Handshake {
    const { table } = step;
    const row = table.begin(step, {
      kind: 'sctp',
      initiator,
      responder,
      id: hex32(tag),
      key: tagKey(initiator, responder, tag),
    });
    row.memory = { initiator: tag, responder: 0, cookies: [], isForgeable: false, usedBy: 0 } satisfies Memory;
    table.remember(row, endsKey(initiator, responder));
    return row;
  }

  private initAck({ step, view, layer, ends, tag }: Packet, part: Part): void {
    if (part.at + INIT_SIZE > part.end) return;
    const { table } = step;
    const own = view.getUint32(part.at + chunkHead.size);
    const known = table.find('sctp', tagKey(ends.to, ends.from, tag));
    if (!known) {
      const pending = table.find('sctp', endsKey(ends.to, ends.from));
      step.note(pending && isPending(pending) ? 'sctp-tag-wrong' : 'sctp-init-unseen', spotIn(layer, part));
    }
    const row = known ?? this.begin(step, ends.to, ends.from, tag);
    const memory = memoryOf(row);
    const cookie = stateCookie(view, part);
    if (!memory) return;
    memory.responder = own;
    row.id = `${hex32(memory.initiator)}/${hex32(own)}`;
    table.remember(row, tagKey(ends.to, ends.from, own));
    const note = cookie ? this.given(step, row, memory, cookie) : 'without a cookie';
    if (!cookie) step.note('sctp-cookie-missing', spotIn(layer, part));
    table.message(step, row, 'INIT ACK', false, { note, isResent: row.state !== 'asked' });
    if (row.state === 'asked' || row.state === 'timed-out') {
      table.setState(step, row, 'challenged', 'the responder wants its cookie to be returned');
    }
  }

  /** Takes a cookie that the responder gave. */
  private given(step: Step, row: Handshake, memory: Memory, cookie: CookieBytes): string {
    const { table } = step;
    const maker = makerOf(cookie, memory, step);
    const size = cookie.end - cookie.at;
    memory.cookies = [...memory.cookies, this.hashOf(cookie)].slice(-MOST_COOKIES);
    memory.isForgeable = maker?.isForgeable === true;
    table.detail(row, 'cookie_size', size);
    if (maker) table.detail(row, 'cookie_maker', maker.name);
    if (maker?.life !== undefined) table.detail(row, 'cookie_life', maker.life);
    table.addEvidence(step, row, 'likely', 'the INIT ACK carries all that the responder needs, in its cookie');
    return makerNote(size, maker);
  }

  private cookieEcho({ step, view, layer, ends, tag }: Packet, part: Part): void {
    const { table } = step;
    const found = table.find('sctp', tagKey(ends.from, ends.to, tag));
    if (!found) {
      const pending = table.find('sctp', endsKey(ends.from, ends.to));
      step.note(pending && isPending(pending) ? 'sctp-tag-wrong' : 'sctp-init-unseen', spotIn(layer, part));
      if (pending && isPending(pending))
        return table.message(step, pending, 'COOKIE ECHO', true, { note: 'wrong tag' });
    }
    const row = found ?? this.begin(step, ends.from, ends.to, tag);
    const memory = memoryOf(row);
    const isResent = row.state === 'echoed' || row.state === 'answered' || row.state === 'established';
    const age = memory && this.judge({ step, view, layer, ends, tag }, row, memory, part);
    const note = age === undefined ? row.cookieStatus : `${row.cookieStatus}, ${age.toFixed(6)} s old`;
    table.message(step, row, 'COOKIE ECHO', true, { isResent, ...(note !== undefined && { note }) });
    if (!isResent) table.setState(step, row, 'echoed', 'the initiator returned the cookie');
  }

  /** Compares a returned cookie with those that were given. @returns its age in seconds, where it tells that */
  private judge({ step, view, layer }: Packet, row: Handshake, memory: Memory, part: Part): number | undefined {
    const cookie = { view, at: part.at + chunkHead.size, end: part.end };
    const maker = makerOf(cookie, memory, step);
    const isKnown = memory.cookies.includes(this.hashOf(cookie));
    if (memory.cookies.length === 0) row.cookieStatus = maker?.isForgeable ? 'forgeable' : 'unknown';
    else if (!isKnown) row.cookieStatus = 'echo-bad';
    else row.cookieStatus = memory.isForgeable ? 'forgeable' : 'echo-ok';
    if (row.cookieStatus === 'echo-bad') step.note('sctp-cookie-other', spotIn(layer, part));
    if (row.cookieStatus === 'forgeable') step.note('sctp-cookie-forgeable', spotIn(layer, part));
    if (maker?.age !== undefined) step.table.detail(row, 'cookie_age', Number(maker.age.toFixed(6)));
    return maker?.age;
  }

  private cookieAck({ step, ends, tag }: Packet): void {
    const { table } = step;
    const row = table.find('sctp', tagKey(ends.to, ends.from, tag));
    if (!row) return;
    const isResent = row.state === 'answered' || row.state === 'established';
    table.message(step, row, 'COOKIE ACK', false, { isResent });
    if (isResent) return;
    table.setState(step, row, 'answered', 'the responder accepted the cookie');
    const memory = memoryOf(row);
    if (!memory) return;
    for (const one of [memory.initiator, memory.responder]) this.fresh.set(one, row);
  }

  /** Data, or an answer to it: a packet has the tag of the side that it goes to. */
  private use(step: Step, tag: number): void {
    const row = this.fresh.get(tag);
    const memory = row && memoryOf(row);
    if (!row || !memory) return;
    memory.usedBy |= tag === memory.initiator ? BY_RESPONDER : BY_INITIATOR;
    step.touch(row);
    if (memory.usedBy !== (BY_INITIATOR | BY_RESPONDER)) return;
    step.table.setState(step, row, 'established', 'the association is in use, both ways');
    this.release(row);
  }

  private abort({ step, view, ends, tag }: Packet, part: Part): void {
    const { table } = step;
    const byResponder = table.find('sctp', tagKey(ends.to, ends.from, tag));
    const byInitiator = table.find('sctp', tagKey(ends.from, ends.to, tag));
    const row = byResponder ?? byInitiator;
    if (!row || !isPending(row)) return;
    const cause = firstCause(view, part);
    table.message(step, row, 'ABORT', row === byInitiator);
    table.setState(step, row, 'refused', abortReason(row === byInitiator ? 'initiator' : 'responder', cause));
  }

  /** A cookie that came too late. Source: RFC 9260, section 5.2.6. */
  private error({ step, view, layer, ends, tag }: Packet, part: Part): void {
    const { table } = step;
    const row = table.find('sctp', tagKey(ends.to, ends.from, tag));
    const cause = causeAt(view, part, STALE_COOKIE);
    if (!row || cause < 0 || cause + 8 > part.end) return;
    const micros = view.getUint32(cause + 4);
    table.message(step, row, 'ERROR', false, { note: `stale by ${micros} µs` });
    row.cookieStatus = 'stale';
    step.note('sctp-cookie-stale', spotIn(layer, part), [micros]);
    table.setState(step, row, 'refused', staleReason(micros));
  }

  private hashOf({ view, at, end }: CookieBytes): string {
    this.hash.begin();
    for (let place = at; place < end; place++) this.hash.byte(view.getUint8(place));
    const low = this.hash.end();
    return `${hex32(low)}${hex32(this.hash.high)}`;
  }
}

/** Only this tracker sets the memory of its rows. */
const memoryOf = ({ memory }: Handshake): Memory | undefined => memory as Memory | undefined;

const endsKey = (initiator: string, responder: string): string => `${initiator} ${responder}`;
const tagKey = (initiator: string, responder: string, tag: number): string => `${initiator} ${responder} ${hex32(tag)}`;

const spotIn = ({ source }: Layer, { at, end }: Part) => ({ source, at, end });
