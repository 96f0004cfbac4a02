import { etherText, type Field, ipv4Text, ipv6Text, type Value } from './field.js';
import { toHex, viewOf } from './view.js';

/** One line of the detail tree: a field with its value, and the bytes it lights up in the hex pane. */
export interface Line {
  /** The filter name, such as `ip.src`; for a heading the name of its layer; empty for plain text. */
  readonly path: string;
  /** The field, where the line shows one; a heading has none. */
  readonly field?: Field;
  readonly value?: Value;
  /** What the line reads: `Time to live: 64`. */
  readonly text: string;
  /** Which of the packet's byte sources: 0 is the frame, others were reassembled. */
  readonly source: number;
  readonly start: number;
  readonly end: number;
  readonly children: readonly Line[];
}

/** The text of a value, as the tree shows it: `0x0800 (IPv4)`. */
export function valueText(field: Field, value: Value): string {
  const plain = plainText(field, value, maskDigits(field));
  const name = typeof value === 'number' ? field.names(value) : undefined;
  return name === undefined ? plain : `${plain} (${name})`;
}

/**
 * The text of a value without its name, as `-T fields` prints it: there, hex is as wide as the integer that a few bits
 * are read from, while the tree and ids have as many digits as the bits need.
 */
export function plainText(
  field: Field,
  value: Value,
  digits = field.kind === 'id' ? maskDigits(field) : wholeDigits(field),
): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') {
    if (field.kind === 'ipv4') return ipv4Text(value);
    if (field.base === 'dec') return `${value}`;
    return `${field.kind === 'id' ? '' : '0x'}${value.toString(16).padStart(digits, '0')}`;
  }
  if (typeof value === 'bigint') {
    return field.base === 'dec' ? `${value}` : `0x${value.toString(16).padStart(digits, '0')}`;
  }
  if (field.kind === 'ether' && value.length === 6) return etherText(viewOf(value), 0);
  if (field.kind === 'ipv6' && value.length === 16) return ipv6Text(viewOf(value), 0);
  return toHex(value);
}

const wholeDigits = ({ size }: Field): number => (typeof size === 'number' ? size * 2 : 1);

/** As many hex digits as the bits of a field need. */
export function maskDigits(field: Field): number {
  const { mask } = field;
  if (mask === 0) return wholeDigits(field);
  return Math.ceil((32 - Math.clz32(mask >>> (31 - Math.clz32(mask & -mask)))) / 4);
}

/** The text of a field that is worked out, not read; brackets say so. */
export const derivedText = (field: Field, value: Value): string => `[${field.label}: ${valueText(field, value)}]`;

/** A line for a field that is worked out, not read; brackets say so. */
export const derivedLine = (
  path: string,
  field: Field,
  value: Value,
  source: number,
  start = 0,
  end = start,
): Line => ({
  path,
  field,
  value,
  text: derivedText(field, value),
  source,
  start,
  end,
  children: [],
});

/** A line that groups others, or says something in words. */
export const heading = (
  path: string,
  text: string,
  source: number,
  start: number,
  end: number,
  children: readonly Line[] = [],
): Line => ({ path, text, source, start, end, children });
