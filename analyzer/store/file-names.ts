import { ordered } from './answer.js';
import { argumentTyped } from './complete.js';
import { type PromptState, withText } from './prompt.js';
import type { AppState } from './state.js';

/** The part of a path that has been typed, up to the cursor, where a file is asked for. */
function pathTyped(
  state: AppState,
  prompt: PromptState,
): { readonly from: number; readonly typed: string } | undefined {
  const place = argumentTyped(state, prompt);
  if (place?.argument !== 'FILE' || place.from > prompt.cursor) return undefined;
  return { from: place.from, typed: prompt.text.slice(place.from, prompt.cursor) };
}

/** Asks for the files whose paths begin with what has been typed; the answer comes as `files`. */
export function askForFiles(state: AppState, prompt: PromptState): AppState {
  const path = pathTyped(state, prompt);
  return path === undefined ? state : ordered(state, { type: 'files', key: 'files', typed: path.typed });
}

/** Completes a path as far as the files have it in common, and offers them if there is more than one. */
export function takeFiles(state: AppState, typed: string, paths: readonly string[]): AppState {
  const { prompt } = state;
  const path = prompt === undefined ? undefined : pathTyped(state, prompt);
  // Something else may have been typed since.
  if (prompt === undefined || path === undefined || path.typed !== typed || paths.length === 0) return state;
  const { from } = path;
  const common = paths.reduce(commonStart);
  // With `~/` what begins alike is spelt in another way.
  const line = common.length > typed.length ? withText(prompt, from, prompt.cursor, common) : prompt;
  const items = paths.map((text) => ({ text, about: '' }));
  const completion = paths.length === 1 ? undefined : { from, to: line.cursor, items, chosen: -1 };
  return { ...state, prompt: { ...line, completion } };
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  // Not within a character.
  return one.slice(0, /[\ud800-\udbff]/.test(one[length - 1] ?? '') ? length - 1 : length);
}
