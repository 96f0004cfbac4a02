import {
  HANDSHAKE_KEYS,
  type HandshakeKey,
  type HandshakeRow,
  type HandshakeSnapshot,
} from '../../index/handshake-row.js';
import { handshakeLadder } from '../../print/handshake-ladder.js';
import { ladderText } from '../../print/ladder-text.js';
import { ordered, say } from '../answer.js';
import { FIRST_CURSOR, moveCursor, moveTo } from '../cursor.js';
import { drillDown } from '../drill-down.js';
import type { HandshakesCommand } from '../keys.js';
import { clamp, layoutFor, screenHeight } from '../layout.js';
import { promptFor } from '../prompt.js';
import type { HandshakesView } from '../state/handshakes.js';
import type { AppState } from '../state.js';
import { actedOn, chosenShown } from './acted-on.js';
import { comparisonLines } from './handshake-steps.js';
import { lookedOn, narrowingOf, passingPlaces } from './passing.js';
import { storyHeight } from './story.js';
import { toggled } from './toggled.js';

/** Rows of the list. */
export const handshakeRows = (state: AppState): number =>
  Math.max(1, layoutFor(state).body.height - 1 - storyHeight(state));

/** A newer snapshot. It is put in order when it is looked at. */
export const takeHandshakes = (state: AppState, snapshot: HandshakeSnapshot): AppState => ({
  ...state,
  handshakes: { ...state.handshakes, snapshot },
});

/** The list as it is to be shown: of the newest snapshot, with the cursor on the handshake where it was. */
export function tendHandshakes(state: AppState): AppState {
  const { snapshot, ordered: known, orderedBy } = state.handshakes;
  if (state.screen !== 'handshakes') return state;
  return snapshot !== known || narrowingOf(state, 'handshakes')?.filter !== orderedBy ? reorder(state) : state;
}

/** The handshakes of more packets that pass the display filter. */
export function takeTouchedHandshakes(state: AppState, looked: number, touched: readonly number[]): AppState {
  const known = lookedOn(state, 'handshakes', looked, touched);
  if (known === undefined) return state;
  const next = { ...state, handshakes: { ...state.handshakes, passing: known.passing } };
  return known.grows ? reorder(next) : next;
}

function reorder(state: AppState): AppState {
  const { snapshot, key, descending, words, selected, cursor } = state.handshakes;
  if (snapshot === undefined) return state;
  const narrowing = narrowingOf(state, 'handshakes');
  const all = snapshot.order(key, descending, words.split(/\s+/).filter(Boolean));
  const order = passingPlaces(all, snapshot, narrowing);
  const place = snapshot.placeOf(selected);
  const at = place < 0 ? cursor.at : order.indexOf(place);
  const orderedBy = narrowing?.filter;
  return settled(
    { ...state, handshakes: { ...state.handshakes, order, ordered: snapshot, orderedBy } },
    at < 0 ? 0 : at,
  );
}

function settled(state: AppState, at: number): AppState {
  const { order, snapshot, cursor } = state.handshakes;
  const moved = moveTo(cursor, clamp(at, 0, Math.max(0, order.length - 1)), handshakeRows(state), order.length);
  const place = order[moved.at];
  const selected = place === undefined ? 0 : (snapshot?.at(place).number ?? 0);
  return { ...state, handshakes: { ...state.handshakes, cursor: moved, selected } };
}

/** Brings the cursor back into a window of another size. */
export const refitHandshakes = (state: AppState): AppState => settled(state, state.handshakes.cursor.at);

/** The handshake with a number, as far as it is shown. */
export function handshakeNumbered({ handshakes: { snapshot } }: AppState, number: number): HandshakeRow | undefined {
  const place = snapshot?.placeOf(number) ?? -1;
  return place < 0 ? undefined : snapshot?.at(place);
}

/** The selected handshakes that are shown, in the order of their numbers, or the one under the cursor. */
function wantedRows(state: AppState): readonly HandshakeRow[] {
  return actedOn(state.handshakes).flatMap((number) => handshakeNumbered(state, number) ?? []);
}

/** The two that are to be compared: the chosen ones, or the chosen one and the one under the cursor. */
function pairOf(state: AppState): readonly HandshakeRow[] {
  const { handshakes } = state;
  return [...new Set([...chosenShown(handshakes), handshakes.selected])]
    .slice(0, 2)
    .flatMap((number) => handshakeNumbered(state, number) ?? []);
}

