import { type LaidOut, layoutFor } from '../layout.js';
import type { AppState } from '../state.js';

/** A part of the screen, in cells from the top left of the screen's own rows. Its heading is the row above, if it has one. */
export interface CraftArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface CraftAreas {
  /** Side by side, or one above the other. */
  readonly isWide: boolean;
  /** Rows of headings: 0 where there is no room for them. */
  readonly headings: 0 | 1;
  readonly fields: CraftArea;
  readonly bytes: CraftArea;
  readonly verdict: CraftArea;
}

/** Columns that 16 bytes a row need, and from which fields stand beside them. */
const HEX_WIDTH = 73;
const LEAST_WIDE = 124;
/** Rows from which there is room for all parts, and for headings. */
const LEAST_ALL = 11;
const LEAST_HEADED = 3;

/** Divides the screen of the crafter: fields, the bytes they come to, and what is to be said of these. */
export function craftAreas(state: LaidOut & Pick<AppState, 'craft'>): CraftAreas {
  const { body, width } = layoutFor(state);
  const { height } = body;
  const isBytes = state.craft.draft?.form === 'bytes';
  const headings = height >= LEAST_HEADED ? 1 : 0;
  const hidden: CraftArea = { left: 0, top: 0, width: 0, height: 0 };
  const isWide = width >= LEAST_WIDE && height >= LEAST_ALL && !isBytes;
  if (isWide) {
    const left = width - HEX_WIDTH;
    const verdict = Math.max(3, Math.floor((height - 2) / 4));
    const bytes = height - 2 - verdict;
    return {
      isWide,
      headings,
      fields: { left: 0, top: 1, width: left - 1, height: height - 1 },
      bytes: { left, top: 1, width: HEX_WIDTH, height: bytes },
      verdict: { left, top: 2 + bytes, width: HEX_WIDTH, height: verdict },
    };
  }
  const rows = Math.max(1, height - headings);
  const verdict = height >= LEAST_ALL ? 3 : height > 3 ? 1 : 0;
  const alone = { left: 0, top: headings, width, height: Math.max(1, rows - verdict) };
  const below = { left: 0, top: headings + alone.height, width, height: verdict };
  if (isBytes) return { isWide, headings, fields: hidden, bytes: alone, verdict: below };
  if (height < LEAST_ALL) return { isWide, headings, fields: alone, bytes: hidden, verdict: below };
  const bytes = Math.max(3, Math.floor((height - 2 - verdict) / 3));
  const fields = height - 2 - verdict - bytes;
  return {
    isWide,
    headings,
    fields: { left: 0, top: 1, width, height: fields },
    bytes: { left: 0, top: 2 + fields, width, height: bytes },
    verdict: { left: 0, top: 2 + fields + bytes, width, height: verdict },
  };
}
