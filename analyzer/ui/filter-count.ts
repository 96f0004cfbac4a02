import { problemOf } from '../store/filter-bar.js';
import type { PromptState } from '../store/prompt.js';
import { visibleOf } from '../store/select.js';
import type { AppState } from '../store/state.js';
import { grouped } from '../text/numbers.js';
import { LOOKS, type Look } from './theme.js';

/** How many packets pass the display filter, as far as that is known. */
export function passingText(state: AppState): string {
  const { filter, capture } = state;
  if (filter.text === '') return '';
  if (!filter.on) return 'off';
  const { news } = filter;
  if (news === undefined) return 'looking';
  const looked = news.done ? '' : ` (${Math.floor((100 * news.looked) / Math.max(1, capture.count))}%)`;
  return `${grouped(visibleOf(state).count)} of ${grouped(capture.count)}${looked}`;
}

/** How a line that is typed is drawn: a display filter by whether it can be used. */
export function typingLook({ kind, text }: PromptState): Look {
  if (kind !== 'filter' || text.trim() === '') return {};
  return problemOf(text) ? LOOKS.wrong : LOOKS.right;
}
