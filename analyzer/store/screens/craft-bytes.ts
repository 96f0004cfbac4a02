import { changedBytes } from '../craft/changed.js';
import { type HexGrid, hexGrid } from '../hex-grid.js';
import { clamp } from '../layout.js';
import type { HexByte, HexRow } from '../select.js';
import type { AppState } from '../state.js';
import { craftAreas } from './craft-areas.js';

export interface CraftBytes {
  readonly grid: HexGrid;
  readonly rows: readonly HexRow[];
  /** How many bytes there are, and how many of them are not as they were. */
  readonly total: number;
  readonly changed: number;
}

/** The bytes of what is crafted, as far as the window shows them: around the field or the byte under the cursor. */
export function craftBytes(state: AppState): CraftBytes {
  const { draft, made, lines, cursor, byte } = state.craft;
  const { width, height } = craftAreas(state).bytes;
  const bytes = made?.bytes ?? new Uint8Array(0);
  const grid = hexGrid(bytes.length, width);
  const isChanged = changedBytes(draft?.origin.bytes ?? bytes, bytes);
  const line = lines[cursor.at];
  const isBytes = draft?.form === 'bytes';
  const [start, end] = isBytes ? [byte, byte] : [line?.start ?? 0, line?.end ?? 0];
  const { perRow } = grid;
  const total = Math.ceil(bytes.length / perRow);
  const at = Math.floor(start / perRow);
  const top = clamp(at - Math.floor((height - 1) / 2), 0, Math.max(0, total - height));
  const byteAt = (place: number): HexByte => ({
    value: bytes[place] ?? 0,
    lit: place >= start && place < end,
    cursor: isBytes && place === byte,
    changed: isChanged(place),
  });
  const rows = Array.from({ length: Math.max(0, Math.min(height, total - top)) }, (_, row): HexRow => {
    const offset = (top + row) * perRow;
    const length = Math.min(perRow, bytes.length - offset);
    return { offset, bytes: Array.from({ length }, (__, column) => byteAt(offset + column)) };
  });
  let changed = 0;
  for (let place = 0; place < bytes.length; place++) if (isChanged(place)) changed += 1;
  return { grid, rows, total: bytes.length, changed };
}
