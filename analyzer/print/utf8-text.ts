import { viewOf } from '../../dissectors/wire/view.js';
import { printable } from '../text/printable.js';
import {
  ETHER_TEXT,
  IPV4_TEXT,
  MOST_DIGITS,
  OVERRUN,
  putDecimal,
  putEther,
  putHex,
  putHex16,
  putHex32,
  putHexBytes,
  putHexNumber,
  putIpv4,
  putNanos,
  putPadded,
} from './digits.js';

/** Bytes that a buffer has at first. */
const FIRST_SIZE = 1 << 16;
/** Texts longer than this are written faster by a call into native code than character by character. */
const SHORT = 48;
/** Up to here, bytes are looked at one by one: a view of them would cost more. */
const FEW_BYTES = 48;
const BLANK = 0x20;
const QUOTE = 0x22;
const LINE_END = 0x0a;
const RETURN = 0x0d;

/**
 * Text of ASCII characters that is written often, eight of them in each number: so few stores write it. The bits of such a
 * number are never those of a NaN, which a store might change, for no ASCII character has the highest bit.
 */
export interface Words {
  readonly length: number;
  /** The first eight characters, the next eight, and all that follow. */
  readonly first: number;
  readonly second: number;
  readonly others: Float64Array;
}

const WORD = 8;

/** @throws {RangeError} on text that is not ASCII */
export function wordsOf(text: string): Words {
  const bytes = new Uint8Array(WORD * Math.max(2, Math.ceil(text.length / WORD)));
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) throw new RangeError(`${text} is not ASCII`);
    bytes[at] = text.charCodeAt(at);
  }
  const [first = 0, second = 0, ...others] = new Float64Array(bytes.buffer);
  return { length: text.length, first, second, others: Float64Array.from(others) };
}

/** Writes such a text at `to`, where there is room for it and for `OVERRUN` bytes more; returns where it ends. */
export function putWords(into: DataView, to: number, { length, first, second, others }: Words): number {
  into.setFloat64(to, first, LITTLE);
  if (length > WORD) into.setFloat64(to + WORD, second, LITTLE);
  for (let at = 0; at < others.length; at++) into.setFloat64(to + 2 * WORD + WORD * at, others[at] as number, LITTLE);
  return to + length;
}

/** Whether this machine stores the lowest byte of a number first: texts are stored as numbers read here. */
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Text as UTF-8, put together piece by piece in a buffer that is used again and again: lines by the million make no
 * strings that must be joined, encoded and collected.
 */
export class Utf8Text {
  /** Bytes that are there. */
  length = 0;
  /** Where the bytes stand, for those who write some themselves, once they have reserved room; valid until more is reserved. */
  buffer: Uint8Array<ArrayBuffer>;
  view: DataView;

  constructor(size = FIRST_SIZE) {
    this.buffer = new Uint8Array(size);
    this.view = new DataView(this.buffer.buffer);
  }

  /** What is there; valid until something else is written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length);
  }

  /** Begins again in other memory; what is there belongs to whoever took its bytes. */
  adopt(memory: ArrayBuffer | undefined): void {
    this.buffer = memory ? new Uint8Array(memory) : new Uint8Array(FIRST_SIZE);
    this.view = new DataView(this.buffer.buffer);
    this.length = 0;
  }

  toString(): string {
    return DECODER.decode(this.bytes);
  }

  /** What was added since `start`. */
  textFrom(start: number): string {
    return DECODER.decode(this.buffer.subarray(start, this.length));
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
    this.length += ENCODER.encodeInto(text, this.buffer.subarray(this.length)).written;
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

  /** Adds text that is written often. */
  addWords(text: Words): void {
    this.reserve(text.length + OVERRUN);
    this.length = putWords(this.view, this.length, text);
  }

  /** Adds a whole number, from 0 to 2^53. */
  addNumber(number: number): void {
    this.reserve(MOST_DIGITS + OVERRUN);
    this.length = putDecimal(this.view, this.length, number);
  }

  /** Adds a whole number with zeros before it up to `digits`. */
  addPadded(number: number, digits: number): void {
    this.reserve(Math.max(digits, MOST_DIGITS) + OVERRUN);
    const isNanos = digits === 9 && number < 1_000_000_000;
    this.length = isNanos
      ? putNanos(this.view, this.length, number)
      : putPadded(this.view, this.length, number, digits);
  }

  /** Adds the dotted text of an IPv4 address. */
  addIpv4(address: number): void {
    this.reserve(IPV4_TEXT + OVERRUN);
    this.length = putIpv4(this.view, this.length, address);
  }

  /** Adds the text of an Ethernet address, 6 bytes at `at`. */
  addEther(from: DataView, at: number): void {
    this.reserve(ETHER_TEXT + OVERRUN);
    this.length = putEther(this.view, this.length, from, at);
  }

  /** Adds a number below 2^32 as hex digits, with zeros before it up to `digits`. */
  addHexNumber(value: number, digits: number): void {
    this.reserve(Math.max(digits, 8) + OVERRUN);
    this.length = putHexNumber(this.view, this.length, value, digits);
  }

  /** Adds the lower-case hex digits of the bytes `[start, end)` of a view. */
  addHex(from: DataView, start: number, end: number): void {
    if (end <= start) return;
    this.reserve(2 * (end - start) + OVERRUN);
    this.length = putHex(this.view, this.length, from, start, end);
  }

  /** Adds the lower-case hex digits of bytes. */
  addHexBytes(from: Uint8Array): void {
    if (from.length > FEW_BYTES) return this.addHex(viewOf(from), 0, from.length);
    this.reserve(2 * FEW_BYTES + OVERRUN);
    this.length = putHexBytes(this.view, this.length, from);
  }

  /** Adds the four hex digits of a 16-bit number. */
  addHex16(value: number): void {
    this.reserve(4 + OVERRUN);
    this.length = putHex16(this.view, this.length, value);
  }

  /** Adds the eight hex digits of a 32-bit number. */
  addHex32(value: number): void {
    this.reserve(8 + OVERRUN);
    this.length = putHex32(this.view, this.length, value);
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
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.buffer.length));
    larger.set(this.bytes);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Text that is written often, as bytes. */
export const utf8 = (text: string): Uint8Array => ENCODER.encode(text);
