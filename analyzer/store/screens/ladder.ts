import type { Matches } from '../../index/matches.js';
import { arrowWords } from '../../print/ladder.js';
import { ordered, say } from '../answer.js';
import { rowsOf } from '../cursor.js';
import { goTo, select } from '../go-to.js';
import type { LadderCommand } from '../keys.js';
import { clamp } from '../layout.js';
import { promptFor } from '../prompt.js';
import { FIRST_LADDER, type Preview, type Spot, START } from '../state/ladder.js';
import type { AppState } from '../state.js';
import { NO_MATCHES } from '../visible.js';
import { actedOn } from './acted-on.js';
import { followChannel } from './data.js';
import { ladderAreas, previewOf } from './ladder-areas.js';
import { startSaving } from './ladder-file.js';
import { itemsFrom, LAST_ROW, type LadderItem, type LadderSource, moveSpot, revealSpot } from './ladder-items.js';
import { ladderLanes } from './ladder-lanes.js';
import { toggled } from './toggled.js';

/** Channels that are drawn together at most: more could not be told apart. */
const MOST_CHANNELS = 64;

/**
 * Shows the ladder of some channels, from its start.
 * @param seek the packet to start with instead
 */
export function openLadder(state: AppState, numbers: readonly number[], seek = 0): AppState {
  const channels = numbers.slice(0, MOST_CHANNELS);
  if (channels.length === 0) return say(state, 'no channel is selected', 'note');
  const left = numbers.length - channels.length;
  const notice =
    left > 0 ? ({ text: `${left} of the selected channels are left out`, severity: 'note' } as const) : undefined;
  const there = goTo(state, 'ladder');
  const { preview, dated, collapsed } = state.ladder;
  const ladder = { ...FIRST_LADDER, channels, seek, preview, dated, collapsed, origin: state.ladder.origin };
  return { ...there, ladder, notice: notice ?? there.notice };
}

/** Shows the ladder that was shown last, or that of what is under the cursor. */
export function showLadder(state: AppState): AppState {
  if (state.ladder.channels.length > 0) return goTo(state, 'ladder');
  const here = state.screen === 'packets' ? (state.shown?.detail.channels ?? []) : [];
  const numbers = here.length > 0 ? here : actedOn(state.channels);
  return numbers.length > 0
    ? openLadder(state, numbers, here.length > 0 ? state.list.selected : 0)
    : goTo(state, 'ladder');
}

const matchesOf = ({ ladder }: AppState): Matches => ladder.news?.matches ?? NO_MATCHES;

/** What the rows are made of. */
export const sourceOf = (state: AppState): LadderSource => ({
  matches: matchesOf(state),
  steps: state.ladder.steps,
  channels: new Set(state.ladder.channels),
  collapsed: state.ladder.collapsed,
});

/** The rows in the window. */
export const ladderRows = (state: AppState): readonly LadderItem[] =>
  itemsFrom(sourceOf(state), state.ladder.top, ladderAreas(state).rows.height);

/** The row above the window, from which the first delta counts. */
export function previousOf(state: AppState): LadderItem | undefined {
  const { top } = state.ladder;
  const source = sourceOf(state);
  const before = source.matches.count === 0 ? top : moveSpot(source, top, -1);
  return before.place === top.place && before.nth === top.nth ? undefined : itemsFrom(source, before, 1)[0];
}

/** The row under the cursor. */
export const ladderItem = (state: AppState): LadderItem | undefined =>
  itemsFrom(sourceOf(state), state.ladder.at, 1)[0];

/** Puts the cursor on a row and brings it into the window; its packet becomes the selected one of the lists, too. */
export function toSpot(state: AppState, at: Spot): AppState {
  const source = sourceOf(state);
  if (source.matches.count === 0) return { ...state, ladder: { ...state.ladder, at: START, top: START } };
  const moved = at.place !== state.ladder.at.place || at.nth !== state.ladder.at.nth;
  const place = clamp(at.place, 0, source.matches.count - 1);
  const next = refitLadder({
    ...state,
    ladder: { ...state.ladder, at: { ...at, place }, previewTop: moved ? 0 : state.ladder.previewTop },
  });
  return select(next, source.matches.at(next.ladder.at.place));
}

