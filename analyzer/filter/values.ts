import { etherText, ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';
import type { Relation } from './tree.js';
import type { Type, Value } from './types.js';

const encoder = new TextEncoder();

/** Less than 0, 0, or more, as the first comes before the second, with it, or after it; NaN if none of these. */
export function orderOf(one: Value, other: Value): number {
  if (typeof one === 'number' && typeof other === 'number') return orderNumbers(one, other);
  if (one instanceof Uint8Array && other instanceof Uint8Array) return orderBytes(one, other);
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Fields are unsigned: as in Wireshark, one is neither above nor below a negative number, which is none of its values. */
const orderNumbers = (one: number, other: number): number => (one >= 0 && other < 0 ? Number.NaN : one - other);

/** The shorter comes first, whatever is in it, as in Wireshark. */
function orderBytes(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return one.length - other.length;
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether two values are the same. */
export function isSame(one: Value, other: Value): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    if (one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
    return true;
  }
  return one === other;
}

/** The first `bits` of an address, the others zero. */
export function prefixOf(value: Value, bits: number): Value {
  if (typeof value === 'number') return bits === 0 ? 0 : (value & (-1 << (32 - bits))) >>> 0;
  if (!(value instanceof Uint8Array)) return value;
  return value.map((byte, at) => byte & (0xff00 >>> Math.max(0, Math.min(8, bits - 8 * at))));
}

/** Compares two values as a relation says. */
export type Compare = (one: Value, other: Value) => boolean;

export const COMPARE: Readonly<Record<Relation, Compare>> = {
  eq: isSame,
  ne: (one, other) => !isSame(one, other),
  gt: (one, other) => orderOf(one, other) > 0,
  ge: (one, other) => orderOf(one, other) >= 0,
  lt: (one, other) => orderOf(one, other) < 0,
  le: (one, other) => orderOf(one, other) <= 0,
};

/** The bytes of a value, as slices cut them: texts as UTF-8, numbers big-endian. */
export function bytesOfValue(value: Value, { kind, size }: Type): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encoder.encode(value);
  const length = kind === 'ipv4' ? 4 : size;
  let rest = Number(value);
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** How long a value is in bytes, for `len`. */
export function lengthOf(value: Value, { kind, size }: Type): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return encoder.encode(value).length;
  return kind === 'ipv4' ? 4 : kind === 'uint' || kind === 'id' ? size : kind === 'uint64' ? 8 : 0;
}

/** The text of a value, for `string`: numbers in decimal, ids in hex, addresses as they are written. */
export function textOfValue(value: Value, { kind, size }: Type): string {
  if (value instanceof Uint8Array) {
    if (kind === 'ipv6' && value.length === 16) return ipv6Text(viewOf(value), 0);
    return kind === 'ether' && value.length === 6 ? etherText(viewOf(value), 0) : toHex(value);
  }
  if (typeof value !== 'number') return `${value}`;
  if (kind === 'ipv4') return ipv4Text(value);
  return kind === 'id' ? value.toString(16).padStart(2 * size, '0') : `${value}`;
}

/** Where `part` stands in `whole`, or −1. */
export function indexOfBytes(whole: Uint8Array, part: Uint8Array): number {
  const [first] = part;
  if (first === undefined) return 0;
  const last = whole.length - part.length;
  for (let at = whole.indexOf(first); at >= 0 && at <= last; at = whole.indexOf(first, at + 1)) {
    let same = 1;
    while (same < part.length && whole[at + same] === part[same]) same++;
    if (same === part.length) return at;
  }
  return -1;
}

/** Bytes that become characters in one call. */
const CHUNK = 8192;

/** Bytes as text, one character a byte: what patterns are matched against. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + CHUNK));
  }
  return text;
}
