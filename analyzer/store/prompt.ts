import type { Command } from './keys.js';

/** What is typed for. */
export type PromptKind = 'go-to' | 'palette' | 'filter' | 'search' | 'ask';

/** One line that is being typed. */
export interface PromptState {
  readonly kind: PromptKind;
  /** What stands before it. */
  readonly label: string;
  /** The command that gets the line as its argument; for `ask`. */
  readonly command?: Command;
  readonly text: string;
  /** Where the cursor is, in UTF-16 units from the start; never within a character. */
  readonly cursor: number;
  /** Which line of the history is shown: 0 for the one that is being typed, 1 for the newest, … */
  readonly past: number;
  /** What was being typed when the history was entered. */
  readonly draft: string;
  readonly completion: Completion | undefined;
}

/** The words that could stand where the cursor is. */
export interface Completion {
  /** The part of the text that a word takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly CompletionItem[];
  /** The one that was put in; -1 for none yet. */
  readonly chosen: number;
  /** What stood there before one was put in. */
  readonly typed?: string;
}

export interface CompletionItem {
  readonly text: string;
  /** What it means. */
  readonly about: string;
}

/** The longest line that can be typed or pasted. */
const MOST_TYPED = 4096;

export const promptFor = (kind: PromptKind, label: string, text = '', command?: Command): PromptState => ({
  kind,
  label,
  ...(command !== undefined && { command }),
  text,
  cursor: text.length,
  past: 0,
  draft: '',
  completion: undefined,
});

/** Puts text where the cursor is. Controls do not get in. */
export function typeInto(prompt: PromptState, typed: string): PromptState {
  const wanted =
    prompt.kind === 'go-to' ? typed.replaceAll(/\D/g, '') : typed.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  const safe = wanted.slice(0, MOST_TYPED - prompt.text.length);
  return withText(prompt, prompt.cursor, prompt.cursor, safe);
}

/** Puts a text in the place of all that was typed. */
export const replaceLine = (prompt: PromptState, text: string): PromptState =>
  withText(prompt, 0, prompt.text.length, text);

/** Puts a text in the place of a part of the line, with the cursor behind it. */
export const withText = (prompt: PromptState, from: number, to: number, text: string): PromptState => ({
  ...prompt,
  text: prompt.text.slice(0, from) + text + prompt.text.slice(to),
  cursor: from + text.length,
  completion: undefined,
});

/** What changes the line, or moves in it. */
export type EditingCommand =
  | 'erase'
  | 'erase-next'
  | 'erase-word'
  | 'clear'
  | 'erase-rest'
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'first'
  | 'last';

/** What an editing key does to the line. */
export function editLine(prompt: PromptState, command: EditingCommand): PromptState {
  const { text, cursor } = prompt;
  const moved = (to: number): PromptState => ({ ...prompt, cursor: to, completion: undefined });
  const without = (from: number, to: number): PromptState => withText(prompt, from, to, '');
  switch (command) {
    case 'erase':
      return without(before(text, cursor), cursor);
    case 'erase-next':
      return { ...without(cursor, after(text, cursor)), cursor };
    case 'erase-word':
      return without(wordBefore(text, cursor), cursor);
    case 'clear':
      return without(0, cursor);
    case 'erase-rest':
      return without(cursor, text.length);
    case 'left':
      return moved(before(text, cursor));
    case 'right':
      return moved(after(text, cursor));
    case 'word-left':
      return moved(wordBefore(text, cursor));
    case 'word-right':
      return moved(wordAfter(text, cursor));
    case 'first':
      return moved(0);
    case 'last':
      return moved(text.length);
  }
}

/** Shows an older or newer line of a history, whose newest line comes last. */
export function recall(prompt: PromptState, history: readonly string[], by: 1 | -1): PromptState {
  const past = Math.max(0, Math.min(prompt.past + by, history.length));
  if (past === prompt.past) return prompt;
  const draft = prompt.past === 0 ? prompt.text : prompt.draft;
  return { ...replaceLine(prompt, past === 0 ? draft : (history.at(-past) ?? '')), past, draft };
}

const LOW_SURROGATE = /^[\udc00-\udfff]/;

const before = (text: string, at: number): number =>
  Math.max(0, at - (LOW_SURROGATE.test(text.slice(at - 1)) && at > 1 ? 2 : 1));
const after = (text: string, at: number): number =>
  Math.min(text.length, at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));

const wordBefore = (text: string, at: number): number =>
  text.slice(0, at).search(/[\p{L}\p{N}_.-]+[^\p{L}\p{N}_.-]*$|[^\p{L}\p{N}_.-]+$/u);
function wordAfter(text: string, at: number): number {
  const found = /^[^\p{L}\p{N}_.-]*[\p{L}\p{N}_.-]*/u.exec(text.slice(at));
  return at + (found?.[0].length ?? 0);
}
