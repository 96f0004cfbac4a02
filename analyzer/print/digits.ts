/**
 * Functions that write digits as ASCII into bytes at a place, and return where they end. They take for granted that there
 * is room for them, and for `OVERRUN` bytes more, which they may write as well: they store words, not characters.
 */
export const OVERRUN = 8;

/** The most digits of a whole number up to 2^53. */
export const MOST_DIGITS = 16;
/** The most characters of the text of an Ethernet address, and of an IPv4 address. */
export const ETHER_TEXT = 17;
export const IPV4_TEXT = 15;

const ZERO = 0x30;

/** Up to four ASCII characters as a little-endian word. */
const wordOf = (text: string): number =>
  Array.from(text).reduce((word, character, place) => word | (character.charCodeAt(0) << (8 * place)), 0);

const tableOf = (length: number, textOf: (number: number) => string): Int32Array =>
  Int32Array.from({ length }, (_, number) => wordOf(textOf(number)));

/** The decimal digits of each number below 1000, and the same with zeros before them. */
const SHORT = tableOf(1000, (number) => `${number}`);
const PADDED = tableOf(1000, (number) => `${number}`.padStart(3, '0'));
/** The parts of IPv4 addresses and Ethernet addresses, each with what separates it from the next. */
const DOTTED = tableOf(256, (byte) => `${byte}.`);
const COLONS = tableOf(256, (byte) => `${hexOfByte(byte)}:`);

/** The two hex digits of each byte, the same with a blank, and the four of each number of 16 bits. */
const HEX_PAIRS = tableOf(256, hexOfByte);
const SPACED = tableOf(256, (byte) => `${hexOfByte(byte)} `);
const HEX_FOURS = hexFours();

function hexOfByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function hexFours(): Int32Array {
  const fours = new Int32Array(0x1_0000);
  for (let number = 0; number < fours.length; number++)
    fours[number] = (HEX_PAIRS[number >>> 8] as number) | ((HEX_PAIRS[number & 0xff] as number) << 16);
  return fours;
}

/** How many decimal digits a number below 1000 has. */
const shortLength = (number: number): number => (number < 10 ? 1 : number < 100 ? 2 : 3);

/** Writes a whole number, from 0 to 2^53. */
export function putDecimal(into: DataView, to: number, number: number): number {
  if (number < 1000) {
    into.setInt32(to, SHORT[number] as number, true);
    return to + shortLength(number);
  }
  const high = number < 1_000_000_000 ? (number / 1000) | 0 : Math.floor(number / 1000);
  const place = putDecimal(into, to, high);
  into.setInt32(place, PADDED[number - 1000 * high] as number, true);
  return place + 3;
}

/** Writes a whole number below 10^9 with zeros before it up to nine digits: nanoseconds. */
export function putNanos(into: DataView, to: number, nanos: number): number {
  const micros = (nanos / 1000) | 0;
  const millis = (micros / 1000) | 0;
  into.setInt32(to, PADDED[millis] as number, true);
  into.setInt32(to + 3, PADDED[micros - 1000 * millis] as number, true);
  into.setInt32(to + 6, PADDED[nanos - 1000 * micros] as number, true);
  return to + 9;
}

/** Writes a whole number with zeros before it up to `digits`. */
export function putPadded(into: DataView, to: number, number: number, digits: number): number {
  const start = to + Math.max(0, digits - digitsOf(number));
  for (let at = to; at < start; at++) into.setUint8(at, ZERO);
  return putDecimal(into, start, number);
}

/** How many decimal digits a whole number has. */
function digitsOf(number: number): number {
  let digits = 1;
  for (let limit = 10; number >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes a number below 2^32 as hex digits, with zeros before it up to `digits`. */
export function putHexNumber(into: DataView, to: number, value: number, digits: number): number {
  const end = to + Math.max(digits, value === 0 ? 1 : 8 - (Math.clz32(value) >>> 2));
  let rest = value;
  for (let at = end - 1; at >= to; at--, rest >>>= 4) into.setUint8(at, (HEX_PAIRS[rest & 15] as number) >>> 8);
  return end;
}

/** Writes the four hex digits of a 16-bit number. */
export function putHex16(into: DataView, to: number, value: number): number {
  into.setInt32(to, HEX_FOURS[value & 0xffff] as number, true);
  return to + 4;
}

/** Writes the eight hex digits of a 32-bit number. */
export const putHex32 = (into: DataView, to: number, value: number): number =>
  putHex16(into, putHex16(into, to, value >>> 16), value);

/** Writes the lower-case hex digits of the bytes `[start, end)` of a view. */
export function putHex(into: DataView, to: number, from: DataView, start: number, end: number): number {
  let place = to;
  let at = start;
  // Eight bytes a step take half the time of four.
  for (; at + 8 <= end; at += 8, place += 16) {
    const high = from.getInt32(at);
    const low = from.getInt32(at + 4);
    into.setInt32(place, HEX_FOURS[high >>> 16] as number, true);
    into.setInt32(place + 4, HEX_FOURS[high & 0xffff] as number, true);
    into.setInt32(place + 8, HEX_FOURS[low >>> 16] as number, true);
    into.setInt32(place + 12, HEX_FOURS[low & 0xffff] as number, true);
  }
  for (; at < end; at++, place += 2) into.setUint16(place, HEX_PAIRS[from.getUint8(at)] as number, true);
  return place;
}

/** Writes the lower-case hex digits of bytes: few of them are not worth a view. */
export function putHexBytes(into: DataView, to: number, from: Uint8Array): number {
  let place = to;
  let at = 0;
  for (; at + 2 <= from.length; at += 2, place += 4) {
    const two = ((from[at] as number) << 8) | (from[at + 1] as number);
    into.setInt32(place, HEX_FOURS[two] as number, true);
  }
  if (at < from.length) {
    into.setUint16(place, HEX_PAIRS[from[at] as number] as number, true);
    place += 2;
  }
  return place;
}

/** Writes the hex digits of the bytes `[start, end)` of a view, and a blank after each byte. */
export function putSpacedHex(into: DataView, to: number, from: DataView, start: number, end: number): number {
  let place = to;
  for (let at = start; at < end; at++, place += 3) into.setInt32(place, SPACED[from.getUint8(at)] as number, true);
  return place;
}

/** Writes the text of an Ethernet address, 6 bytes at `at` of a view. */
export function putEther(into: DataView, to: number, from: DataView, at: number): number {
  for (let byte = 0; byte < 6; byte++) into.setInt32(to + 3 * byte, COLONS[from.getUint8(at + byte)] as number, true);
  return to + ETHER_TEXT;
}

/** Writes the dotted text of an IPv4 address. */
export function putIpv4(into: DataView, to: number, address: number): number {
  let place = to;
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (address >>> shift) & 0xff;
    into.setInt32(place, DOTTED[byte] as number, true);
    place += shortLength(byte) + 1;
  }
  // The last has no dot.
  return place - 1;
}
