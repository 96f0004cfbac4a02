import { parseIpv4, parseIpv6 } from '../../dissectors/ip-address.js';
import { quoted } from './filter-error.js';
import { wholeNumber } from './ranges.js';
import { parseDuration, parseTime } from './time.js';
import { KIND_NAMES, type Type, type Value } from './types.js';

/** A literal as it is written. */
export type Written =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly bytes: Uint8Array }
  | { readonly kind: 'char'; readonly code: number };

/** The value of a literal; `prefix` is the bits that count of an address of a network. */
export interface Literal {
  readonly value: Value;
  readonly prefix?: number;
}

/** What a literal stands for where a value of `type` is wanted, or what is wrong with it. */
export function readLiteral(written: Written, type: Type): Literal | string {
  switch (type.kind) {
    case 'uint':
    case 'id':
      return numberLiteral(written, type);
    case 'uint64':
      return longLiteral(written, type);
    case 'bool':
      return boolLiteral(written, type);
    case 'ipv4':
      return addressLiteral(written, type, 32, parseIpv4);
    case 'ipv6':
      return addressLiteral(written, type, 128, parseIpv6);
    case 'ether':
      return etherLiteral(written, type);
    case 'bytes':
    case 'layer':
    case 'slice':
      return bytesLiteral(written, type);
    case 'string':
      return stringLiteral(written, type);
    case 'time':
      return found(parseTime(textOf(written)), written, 'a time such as "2026-01-02T03:04:05.678Z"');
    case 'duration':
      return written.kind === 'word'
        ? found(parseDuration(written.text), written, 'a duration in seconds such as 1.25')
        : notFrom(written, type);
    case 'heading':
      return 'a heading has no value to compare with';
  }
}

const found = (value: Value | undefined, written: Written, wanted: string): Literal | string =>
  value === undefined ? `${quoted(textOf(written))} is not ${wanted}` : { value };

const notFrom = (written: Written, { kind }: Type): string =>
  `${nameOf(written)} cannot be compared with an ${KIND_NAMES[kind]}`.replace(/\ban (?=[^aeiouAEIOU])/, 'a ');

const nameOf = (written: Written): string =>
  written.kind === 'char' ? 'a character' : `the text ${quoted(textOf(written))}`;

/** The text of a literal, whichever way it is written. */
export function textOf(written: Written): string {
  switch (written.kind) {
    case 'word':
      return written.text;
    case 'string':
      return new TextDecoder().decode(written.bytes);
    case 'char':
      return String.fromCharCode(written.code);
  }
}

/** A text; where all that there are are known it must be one of them, in either case. */
function stringLiteral(written: Written, { values }: Type): Literal | string {
  if (!values) return { value: textOrBytes(written) };
  const text = textOf(written);
  const value = values.find((known) => known === text.toLowerCase());
  if (value !== undefined) return { value };
  const all = values.length > MOST_LISTED ? 'its values' : values.join(', ');
  return `${quoted(text)} is not one of ${all}`;
}

/** Values that a message lists at most. */
const MOST_LISTED = 10;

/** A text, or its bytes where they are not whole characters. */
function textOrBytes(written: Written): Value {
  const text = textOf(written);
  return written.kind === 'string' && text.includes('\ufffd') ? written.bytes : text;
}

function numberLiteral(written: Written, type: Type): Literal | string {
  if (written.kind === 'char') return { value: written.code };
  const text = textOf(written);
  const value = type.kind === 'id' ? idNumber(text) : written.kind === 'word' ? wholeNumber(text) : undefined;
  if (value === undefined) {
    const named = type.named?.(text.toLowerCase());
    if (named !== undefined) return { value: named };
    if (written.kind === 'string' && type.kind === 'uint') return notFrom(written, type);
    return `${quoted(text)} is ${type.values ? 'neither a number nor a name' : type.kind === 'id' ? 'not an id in hex digits' : 'not a number'}`;
  }
  const most = 2 ** (8 * type.size) - 1;
  return value > most ? `${quoted(text)} is too large for this field: at most ${most}` : { value };
}

