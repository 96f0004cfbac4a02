import type { StoryLine } from '../store/screens/channel-story.js';
import { cellsOf, cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { wrapped } from '../text/wrapped.js';
import { type Strip, strip } from './Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

/**
 * The part of a screen below its list: what is told of the row under the cursor.
 * @param about the row, in a few words
 * @param facts how the list was made: how many rows it has, and in which order
 */
export function storyStrips(
  about: string,
  facts: string,
  told: readonly StoryLine[],
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: Theme },
): readonly Strip[] {
  const strips = told.flatMap(({ severity, text }) => {
    const mark = theme.marks.severity[severity];
    return wrapped(printable(text, theme.ascii), width - 3).map((part, place) =>
      strip(`${place === 0 ? mark : ' '} ${part}`, SEVERITY_LOOKS[severity === 'chat' ? 'none' : severity]),
    );
  });
  return [headingOf(about, facts, width, theme), ...strips, ...blanks(height)].slice(0, height);
}

/** Rows without text. */
export const blanks = (count: number): readonly Strip[] => Array.from({ length: Math.max(0, count) }, () => strip(''));

function headingOf(about: string, listFacts: string, width: number, theme: Theme): Strip {
  const { line, more } = theme.marks;
  const facts = cut(listFacts, Math.max(0, width - 8), more);
  const room = Math.max(0, width - cellsOf(facts) - 5);
  const left = `${line}${line} ${cut(printable(about, theme.ascii), room - 4, more)} `;
  const rest = line.repeat(Math.max(1, width - cellsOf(left) - cellsOf(facts) - 4));
  return {
    spans: [
      { text: left, look: LOOKS.heading },
      { text: rest, look: LOOKS.quiet },
      { text: ` ${printable(facts, theme.ascii)} `, look: LOOKS.quiet },
      { text: line.repeat(2), look: LOOKS.quiet },
    ],
  };
}
