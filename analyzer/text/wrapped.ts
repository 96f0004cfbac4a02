import { cellsOf, cut } from './cells.js';

/** A printable text in lines of at most so many cells, broken at blanks where there are any near the end. */
export function wrapped(text: string, width: number): readonly string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let rest = text;
  while (cellsOf(rest) > width) {
    const whole = cut(rest, width + 1);
    const blank = whole.lastIndexOf(' ');
    const part = blank > whole.length / 2 ? whole.slice(0, blank) : cut(rest, width);
    // A character wider than the line would never fit.
    if (part === '') return lines;
    lines.push(part);
    rest = rest.slice(part.length).trimStart();
  }
  return rest === '' && lines.length > 0 ? lines : [...lines, rest];
}
