import { cellsOf } from '../text/cells.js';

/** More of a filter than this is not shown around the place of an error. */
const SHOWN = 120;
/** Letters that a message quotes from a filter. */
const QUOTED = 40;

/** Where something stands in the text of a filter, in UTF-16 units; `end` is not included. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/**
 * A filter that cannot be understood: the user's mistake. The message has three lines: what is wrong, the filter, and a
 * caret under the place.
 */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  /** The first line of the message, without `filter: `. */
  readonly problem: string;
  readonly at: number;
  readonly end: number;
  /** The name that may have been meant. */
  readonly suggestion: string | undefined;

  constructor(text: string, { at, end }: Span, problem: string, suggestion?: string) {
    const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    super(`filter: ${problem}${meant}\n${pointed(text, at)}`);
    this.problem = problem;
    this.at = at;
    this.end = end;
    this.suggestion = suggestion;
  }
}

/** The filter on one line, and under it the caret; of a long filter the part around the place. */
function pointed(text: string, at: number): string {
  const start = at > SHOWN ? at - SHOWN / 2 : 0;
  const stop = Math.min(text.length, start + 2 * SHOWN);
  const before = (start > 0 ? '…' : '') + oneLine(text.slice(start, at));
  const after = oneLine(text.slice(at, stop)) + (stop < text.length ? '…' : '');
  return `${before}${after}\n${' '.repeat(cellsOf(before))}^`;
}

/** Text whose every character takes its place in one line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');

/** What other languages write otherwise. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['=', '=='],
  ['|', '||'],
  ['AND', 'and'],
  ['OR', 'or'],
]);

/** What may have been meant by a sign or a word that means nothing where it stands. */
export const meantBy = (text: string): string | undefined => MEANT.get(text);

/** A piece of a filter as a message quotes it. */
export const quoted = (text: string): string =>
  `"${oneLine(text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text)}"`;
