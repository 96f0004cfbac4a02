import { cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import type { Span, Strip } from './Region.js';
import { LOOKS, type Theme } from './theme.js';

/** What a pane shows, or could show instead. */
export interface Tab {
  readonly name: string;
  readonly current: boolean;
}

/** The line above a pane: its name, or the names of what it can show, the current one in brackets if there are several. */
export function headingStrip(tabs: readonly Tab[], focused: boolean, width: number, theme: Theme): Strip {
  const look = focused ? LOOKS.focusedHeading : LOOKS.heading;
  const { line, focus, more } = theme.marks;
  const spans: Span[] = [{ text: `${focused ? focus : line}${line} `, look }];
  for (const { name, current } of tabs) {
    const safe = cut(printable(name, theme.ascii, width), Math.max(1, width - 8), more);
    const text = tabs.length > 1 && current ? `[${safe}]` : safe;
    spans.push({ text, look: current ? look : LOOKS.quiet }, { text: ' ' });
  }
  return { spans: [...spans, { text: line.repeat(width), look: focused ? look : LOOKS.quiet }] };
}
