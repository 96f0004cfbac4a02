import { type Area, layoutFor } from '../layout.js';
import type { Preview } from '../state/ladder.js';
import type { AppState } from '../state.js';

/** Cells from which the preview stands beside the ladder. */
const BESIDE = 120;

/** What is shown of the message under the cursor: the tree, if it can stand beside the ladder. */
export const previewOf = (state: AppState): Preview =>
  state.ladder.preview ?? (layoutFor(state).width >= BESIDE ? 'tree' : 'none');

/** Where the parts of the ladder are; rows count from the top of its screen. */
export interface LadderAreas {
  /** Cells of the ladder itself. */
  readonly width: number;
  /** Rows of the heads of the columns: name, and address below it. */
  readonly heads: number;
  readonly rows: Area;
  /** What is told of the message under the cursor; height 0 where there is no room. */
  readonly foot: Area & { readonly left: number; readonly width: number };
}

/** Rows below which only the ladder is drawn. */
const LEAST_WITH_FOOT = 12;
const LEAST_WITH_ADDRESSES = 8;
/** Lines about a message without a preview. */
const FOOT = 2;

/** Divides the screen of the ladder. */
export function ladderAreas(state: AppState): LadderAreas {
  const { width, body } = layoutFor(state);
  const preview = previewOf(state);
  const heads = body.height >= LEAST_WITH_ADDRESSES ? 2 : body.height > 3 ? 1 : 0;
  const heading = body.height > 2 ? 1 : 0;
  const above = heading + heads;
  const none = { top: 0, height: 0, left: 0, width };
  if (preview !== 'none' && width >= BESIDE) {
    const beside = Math.floor(width * 0.42);
    return {
      width: width - beside - 1,
      heads,
      rows: { top: above, height: Math.max(1, body.height - above) },
      foot: { top: 0, height: body.height, left: width - beside, width: beside },
    };
  }
  if (body.height < LEAST_WITH_FOOT)
    return { width, heads, rows: { top: above, height: Math.max(1, body.height - above) }, foot: none };
  const lines = preview === 'none' ? FOOT : Math.max(FOOT, Math.floor(body.height * 0.4));
  const height = body.height - above - lines - 1;
  return {
    width,
    heads,
    rows: { top: above, height },
    foot: { top: above + height, height: lines + 1, left: 0, width },
  };
}
