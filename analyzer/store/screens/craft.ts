import { BARE_LINK_TYPE } from '../../../crafter/commands/craft-layers.js';
import { messageNamed } from '../../../crafter/commands/message-words.js';
import type { MessageName } from '../../../dissectors/channel/messages.js';
import { say } from '../answer.js';
import { goTo } from '../command.js';
import { withCompletion } from '../complete.js';
import { type Captured, type Draft, draftOf, newDraft } from '../craft/draft.js';
import { type EditLine, linesOf } from '../craft/lines.js';
import { type Made, make } from '../craft/make.js';
import { type Cursor, FIRST_CURSOR, moveTo } from '../cursor.js';
import type { Command } from '../keys.js';
import { clamp } from '../layout.js';
import { promptFor } from '../prompt.js';
import type { AppState, Notice } from '../state.js';
import { craftAreas } from './craft-areas.js';
import { deliver } from './craft-delivery.js';
import { runEditor } from './craft-editor.js';
import { inRun, type RunState } from './craft-run.js';

/** What is crafted, and the script that is played. */
export interface CraftState {
  readonly view: 'packet' | 'run';
  readonly draft: Draft | undefined;
  /** What the draft comes to. There is one whenever there is a draft. */
  readonly made: Made | undefined;
  /** The fields; none where bytes are edited. */
  readonly lines: readonly EditLine[];
  readonly cursor: Cursor;
  /** The byte under the cursor, where bytes are edited. */
  readonly byte: number;
  /** The drafts before this one, the newest last. */
  readonly past: readonly Draft[];
  /** The packet that is to be edited once its details are there; 0 for none. */
  readonly wanted: number;
  /** Where the packet was sent last, as typed. */
  readonly target: string;
  readonly run: RunState | undefined;
}

export const FIRST_CRAFT: CraftState = {
  view: 'packet',
  draft: undefined,
  made: undefined,
  lines: [],
  cursor: FIRST_CURSOR,
  byte: 0,
  past: [],
  wanted: 0,
  target: '',
  run: undefined,
};

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

/** Opens the packet under the cursor in the editor, as soon as its bytes are there. */
export function editPacket(state: AppState): AppState {
  const { selected } = state.list;
  if (selected === 0) return sayIn(state, 'there is no packet to edit');
  return takeWanted(goTo({ ...state, craft: { ...state.craft, wanted: selected } }, 'craft'));
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

/** Starts from nothing but a message. */
export function craftNew(state: AppState, word: string | undefined): AppState {
  if (word === undefined)
    return { ...state, prompt: withCompletion(state, promptFor('ask', 'Message: ', '', 'craft')) };
  const name: MessageName | undefined = messageNamed(word);
  if (name === undefined) return sayIn(state, `"${word}" is no message`, 'error');
  const draft = newDraft(name);
  const made = make(draft);
  if (typeof made === 'string') return sayIn(state, made, 'error');
  const origin = { ...draft.origin, bytes: made.bytes, linkType: made.linkType ?? draft.origin.linkType };
  const there = goTo(state, 'craft');
  return adopt({ ...there, craft: { ...there.craft, cursor: FIRST_CURSOR } }, { ...draft, origin });
}

/** What a command does on the screen of the crafter. */
export function runCraft(state: AppState, command: Command, argument?: string): AppState {
  switch (command) {
    case 'next-view':
      return nextView(state);
    case 'open-recording':
      return inRun(state, command);
    case 'send':
    case 'send-again':
    case 'copy':
    case 'save':
      if (state.craft.view === 'packet') return deliver(state, command, argument);
      break;
    default:
  }
  return state.craft.view === 'run' ? inRun(state, command, argument) : runEditor(state, command, argument);
}

function nextView(state: AppState): AppState {
  const { view, run } = state.craft;
  if (run === undefined) return sayIn(state, 'no script was played: r plays one');
  return { ...state, craft: { ...state.craft, view: view === 'packet' ? 'run' : 'packet' } };
}
