import type { Moment } from '../../secrets/secrets.js';

/** What a state cookie shows of who made it. */
export interface Maker {
  readonly name: string;
  /** It is visibly made without a key: anybody can make one. */
  readonly isForgeable: boolean;
  /** In seconds, where the cookie tells when it was made, by a clock like that of the capture. */
  readonly age?: number;
  /** How long it is good, in seconds, where the cookie tells. */
  readonly life?: number;
}

/** The verification tags of an association: that which its initiator chose, and that of its responder. */
export interface Tags {
  readonly initiator: number;
  readonly responder: number;
}

/** A cookie in the bytes of a packet. */
export interface CookieBytes {
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
}

/** What cookies of usrsctp, FreeBSD and macOS begin with; then a time, and the life of the cookie in milliseconds. */
const KAME = 'KAME-BSD 1.1';
const KAME_TIME_AT = 16;
const KAME_MICROS_AT = 24;
const KAME_LIFE_AT = 32;
const KAME_SIZE = 36;
/** Ages beyond a day are of another clock: kernels count from their start. In seconds. */
const MOST_AGE = 86_400;

/** What cookies of dcSCTP begin with, and their size without a MAC, which newer ones add. In bytes. */
const DCSCTP = 'dcSCTP00';
const DCSCTP_SIZE = 45;
/** The same of mediasoup. */
const MEDIASOUP = 'msworker';
const MEDIASOUP_SIZE = 44;

/** Where cookies of Linux have the tags of both sides, behind their signature: without and with padding. */
const LINUX_TAGS_AT = [32, 36];

/**
 * Who made a state cookie, as far as its bytes show that.
 * Sources: usrsctp, netinet/sctp_header.h, `struct sctp_state_cookie`; Linux, include/net/sctp/structs.h,
 * `struct sctp_signed_cookie`; dcSCTP, socket/state_cookie.cc.
 */
export function makerOf(cookie: CookieBytes, tags: Tags, now: Moment): Maker | undefined {
  const size = cookie.end - cookie.at;
  if (beginsWith(cookie, KAME) && size >= KAME_SIZE) return kame(cookie, now);
  if (beginsWith(cookie, DCSCTP)) return { name: 'dcSCTP', isForgeable: size <= DCSCTP_SIZE };
  if (beginsWith(cookie, MEDIASOUP)) return { name: 'mediasoup', isForgeable: size <= MEDIASOUP_SIZE };
  if (LINUX_TAGS_AT.some((place) => hasTags(cookie, place, tags))) return { name: 'Linux', isForgeable: false };
  return undefined;
}

function beginsWith({ view, at, end }: CookieBytes, text: string): boolean {
  if (end - at < text.length) return false;
  for (let place = 0; place < text.length; place++) {
    if (view.getUint8(at + place) !== text.charCodeAt(place)) return false;
  }
  return true;
}

function kame({ view, at }: CookieBytes, now: Moment): Maker {
  // The byte order is the host's: of the two the one in which the life makes sense, which is far below 2^16 s.
  const isLittle = view.getUint32(at + KAME_LIFE_AT, true) < view.getUint32(at + KAME_LIFE_AT);
  const life = view.getUint32(at + KAME_LIFE_AT, isLittle) / 1000;
  const low = (place: number): number => view.getUint32(at + place + (isLittle ? 0 : 4), isLittle);
  const age = now.seconds - low(KAME_TIME_AT) + (now.nanos / 1000 - low(KAME_MICROS_AT)) / 1e6;
  const isSameClock = Math.abs(age) <= MOST_AGE;
  return { name: 'usrsctp or BSD', isForgeable: false, life, ...(isSameClock && { age }) };
}

/** Whether both tags stand at a place, in either byte order: the responder's own first. */
function hasTags({ view, at, end }: CookieBytes, place: number, { initiator, responder }: Tags): boolean {
  if (at + place + 8 > end) return false;
  return [true, false].some(
    (isLittle) =>
      view.getUint32(at + place, isLittle) === responder && view.getUint32(at + place + 4, isLittle) === initiator,
  );
}
