import { moveTo } from '../cursor.js';
import { columnAt } from '../hex-grid.js';
import type { AppState } from '../state.js';
import { type CraftArea, craftAreas } from './craft-areas.js';
import { craftBytes } from './craft-bytes.js';

const rowIn = ({ left, top, width, height }: CraftArea, x: number, row: number): number | undefined =>
  x >= left && x < left + width && row >= top && row < top + height ? row - top : undefined;

/** A click on a field puts the cursor there; one on a byte on the byte, or on the innermost field that covers it. */
export function clickCraft(state: AppState, x: number, row: number): AppState {
  const { craft } = state;
  if (craft.view !== 'packet' || craft.draft === undefined) return state;
  const { fields, bytes } = craftAreas(state);
  const line = rowIn(fields, x, row);
  if (line !== undefined) return toLine(state, craft.cursor.top + line);
  const byteRow = rowIn(bytes, x, row);
  if (byteRow === undefined) return state;
  const { rows, grid } = craftBytes(state);
  const hit = rows[byteRow];
  const column = columnAt(grid, x - bytes.left);
  if (hit === undefined || column === undefined || column >= hit.bytes.length) return state;
  const at = hit.offset + column;
  return craft.draft.form === 'bytes' ? { ...state, craft: { ...craft, byte: at } } : toLine(state, lineAt(state, at));
}

function toLine(state: AppState, to: number): AppState {
  const { craft } = state;
  if (to < 0 || to >= craft.lines.length) return state;
  const cursor = moveTo(craft.cursor, to, craftAreas(state).fields.height, craft.lines.length);
  return { ...state, craft: { ...craft, cursor } };
}

/** The shortest line that covers a byte; of equally long ones the first that is no heading. -1 if there is none. */
function lineAt({ craft: { lines } }: AppState, at: number): number {
  let best = -1;
  for (const [place, { start, end, isHeading }] of lines.entries()) {
    if (at < start || at >= end) continue;
    const known = lines[best];
    const shorter = known === undefined ? 1 : known.end - known.start - (end - start);
    if (shorter > 0 || (shorter === 0 && known?.isHeading === true && !isHeading)) best = place;
  }
  return best;
}
