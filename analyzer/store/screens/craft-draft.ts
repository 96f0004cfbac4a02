import { BARE_LINK_TYPE } from '../../../crafter/commands/craft-layers.js';
import { say } from '../answer.js';
import type { Captured, Draft } from '../craft/draft.js';
import { linesOf } from '../craft/lines.js';
import { type Made, make } from '../craft/make.js';
import { draftOf } from '../craft/new-draft.js';
import { FIRST_CURSOR, moveTo } from '../cursor.js';
import { clamp } from '../layout.js';
import type { CraftState } from '../state/craft.js';
import type { AppState, Notice } from '../state.js';
import { craftAreas } from './craft-areas.js';

/** Changes that can be undone. */
const MOST_PAST = 100;

export const sayIn = (state: AppState, text: string, severity: Notice['severity'] = 'note'): AppState =>
  say(state, text, severity);

/** Takes another draft, if something can be made of it; else says why not. */
export function adopt(state: AppState, draft: Draft): AppState {
  const made = make(draft);
  if (typeof made === 'string') return sayIn(state, made, 'error');
  const { craft } = state;
  const past = craft.draft === undefined ? craft.past : [...craft.past, craft.draft].slice(-MOST_PAST);
  return withDraft({ ...state, craft: { ...craft, past } }, draft, made);
}

/** The state with a draft and what it comes to. */
export function withDraft(state: AppState, draft: Draft, made: Made): AppState {
  const lines = draft.form === 'packet' ? linesOf(draft, made) : [];
  const craft: CraftState = { ...state.craft, view: 'packet', draft, made, lines };
  return refitCraft({ ...state, craft });
}

/** Brings the cursors back to what is there, after a change of it or of the size. */
export function refitCraft(state: AppState): AppState {
  const { craft } = state;
  const cursor = moveTo(craft.cursor, craft.cursor.at, craftAreas(state).fields.height, craft.lines.length);
  const byte = clamp(craft.byte, 0, Math.max(0, (craft.made?.bytes.length ?? 0) - 1));
  return { ...state, craft: { ...craft, cursor, byte } };
}

/** The packet that is to be edited, if it is there by now. */
export function takeWanted(state: AppState): AppState {
  const { shown, craft } = state;
  const source = shown?.detail.sources[0];
  if (shown === undefined || source === undefined || craft.wanted !== shown.detail.number) return state;
  const { number, linkType, secrets, moment } = shown.detail;
  const bytes = new Uint8Array(source.view.buffer, source.view.byteOffset, source.view.byteLength).slice();
  const captured = { title: `packet ${number}`, bytes, linkType, secrets, moment };
  return openCaptured({ ...state, craft: { ...craft, wanted: 0 } }, captured);
}

/** Opens what was captured in the editor: its fields, or its bytes where the crafter cannot make them again. */
export function openCaptured(state: AppState, captured: Captured): AppState {
  const draft = draftOf(captured);
  const opened = atPacket(adopt({ ...state, craft: { ...state.craft, byte: 0 } }, draft));
  if (draft.form === 'bytes') return sayIn(opened, 'no channel packet that could be made again: its bytes are edited');
  const isBare = draft.layers.length === 0 && captured.linkType !== BARE_LINK_TYPE;
  return isBare ? sayIn(opened, 'only the channel packet: its layers cannot be made again') : opened;
}

/** The cursor on the channel packet, and that at the top: what is around it is rarely what is to be changed. */
function atPacket(state: AppState): AppState {
  const { craft } = state;
  const at = Math.max(
    0,
    craft.lines.findIndex(({ place, isHeading }) => isHeading && place.in === 'header'),
  );
  return refitCraft({ ...state, craft: { ...craft, cursor: { ...FIRST_CURSOR, at, top: at } } });
}
