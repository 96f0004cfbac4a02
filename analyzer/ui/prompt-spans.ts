import type { PromptState } from '../store/prompt.js';
import { cellsOf, cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import type { Span } from './Region.js';
import { LOOKS, type Look, type Theme } from './theme.js';

/** A line that is being typed, with its cursor; of a long one the part around the cursor. */
export function promptSpans(
  { text, cursor }: PromptState,
  room: number,
  theme: Theme,
  look: Look = {},
): readonly Span[] {
  const safe = (part: string) => printable(part, theme.ascii);
  const before = safe(text.slice(0, cursor));
  const [next = ''] = text.slice(cursor);
  const under = cursor < text.length ? safe(next) : ' ';
  const after = safe(text.slice(cursor + next.length));
  const skip = Math.max(0, cellsOf(before) + cellsOf(under) - room);
  const shown = cut(before, room, '', skip);
  const left = room - cellsOf(shown) - cellsOf(under);
  return [
    { text: shown, look },
    { text: under, look: { ...look, ...LOOKS.typing } },
    { text: cut(after, left), look },
  ];
}