/** A number of 64 bits, exactly. */
function longLiteral(written: Written, type: Type): Literal | string {
  if (written.kind === 'char') return { value: BigInt(written.code) };
  if (written.kind === 'string') return notFrom(written, type);
  const { text } = written;
  if (!/^(?:[0-9]+|0[xX][0-9a-fA-F]+)$/.test(text)) return `${quoted(text)} is not a number`;
  const value = BigInt(text);
  return value > MOST_LONG ? `${quoted(text)} is too large for this field: at most ${MOST_LONG}` : { value };
}

/** The largest value of a field of 64 bits. */
const MOST_LONG = 2n ** 64n - 1n;

/** An id: hex digits, with or without 0x and separators. */
function idNumber(text: string): number | undefined {
  const digits = text.replace(/^0[xX]/, '').replaceAll(/[:.-]/g, '');
  return /^[0-9a-fA-F]{1,13}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function boolLiteral(written: Written, { own, named }: Type): Literal | string {
  if (written.kind === 'char') return { value: written.code === 0 ? 0 : 1 };
  const text = textOf(written);
  if (written.kind === 'word') {
    if (text === 'True' || text === 'TRUE' || (own && text === 'true')) return { value: 1 };
    if (text === 'False' || text === 'FALSE' || (own && text === 'false')) return { value: 0 };
    const number = wholeNumber(text);
    if (number !== undefined && number <= 2 ** 64) return { value: number === 0 ? 0 : 1 };
  }
  const value = named?.(text.toLowerCase());
  return value === undefined ? `${quoted(text)} is neither True nor False` : { value };
}

function addressLiteral(
  written: Written,
  type: Type,
  bits: number,
  parse: (text: string) => Value | undefined,
): Literal | string {
  if (written.kind !== 'word') return notFrom(written, type);
  const [address = '', prefix] = written.text.split('/');
  const value = parse(address);
  if (value === undefined) return `${quoted(written.text)} is not an ${KIND_NAMES[type.kind]}`;
  if (prefix === undefined) return { value };
  if (Number(prefix) > bits) return `an ${KIND_NAMES[type.kind]} has ${bits} bits, not ${prefix}`;
  return { value, prefix: Number(prefix) };
}

function etherLiteral(written: Written, type: Type): Literal | string {
  if (written.kind !== 'word') return notFrom(written, type);
  const value = hexBytes(written.text);
  if (!value || /^0[xX]/.test(written.text)) return `${quoted(written.text)} is not an Ethernet address`;
  return value.length === 6 ? { value } : `${quoted(written.text)} has ${value.length} bytes, an Ethernet address 6`;
}

function bytesLiteral(written: Written, { own }: Type): Literal | string {
  if (written.kind === 'string') return { value: written.bytes };
  if (written.kind === 'char') return { value: Uint8Array.of(written.code) };
  const { text } = written;
  const digits = /^0[xX]((?:[0-9a-fA-F]{2})+)$/.exec(text)?.[1];
  // Longer ones would not say which end comes first; ids and cookies have no other order than as they are written.
  const value = digits !== undefined && (own || digits.length === 2) ? hexBytes(digits) : hexBytes(text);
  return value ? { value } : `${quoted(text)} is not a sequence of bytes such as 01:0a:ff, nor a quoted string`;
}

/** The bytes of hex digits; between bytes there may be colons, dots or hyphens. A digit left over is a byte. */
function hexBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/^:/, '');
  if (!/^[0-9a-fA-F]+(?:[:.-][0-9a-fA-F]+)*$/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/[0-9a-fA-F]{1,2}/g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** A literal for `contains`: any run of bytes of an Ethernet address, any part of a text. */
export function partLiteral(written: Written, type: Type): Literal | string {
  if (type.kind === 'string') return { value: textOrBytes(written) };
  if (type.kind !== 'ether') return readLiteral(written, type);
  return written.kind === 'word' ? bytesLiteral(written, type) : notFrom(written, type);
}