/** The lines of a ladder or a comparison. */
export function pageLines(state: AppState, ascii = false): readonly string[] {
  const { view, snapshot } = state.handshakes;
  const { width } = layoutFor(state);
  if (view === 'comparison') {
    const [one, other] = pairOf(state);
    return one && other ? comparisonLines(one, other, width) : [];
  }
  const began = snapshot?.began ?? { seconds: 0, nanos: 0 };
  const look = { width: Math.max(48, width), ascii, color: false, time: 'r' } as const;
  return ladderText(handshakeLadder(wantedRows(state), began), look).split('\n');
}

/** What a command does to the screen of handshakes. */
export function runHandshakes(state: AppState, command: HandshakesCommand, argument?: string): AppState {
  const { handshakes } = state;
  const { cursor, order, chosen, selected, view, page } = handshakes;
  switch (command) {
    case 'choose':
      if (view !== 'list') return state;
      if (selected === 0) return say(state, NO_HANDSHAKE, 'note');
      return settled({ ...state, handshakes: { ...handshakes, chosen: toggled(chosen, selected) } }, cursor.at + 1);
    case 'choose-none':
      return { ...state, handshakes: { ...handshakes, chosen: new Set() } };
    case 'open':
      if (selected === 0) return say(state, NO_HANDSHAKE, 'note');
      return showing(state, view === 'list' ? 'ladder' : 'list');
    case 'compare-handshakes':
      if (pairOf(state).length < 2) return say(state, 'select another handshake with Space first', 'note');
      return showing(state, 'comparison');
    case 'find-handshakes':
      return argument === undefined
        ? { ...state, prompt: promptFor('ask', 'Handshakes with: ', handshakes.words, 'find-handshakes') }
        : reorder({ ...state, handshakes: { ...handshakes, words: argument.toLowerCase() } });
    case 'next-column':
      return sortBy(state, HANDSHAKE_KEYS[(HANDSHAKE_KEYS.indexOf(handshakes.key) + 1) % HANDSHAKE_KEYS.length]);
    case 'previous-column':
      return sortBy(state, HANDSHAKE_KEYS.at(HANDSHAKE_KEYS.indexOf(handshakes.key) - 1));
    case 'reverse':
      return reorder({ ...state, handshakes: { ...handshakes, descending: !handshakes.descending } });
    case 'packets':
      return toPackets(state);
    case 'copy':
      return copied(state);
    default: {
      if (view !== 'list') {
        const moved = moveCursor(page, command, screenHeight(state), pageLines(state).length);
        return { ...state, handshakes: { ...handshakes, page: moved } };
      }
      const moved = moveCursor(cursor, command, handshakeRows(state), order.length);
      return settled({ ...state, handshakes: { ...handshakes, cursor: moved } }, moved.at);
    }
  }
}

const NO_HANDSHAKE = 'there is no handshake here';

const showing = (state: AppState, view: HandshakesView): AppState => ({
  ...state,
  handshakes: { ...state.handshakes, view, page: FIRST_CURSOR },
});

/** Back to the list from a ladder or a comparison; undefined where the list is shown already. */
export const backToHandshakes = (state: AppState): AppState | undefined =>
  state.screen === 'handshakes' && state.handshakes.view !== 'list' ? showing(state, 'list') : undefined;

function sortBy(state: AppState, key: HandshakeKey | undefined): AppState {
  if (key === undefined) return state;
  return say(reorder({ ...state, handshakes: { ...state.handshakes, key, descending: false } }), `sorted by ${key}`);
}

function toPackets(state: AppState): AppState {
  const rows = wantedRows(state);
  if (rows.length === 0) return say(state, NO_HANDSHAKE, 'note');
  const text = rows.map(({ number }) => `handshake.number == ${number}`).join(' || ');
  return drillDown({ ...state, handshakes: { ...state.handshakes, ownFilter: text } }, text);
}

function copied(state: AppState): AppState {
  const row = handshakeNumbered(state, state.handshakes.selected);
  if (row === undefined) return say(state, NO_HANDSHAKE, 'note');
  const { number, kind, initiator, responder, id, state: fate, reason } = row;
  const text = [number, kind, initiator, responder, id, fate, reason].join(' ');
  return say(ordered(state, { type: 'copy', text }), `copied: ${text}`);
}

/** A click on a row puts the cursor there. */
export function clickHandshakes(state: AppState, row: number): AppState {
  const { view, cursor, order } = state.handshakes;
  const place = cursor.top + row - 1;
  return view !== 'list' || row === 0 || row > handshakeRows(state) || place >= order.length
    ? state
    : settled(state, place);
}
