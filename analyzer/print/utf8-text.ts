import { printable } from '../text/printable.js';
import { hexDigits, MOST_HEX } from './hex-memory.js';

/** Bytes that a buffer has at first. */
const FIRST_SIZE = 1 << 16;
/** Texts longer than this are written faster by a call into native code than character by character. */
const SHORT = 48;
/** From so many bytes on, hex digits are worth a call. */
const LONG_HEX = 48;
const ZERO = 0x30;
const BLANK = 0x20;
const QUOTE = 0x22;
const LINE_END = 0x0a;
const RETURN = 0x0d;
const COLON = 0x3a;

/** The two hex digits of each byte, as one little-endian word. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high = 0, low = 0] = Buffer.from(byte.toString(16).padStart(2, '0'));
  return high | (low << 8);
});

const HEX_DIGITS = Buffer.from('0123456789abcdef');

/** The two decimal digits of each number below 100, one after the other. */
export const DECIMAL_PAIRS = Buffer.from(
  Array.from({ length: 100 }, (_, number) => `${number}`.padStart(2, '0')).join(''),
);

/**
 * Text as UTF-8, put together piece by piece in a buffer that is used again and again: lines by the million make no
 * strings that must be joined, encoded and collected.
 */
export class Utf8Text {
  /** Bytes that are there. */
  length = 0;
  private buffer: Buffer;
  private view: DataView;

  constructor(size = FIRST_SIZE) {
    this.buffer = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.buffer.buffer);
  }

  /** What is there; valid until something else is written. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  toString(): string {
    return this.buffer.toString('utf8', 0, this.length);
  }

  /** What was added since `start`. */
  textFrom(start: number): string {
    return this.buffer.toString('utf8', start, this.length);
  }

  /** Whether CSV must quote what was added since `start`: it has a quote, a line end, or may have a separator. */
  needsQuotes(start: number, separator: string): boolean {
    const first = separator.charCodeAt(0);
    for (let at = start; at < this.length; at++) {
      const byte = this.buffer[at] as number;
      if (byte === QUOTE || byte === RETURN || byte === LINE_END || byte === first || byte > 0x7f) return true;
    }
    return false;
  }

  clear(): void {
    this.length = 0;
  }

  /** Adds text, as it is. */
  add(text: string): void {
    const { length } = text;
    this.reserve(3 * length);
    if (length <= SHORT && this.addAscii(text, 0)) return;
    this.length += this.buffer.write(text, this.length);
  }

  /** Adds text that may come from a packet or a file: what a terminal should not see is made visible. */
  addPrintable(text: string): void {
    this.reserve(text.length);
    if (!this.addAscii(text, BLANK)) this.add(printable(text));
  }

  /** Adds text if all of its characters are ASCII from `least` on, without DEL; else nothing. There must be room. */
  private addAscii(text: string, least: number): boolean {
    const { buffer, length: start } = this;
    const { length } = text;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code < least || code > 0x7e) return false;
      buffer[start + at] = code;
    }
    this.length = start + length;
    return true;
  }

  /** Adds bytes that are UTF-8 already. */
  addBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Adds one ASCII character. */
  addByte(code: number): void {
    this.reserve(1);
    this.buffer[this.length++] = code;
  }

  /** Adds a whole number, from 0 to 2^53, with zeros before it up to `digits`. */
  addNumber(number: number, digits = 1): void {
    this.reserve(Math.max(digits, 16));
    const size = Math.max(digits, digitsOf(number));
    const { buffer, length } = this;
    let rest = number;
    let at = length + size - 1;
    for (; rest > 0x7fffffff; at--) {
      const next = Math.floor(rest / 10);
      buffer[at] = ZERO + (rest - 10 * next);
      rest = next;
    }
    // Below 2^31 the division is one of integers, also of what comes as a float.
    let small = rest | 0;
    for (; at > length; at -= 2) {
      const next = (small / 100) | 0;
      const pair = 2 * (small - 100 * next);
      buffer[at - 1] = DECIMAL_PAIRS[pair] as number;
      buffer[at] = DECIMAL_PAIRS[pair + 1] as number;
      small = next;
    }
    if (at === length) buffer[at] = ZERO + small;
    this.length = length + size;
  }

  /** Adds the dotted text of an IPv4 address. */
  addIpv4(address: number): void {
    this.addNumber(address >>> 24);
    this.add('.');
    this.addNumber((address >>> 16) & 0xff);
    this.add('.');
    this.addNumber((address >>> 8) & 0xff);
    this.add('.');
    this.addNumber(address & 0xff);
  }

  /** Adds the text of an Ethernet address, 6 bytes at `at`. */
  addEther(from: DataView, at: number): void {
    this.reserve(17);
    const { view, buffer } = this;
    let to = this.length;
    for (let place = at; place < at + 6; place++, to += 3) {
      view.setUint16(to, HEX_PAIRS[from.getUint8(place)] as number, true);
      buffer[to + 2] = COLON;
    }
    this.length = to - 1;
  }

  /** Adds a number below 2^32 as hex digits, with zeros before it up to `digits`. */
  addHexNumber(value: number, digits: number): void {
    const size = Math.max(digits, value === 0 ? 1 : 8 - (Math.clz32(value) >>> 2));
    this.reserve(size);
    const { buffer } = this;
    let rest = value;
    for (let at = this.length + size - 1; at >= this.length; at--, rest >>>= 4)
      buffer[at] = HEX_DIGITS[rest & 15] as number;
    this.length += size;
  }

  /** Adds the lower-case hex digits of the bytes `[start, end)` of a view. */
  addHex(from: DataView, start: number, end: number): void {
    const size = end - start;
    this.reserve(2 * size);
    if (size >= LONG_HEX && size <= MOST_HEX) {
      const digits = hexDigits(from, start, end);
      if (digits) {
        this.addBytes(digits);
        return;
      }
    }
    const { view } = this;
    let to = this.length;
    for (let at = start; at < end; at++, to += 2) {
      view.setUint16(to, HEX_PAIRS[from.getUint8(at)] as number, true);
    }
    this.length = to;
  }

  /** Adds the four hex digits of a 16-bit number. */
  addHex16(value: number): void {
    this.reserve(4);
    this.view.setUint16(this.length, HEX_PAIRS[(value >>> 8) & 0xff] as number, true);
    this.view.setUint16(this.length + 2, HEX_PAIRS[value & 0xff] as number, true);
    this.length += 4;
  }

  /** Adds the eight hex digits of a 32-bit number. */
  addHex32(value: number): void {
    this.addHex16(value >>> 16);
    this.addHex16(value);
  }

  /** Moves what was added since `start`, all ASCII, to the right end of `width` cells. */
  padFrom(start: number, width: number): void {
    const { length } = this;
    const blanks = width - (length - start);
    if (blanks <= 0) return;
    this.reserve(blanks);
    const { buffer } = this;
    for (let at = length - 1; at >= start; at--) buffer[at + blanks] = buffer[at] as number;
    for (let at = start; at < start + blanks; at++) buffer[at] = BLANK;
    this.length = length + blanks;
  }

  /** Makes room for more bytes. */
  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Text that is written often, as bytes. */
export const utf8 = (text: string): Uint8Array => Buffer.from(text);

/** How many decimal digits a whole number has. */
function digitsOf(number: number): number {
  if (number < 10) return 1;
  if (number < 100) return 2;
  if (number < 1000) return 3;
  let digits = 4;
  for (let limit = 10_000; number >= limit; limit *= 10) digits++;
  return digits;
}
