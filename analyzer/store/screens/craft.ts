import { messageNamed } from '../../../crafter/commands/message-words.js';
import type { MessageName } from '../../../dissectors/channel/messages.js';
import { withCompletion } from '../complete.js';
import { make } from '../craft/make.js';
import { newDraft } from '../craft/new-draft.js';
import { FIRST_CURSOR } from '../cursor.js';
import { goTo } from '../go-to.js';
import type { CraftCommand } from '../keys.js';
import { promptFor } from '../prompt.js';
import type { AppState } from '../state.js';
import { deliver } from './craft-delivery.js';
import { adopt, sayIn, takeWanted } from './craft-draft.js';
import { runEditor } from './craft-editor.js';
import { inRun } from './craft-run.js';

/** Opens the packet under the cursor in the editor, as soon as its bytes are there. */
export function editPacket(state: AppState): AppState {
  const { selected } = state.list;
  if (selected === 0) return sayIn(state, 'there is no packet to edit');
  return takeWanted(goTo({ ...state, craft: { ...state.craft, wanted: selected } }, 'craft'));
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
export function runCraft(state: AppState, command: CraftCommand, argument?: string): AppState {
  if (command === 'next-view') return nextView(state);
  if (command === 'open-recording' || state.craft.view === 'run') return inRun(state, command, argument);
  switch (command) {
    case 'send':
    case 'send-again':
    case 'copy':
    case 'save':
      return deliver(state, command, argument);
    default:
      return runEditor(state, command, argument);
  }
}

function nextView(state: AppState): AppState {
  const { view, run } = state.craft;
  if (run === undefined) return sayIn(state, 'no script was played: r plays one');
  return { ...state, craft: { ...state.craft, view: view === 'packet' ? 'run' : 'packet' } };
}
