import { eastAsianWidth } from 'get-east-asian-width';

/** The text without its first `skip` cells, cut to at most `width` cells; `more` stands for what was cut off. */
export function cut(text: string, width: number, more = '', skip = 0): string {
  if (width <= 0) return '';
  const rest = skip > 0 ? drop(text, skip) : text;
  if (isAscii(rest)) {
    return rest.length <= width ? rest : rest.slice(0, Math.max(0, width - more.length)) + more.slice(0, width);
  }
  const short = take(rest, width);
  return short === rest ? rest : take(rest, width - cellsOf(more)) + more;
}

/** The text cut to at most `width` cells with both of its ends; `more` stands for what was cut out. */
export function cutInside(text: string, width: number, more: string): string {
  const cells = cellsOf(text);
  if (cells <= width) return text;
  const right = Math.max(0, (width - cellsOf(more)) >> 1);
  return cut(text, width - right, more) + drop(text, cells - right);
}

/** The text in exactly `width` cells: cut, or filled with blanks. */
export function fitLeft(text: string, width: number, more = ''): string {
  const short = cut(text, width, more);
  return short + ' '.repeat(Math.max(0, width - cellsOf(short)));
}

/** The text in exactly `width` cells, at their right end. */
export function fitRight(text: string, width: number, more = ''): string {
  const short = cut(text, width, more);
  return ' '.repeat(Math.max(0, width - cellsOf(short))) + short;
}

function take(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** A wide character that straddles the edge leaves a blank, so that what follows keeps its place. */
function drop(text: string, width: number): string {
  if (isAscii(text)) return text.slice(width);
  let used = 0;
  let start = 0;
  for (const character of text) {
    const next = widthOf(character);
    // Marks go with the letter before them.
    if (used >= width && next > 0) return ' '.repeat(used - width) + text.slice(start);
    used += next;
    start += character.length;
  }
  return '';
}

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
