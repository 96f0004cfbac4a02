import { FilterError, quoted, type Span } from './filter-error.js';
import type { Range } from './tree.js';

const NUMBER = '[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)';
const PAIR = new RegExp(String.raw`^(${NUMBER})?\s*(?:(:)\s*(${NUMBER})?|-\s*(${NUMBER}))?$`);
/** The largest offset: no packet is longer. */
const MOST = 0x7fff_ffff;

/**
 * Reads what stands between the brackets of a slice or a layer operator: `0:2`, `0-2`, `3`, `:2`, `-4:`, and lists of
 * them.
 * @param span where the whole bracket stands
 */
export function readRanges(text: string, inside: Span): readonly Range[] {
  const ranges: Range[] = [];
  let at = inside.at;
  for (const piece of text.slice(inside.at, inside.end).split(',')) {
    ranges.push(readRange(text, piece.trim(), { at, end: at + piece.length }));
    at += piece.length + 1;
  }
  return ranges;
}

function readRange(text: string, piece: string, span: Span): Range {
  const [all, first, colon, length, last] = PAIR.exec(piece) ?? [];
  if (piece === '' || all === undefined || (first === undefined && last !== undefined)) {
    throw new FilterError(text, span, `${quoted(piece)} is not a range such as 0:2, 0-2, 3, :2 or -4:`);
  }
  const numberOf = (digits: string) => offsetOf(text, digits, span);
  const start = first === undefined ? 0 : numberOf(first);
  if (last !== undefined) return lastRange(text, piece, span, start, numberOf(last));
  if (colon === undefined) return { kind: 'length', start, length: 1 };
  if (length === undefined) return { kind: 'rest', start };
  const count = numberOf(length);
  if (count < 1) throw new FilterError(text, span, `the length ${count} of a slice is below 1`);
  return { kind: 'length', start, length: count };
}

function lastRange(text: string, piece: string, span: Span, start: number, last: number): Range {
  if (start < 0 !== last < 0) {
    throw new FilterError(text, span, `the ends of the range ${quoted(piece)} count from different sides`);
  }
  if (last <= start) throw new FilterError(text, span, `the range ${quoted(piece)} ends before it starts`);
  return { kind: 'last', start, last };
}

function offsetOf(text: string, digits: string, span: Span): number {
  const value = wholeNumber(digits);
  if (value === undefined) throw new FilterError(text, span, `${quoted(digits)} is not a whole number`);
  if (Math.abs(value) > MOST) throw new FilterError(text, span, `${quoted(digits)} is too large for an offset`);
  return value;
}

/** A whole number as C writes it: decimal, 0x, 0b, or octal with a leading 0; maybe with a sign. */
export function wholeNumber(text: string): number | undefined {
  const [, sign, digits = ''] = /^([-+]?)(\w+)$/.exec(text) ?? [];
  const value = magnitude(digits);
  if (value === undefined) return undefined;
  return sign === '-' ? -value : value;
}

function magnitude(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return Number.parseInt(digits.slice(2), 16);
  if (/^0[bB][01]+$/.test(digits)) return Number.parseInt(digits.slice(2), 2);
  if (/^0[0-7]*$/.test(digits)) return Number.parseInt(digits, 8);
  return /^[1-9][0-9]*$/.test(digits) ? Number.parseInt(digits, 10) : undefined;
}

/** The bounds `[start, end)` of a range in a sequence of `length`, or nothing where it reaches beyond. */
export function boundsOf(range: Range, length: number): readonly [start: number, end: number] | undefined {
  const start = range.start < 0 ? length + range.start : range.start;
  const end =
    range.kind === 'rest' ? length : range.kind === 'length' ? start + range.length : endOf(range.last, length);
  return start < 0 || start >= length || end > length ? undefined : [start, end];
}

const endOf = (last: number, length: number): number => (last < 0 ? length + last : last) + 1;

/** Whether a layer is among those chosen, by its number from 1 and how many there are; negative ends count from the last. */
export const isChosen = (ranges: readonly Range[], number: number, total: number): boolean =>
  ranges.some((range) => {
    const start = range.start < 0 ? total + 1 + range.start : range.start;
    if (number < start) return false;
    if (range.kind === 'rest') return true;
    if (range.kind === 'length') return number < start + range.length;
    return number <= (range.last < 0 ? total + 1 + range.last : range.last);
  });
