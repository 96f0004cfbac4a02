import type { AppState } from '../store/state.js';
import { cellsOf, cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { passingText, typingLook } from './filter-count.js';
import { promptSpans } from './prompt-spans.js';
import { Region, type Span } from './Region.js';
import type { BarProps } from './screens/screen-props.js';
import { LOOKS, type Theme } from './theme.js';

/** The display filter: what is typed, coloured by whether it can be used, or what is on, and how many packets pass. */
export function FilterBar({ state, width, theme }: BarProps) {
  const label: Span = { text: ' Filter: ', look: LOOKS.key };
  const count = passingText(state);
  const room = width - 9 - cellsOf(count) - 2;
  const shown = contentOf(state, room, theme);
  const used = shown.reduce((sum, { text }) => sum + cellsOf(text), 0);
  const gap = ' '.repeat(Math.max(1, width - 9 - used - cellsOf(count) - 1));
  const spans = [label, ...shown, { text: gap }, { text: count, look: LOOKS.quiet }];
  return <Region strips={[{ spans }]} width={width} height={1} theme={theme} />;
}

function contentOf(state: AppState, room: number, theme: Theme): readonly Span[] {
  const { prompt, filter } = state;
  if (prompt?.kind === 'filter') return promptSpans(prompt, room, theme, typingLook(prompt));
  if (filter.text === '') return [{ text: cut('all packets  (/ to type one)', room), look: LOOKS.quiet }];
  const text = cut(printable(filter.text, theme.ascii, room), room, theme.marks.more);
  return [{ text, look: filter.on ? LOOKS.right : LOOKS.off }];
}
