import { layoutFor } from '../store/layout.js';
import type { Completion } from '../store/prompt.js';
import { cut, fitLeft } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { Box } from './ink.js';
import { Region, type Strip } from './Region.js';
import type { BarProps } from './screens/screen-props.js';
import { LOOKS, type Theme } from './theme.js';

/** Words that are shown at a time. */
const MOST_ROWS = 8;

/** The words that could stand where the cursor is, over the screen: below the filter, or above the status line. */
export function PromptPopup({ state, width, theme }: BarProps) {
  const { prompt } = state;
  const completion = prompt?.completion;
  const { body, filter } = layoutFor(state);
  const rows = Math.min(MOST_ROWS, completion?.items.length ?? 0, Math.max(0, body.height - 1));
  if (prompt === undefined || completion === undefined || rows === 0) return null;
  const strips = stripsOf(completion, rows, width, theme);
  const top = prompt.kind === 'filter' && filter !== undefined ? filter + 1 : body.top + body.height - rows;
  return (
    <Box position="absolute" marginTop={top}>
      <Region strips={strips} width={width} height={rows} theme={theme} />
    </Box>
  );
}

function stripsOf({ items, chosen }: Completion, rows: number, width: number, theme: Theme): readonly Strip[] {
  const top = Math.max(0, Math.min(chosen - rows + 1, items.length - rows));
  const shown = items.slice(top, top + rows);
  const column = Math.min(Math.max(...shown.map(({ text }) => text.length)), width >> 1);
  return shown.map(({ text, about }, row) => {
    const last = row === rows - 1 && items.length > top + rows ? `  (${items.length - top - rows} more)` : '';
    const line = `${theme.marks.bar} ${fitLeft(printable(text, theme.ascii), column, theme.marks.more)}  ${printable(about, theme.ascii)}`;
    const content = fitLeft(cut(line, width - last.length - 1, theme.marks.more), width - last.length) + last;
    return { spans: [{ text: content }], look: top + row === chosen ? LOOKS.selected : LOOKS.popup };
  });
}