/** Moves the cursor out of what is no longer there, and the window to the cursor: after a change of the size. */
export function refitLadder(state: AppState): AppState {
  const source = sourceOf(state);
  const { at, top } = state.ladder;
  if (source.matches.count === 0) return state;
  const there = moveSpot(source, at, 0);
  const revealed = revealSpot(source, top, there, ladderAreas(state).rows.height);
  return { ...state, ladder: { ...state.ladder, at: there, top: revealed } };
}

/** What a command does to the ladder. */
export function runLadder(before: AppState, command: LadderCommand, argument?: string): AppState {
  const state = sought(before);
  const { ladder } = state;
  const { count } = matchesOf(state);
  switch (command) {
    case 'first':
      return toSpot(unfollowed(state), START);
    case 'last':
      return toSpot(withFollow(state), { place: count - 1, nth: LAST_ROW });
    case 'shift-left':
      return { ...state, ladder: { ...ladder, shift: Math.max(0, ladder.shift - 1) } };
    case 'shift-right':
      return {
        ...state,
        ladder: { ...ladder, shift: Math.min(ladder.shift + 1, Math.max(0, ladderLanes(state).length - 2)) },
      };
    case 'open':
      return goTo(state, 'packets');
    case 'collapse-data':
      return refitLadder({ ...state, ladder: { ...ladder, collapsed: !ladder.collapsed } });
    case 'time-format':
      return { ...state, ladder: { ...ladder, dated: !ladder.dated } };
    case 'preview':
      return refitLadder({ ...state, ladder: { ...ladder, preview: nextPreview(state), previewTop: 0 } });
    case 'preview-down':
      return { ...state, ladder: { ...ladder, previewTop: ladder.previewTop + 1 } };
    case 'preview-up':
      return { ...state, ladder: { ...ladder, previewTop: Math.max(0, ladder.previewTop - 1) } };
    case 'mark': {
      const item = ladderItem(state);
      return item === undefined ? state : { ...state, marks: toggled(state.marks, item.packet) };
    }
    case 'channel-data':
      return followChannel(state, channelOf(ladderItem(state)) ?? ladder.channels[0]);
    case 'copy': {
      const item = ladderItem(state);
      return item === undefined ? state : copied(state, item);
    }
    case 'save-ladder':
      if (count === 0) return say(state, 'there is nothing to draw', 'note');
      return argument === undefined
        ? { ...state, prompt: promptFor('ask', 'Save the ladder (.txt, .svg or .mmd): ', '', 'save-ladder') }
        : startSaving(state, argument);
    default: {
      const rows = rowsOf(command, ladderAreas(state).rows.height, count);
      return toSpot(rows < 0 ? unfollowed(state) : state, moveSpot(sourceOf(state), ladder.at, rows));
    }
  }
}

/** Nothing is sought any more: it was found, or the user has gone elsewhere. */
export const sought = (state: AppState): AppState => ({ ...state, ladder: { ...state.ladder, seek: 0 } });

const unfollowed = (state: AppState): AppState => ({ ...state, ladder: { ...state.ladder, follow: false } });

/** To the end, and on with it while the capture grows. */
const withFollow = (state: AppState): AppState => ({
  ...state,
  ladder: { ...state.ladder, follow: !state.capture.done || state.capture.live?.running === true },
});

const PREVIEWS: readonly Preview[] = ['none', 'tree', 'raw'];

function nextPreview(state: AppState): Preview {
  const now = previewOf(state);
  return PREVIEWS[(PREVIEWS.indexOf(now) + 1) % PREVIEWS.length] ?? 'none';
}

function channelOf(item: LadderItem | undefined): number | undefined {
  return item?.type === 'step' && item.step.type === 'arrow' ? item.step.channel : undefined;
}

function copied(state: AppState, item: LadderItem): AppState {
  const text =
    item.type === 'step' && item.step.type === 'arrow'
      ? `${item.packet} ${item.step.from} > ${item.step.to} ${arrowWords(item.step)}`
      : `${item.packet}`;
  return say(ordered(state, { type: 'copy', text }), `copied: ${text}`);
}

/** A click on a row puts the cursor there. */
export function clickLadder(state: AppState, x: number, row: number): AppState {
  const { rows, width } = ladderAreas(state);
  const item = x < width && row >= rows.top ? ladderRows(state)[row - rows.top] : undefined;
  return item === undefined ? state : toSpot(state, item.at);
}
