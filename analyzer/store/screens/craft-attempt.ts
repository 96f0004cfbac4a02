import type { Draft } from '../craft/draft.js';
import type { Command } from '../keys.js';
import { promptFor } from '../prompt.js';
import type { AppState } from '../state.js';
import { adopt, sayIn } from './craft-draft.js';

/** What was asked for when a change was made, so that it can be asked for again. */
export interface Asked {
  readonly command: Command;
  readonly label: string;
  readonly text: string;
}

/** Makes a change; what is wrong with what was typed is told, and the line is left to be mended. */
export function attempt(state: AppState, asked: Asked | undefined, change: () => Draft | undefined): AppState {
  try {
    const draft = change();
    if (draft === undefined) return state;
    const next = adopt(state, draft);
    return next.notice?.severity === 'error' && asked !== undefined ? again(next, asked) : next;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const told = sayIn(state, error.message, 'error');
    return asked === undefined ? told : again(told, asked);
  }
}

/** Asks once more, with what was typed. */
export const again = (state: AppState, { label, text, command }: Asked): AppState => ({
  ...state,
  prompt: promptFor('ask', label, text, command),
});
