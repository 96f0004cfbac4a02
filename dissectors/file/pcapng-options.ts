import { slice } from '../wire/view.js';
import { OPTION_COMMENT, OPTION_END, padded } from './pcapng-blocks.js';
import { textOfUtf8 } from './utf8.js';

/** Where options may be read: a view, the bytes of the list, and the section's byte order. */
export interface Area {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
}

/** The value of one option. */
export interface Option {
  readonly code: number;
  readonly at: number;
  readonly length: number;
}

const OPTION_HEADER = 4;
/** The most options of a list that are read: a block with more is made to waste memory. */
const MOST_OPTIONS = 1024;

/** The options of a list, up to its end mark; the list just ends where one does not fit. */
export function optionsOf({ view, start, end, littleEndian }: Area): readonly Option[] {
  const found: Option[] = [];
  for (let at = start; at + OPTION_HEADER <= end && found.length < MOST_OPTIONS; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === OPTION_END || at + OPTION_HEADER + length > end) break;
    found.push({ code, at: at + OPTION_HEADER, length });
    at += OPTION_HEADER + padded(length);
  }
  return found;
}

/** Whether a list has a comment: asked for every packet that has options, so nothing is allocated. */
export function hasComment(view: DataView, start: number, end: number, littleEndian: boolean): boolean {
  for (let at = start; at + OPTION_HEADER <= end; ) {
    const code = view.getUint16(at, littleEndian);
    if (code === OPTION_COMMENT) return true;
    if (code === OPTION_END) return false;
    at += OPTION_HEADER + padded(view.getUint16(at + 2, littleEndian));
  }
  return false;
}

/** Text of a block; some writers end it with zeros. */
const textAt = (view: DataView, at: number, length: number): string =>
  textOfUtf8(slice(view, at, at + length)).replace(/\0+$/, '');

/** The text of the first option with a code, as a property to spread; nothing if there is none. */
export function textProperty<K extends string>(
  { view }: Area,
  options: readonly Option[],
  code: number,
  key: K,
): { readonly [P in K]?: string } {
  const option = options.find((each) => each.code === code);
  // The key is computed, which the compiler widens to string.
  return option ? ({ [key]: textAt(view, option.at, option.length) } as { [P in K]: string }) : {};
}

/** All comments, as a property to spread. */
export function commentsProperty(
  { view }: Area,
  options: readonly Option[],
): { readonly comments?: readonly string[] } {
  const comments = options
    .filter(({ code }) => code === OPTION_COMMENT)
    .map(({ at, length }) => textAt(view, at, length));
  return comments.length > 0 ? { comments } : {};
}
