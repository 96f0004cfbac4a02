import stringWidth from 'string-width';

/** How many cells a text takes; the text must be printable. */
export const cellsOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

const ASCII = /^[\x20-\x7e]*$/;
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text without its first `skip` cells, cut to at most `width` cells; `more` stands for what was cut off. */
export function cut(text: string, width: number, more = '', skip = 0): string {
  if (width <= 0) return '';
  const rest = skip > 0 ? drop(text, skip) : text;
  if (ASCII.test(rest)) {
    return rest.length <= width ? rest : rest.slice(0, Math.max(0, width - more.length)) + more.slice(0, width);
  }
  const short = take(rest, width);
  return short === rest ? rest : take(rest, width - cellsOf(more)) + more;
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
  let taken = '';
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += cellsOf(segment);
    if (used > width) return taken;
    taken += segment;
  }
  return taken;
}

/** A wide character that straddles the edge leaves a blank, so that what follows keeps its place. */
function drop(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(width);
  let used = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    if (used >= width) return ' '.repeat(used - width) + text.slice(index);
    used += cellsOf(segment);
  }
  return '';
}
