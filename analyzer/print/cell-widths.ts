import { eastAsianWidth } from 'get-east-asian-width';

/** How many cells a text takes in a terminal. What joins into clusters is counted by its parts; printable text has none. */
export function cellsOf(text: string): number {
  if (isAscii(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += widthOf(character);
  return cells;
}

const ASCII = /^[\x20-\x7e]*$/;
const MARK = /\p{M}/u;

/** Whether every character takes one cell, and is one code unit. */
export const isAscii = (text: string): boolean => ASCII.test(text);

/** A memo, and no more. */
const widths = new Map<string, number>();
/** More than all characters of some big scripts; a capture with more has no script in it. */
const MOST_WIDTHS = 16_384;

/** How many cells a character takes: marks none, beside the letter that they go with. */
export function widthOf(character: string): number {
  if (character <= '~') return 1;
  const known = widths.get(character);
  if (known !== undefined) return known;
  const width = MARK.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
  if (widths.size >= MOST_WIDTHS) widths.clear();
  widths.set(character, width);
  return width;
}
