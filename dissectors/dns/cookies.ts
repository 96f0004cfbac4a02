import { optAt } from './message.js';
import { OPTION_COOKIE } from './numbers.js';
import { CLIENT_COOKIE_SIZE, optionHead } from './options.js';

/** The OPT record before its options, from its type on, in bytes: type, size, flags, length. */
const OPT_HEAD = 10;
const LENGTH_AT = 8;
/** A server cookie has at most so many bytes, and at least. Source: RFC 7873, section 4.2. */
const MOST_SERVER_COOKIE = 32;
const LEAST_SERVER_COOKIE = 8;

/**
 * Where the cookies of the message at `at` are, whose header is captured: the offset of the client cookie, or −1 where there
 * is no COOKIE option of a length that is allowed. Nothing is made.
 * Source: RFC 7873, section 4.
 */
export function cookiesAt(view: DataView, at: number, captured: number): number {
  const opt = optAt(view, at, captured);
  if (opt < 0) return -1;
  const end = Math.min(opt + OPT_HEAD + view.getUint16(opt + LENGTH_AT), captured);
  const { 'opt.code': code, 'opt.len': length } = optionHead.fields;
  for (let place = opt + OPT_HEAD; place + optionHead.size <= end; ) {
    const size = length.read(view, place);
    const start = place + optionHead.size;
    if (code.read(view, place) === OPTION_COOKIE) {
      return start + size <= end && isAllowed(size) ? start : -1;
    }
    place = start + size;
  }
  return -1;
}

const isAllowed = (size: number): boolean => {
  const server = size - CLIENT_COOKIE_SIZE;
  return server === 0 || (server >= LEAST_SERVER_COOKIE && server <= MOST_SERVER_COOKIE);
};

/** The bytes of the server cookie behind the client cookie at `start`, which `cookiesAt` has found; 0 without one. */
export const serverCookieSize = (view: DataView, start: number): number =>
  optionHead.fields['opt.len'].read(view, start - optionHead.size) - CLIENT_COOKIE_SIZE;
