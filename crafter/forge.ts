import type { CookieInput } from '../dissectors/channel/cookie.js';
import type { Dialect } from '../dissectors/channel/dialects.js';

/** CRC-32's polynomial, reflected. */
const POLYNOMIAL = 0xedb88320;
const SECRET_SIZE = 4;

/**
 * A secret of 4 bytes that yields every cookie of the peer that made the one observed, whatever its own secret is.
 *
 * A CRC-32 cookie is the whole register of the CRC after `secret ‖ input`, and a CRC runs backwards as well as
 * forwards: fed the input from its end, the register returns to where the secret left it, which is all that a cookie
 * ever takes from the secret. So cookies of either length follow, of both kinds if the peer plays both roles. Nothing
 * follows about the cookies of the other peer, and nothing at all where cookies are HMACs.
 * Source: protocol page, section 3 "Cookies".
 *
 * @param cookie a cookie 1 if `input.c2` is left out, else a cookie 2
 * @throws {RangeError} if the dialect's cookies are no CRC
 */
export function equivalentSecret(dialect: Dialect, cookie: Uint8Array, input: CookieInput): Uint8Array {
  if (dialect.mac !== 'crc-32') throw new RangeError(cannotForge(dialect));
  if (cookie.length !== dialect.cookieSize) {
    throw new RangeError(`a cookie of ${dialect.name} has ${dialect.cookieSize} bytes, this one ${cookie.length}`);
  }
  let register = ~cookie.reduce((value, byte) => (value << 8) | byte, 0);
  for (const byte of inputBytes(dialect, input).reverse()) register = unfeed(register, byte);
  // The first bytes of a message are the register's first value: the rest is to step back over zeros.
  for (let byte = 0; byte < SECRET_SIZE; byte++) register = unfeed(register, 0);
  const word = ~register;
  return Uint8Array.of(word, word >>> 8, word >>> 16, word >>> 24);
}

/** Why the cookies of a dialect cannot be forged. */
export const cannotForge = ({ name, mac }: Dialect): string =>
  mac === 'none'
    ? `${name} has no cookies: whoever sees or guesses the sequence numbers can answer`
    : `${name} cookies are HMACs: one cookie says nothing about another without the secret`;

function inputBytes({ responderFirst }: Dialect, { initiator, responder, c1, c2 }: CookieInput): number[] {
  const halves = c2 === undefined ? [c1] : responderFirst ? [c2, c1] : [c1, c2];
  return [...initiator, ...responder, ...halves.flatMap((half) => [half >>> 8, half & 0xff])];
}

/** The register before it was fed a byte. */
function unfeed(register: number, byte: number): number {
  let before = register;
  for (let bit = 0; bit < 8; bit++) before = before < 0 ? ((before ^ POLYNOMIAL) << 1) | 1 : before << 1;
  return before ^ byte;
}
