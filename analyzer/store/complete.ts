import { LAYERS } from '../../crafter/commands/craft-layers.js';
import { messageNamed, SHORT_WORDS } from '../../crafter/commands/message-words.js';
import { FAULTS } from '../../crafter/fault-names.js';
import { bitsOf, MODES } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import { type Suggestion, suggest } from '../filter/suggest.js';
import { type Binding, type Command, KEYS, keyLabel, keysOf } from './keys.js';
import { columnKey } from './list-columns.js';
import { type Completion, type PromptState, withText } from './prompt.js';
import { placeOf } from './select.js';
import { THEME_NAMES, TIME_FORMATS, TIME_NAMES } from './settings.js';
import type { AppState } from './state.js';

/** What can follow a command, by what its argument is called, where there is a name for each choice. */
const choicesFor = ({ settings, craft }: AppState): Readonly<Record<string, readonly Suggestion[]>> => ({
  THEME: THEME_NAMES.map((text) => ({ text, about: '' })),
  TIME: TIME_FORMATS.map((text) => ({ text, about: TIME_NAMES[text] })),
  VALUE: valuesFor(craft),
  MESSAGE: SHORT_WORDS.map((text) => ({ text, about: messageNamed(text) ?? '' })),
  LAYER: Object.keys(LAYERS).map((text) => ({ text, about: '' })),
  DIALECT: DIALECTS.map(({ name, version }) => ({ text: name, about: version })),
  FAULT: Object.entries(FAULTS).map(([text, { about, argument }]) => ({
    text: argument === 'needed' ? `${text}:` : text,
    about,
  })),
  COLUMN: settings.columns.map((column) => ({ text: columnKey(column), about: column.title })),
});

/** The values with names that the field under the cursor of the editor can have. */
function valuesFor({ lines, cursor }: AppState['craft']): readonly Suggestion[] {
  const place = lines[cursor.at]?.place;
  const field = place !== undefined && 'field' in place ? place.field : undefined;
  if (field?.key === 'caps')
    return MODES.map((text) => ({ text, about: `0x${bitsOf(text).toString(16).padStart(4, '0')}` }));
  if (field?.key === 'reason') return Object.entries(CLOSE_REASONS).map(([about, text]) => ({ text, about }));
  return [];
}

/** Arguments that are completed where a screen asks for one: there are few choices. */
const ASKED: ReadonlySet<string> = new Set(['MESSAGE', 'LAYER', 'DIALECT', 'FAULT', 'VALUE']);

/** A line that is being typed, with the words that could stand where its cursor is. */
export const withCompletion = (state: AppState, prompt: PromptState): PromptState => ({
  ...prompt,
  completion: completionOf(state, prompt),
});

function completionOf(state: AppState, prompt: PromptState): Completion | undefined {
  const { kind, text, cursor } = prompt;
  if (kind === 'filter') return text === '' ? undefined : filled(suggest(text, cursor));
  const typed = argumentTyped(state, prompt);
  if (typed !== undefined) {
    if (kind === 'ask' && !ASKED.has(typed.argument)) return undefined;
    return completeArgument(state, typed.argument, text, cursor, typed.from);
  }
  if (kind !== 'palette') return undefined;
  const items = bindingsHere(state).filter(({ command }) => command.startsWith(text.slice(0, cursor)));
  return filled({ from: 0, to: cursor, items: items.map((binding) => described(state, binding)) });
}

/** Whether Tab completes anything in a line. */
export function isCompleted(state: AppState, prompt: PromptState): boolean {
  if (prompt.kind === 'filter' || prompt.kind === 'palette') return true;
  const argument = argumentTyped(state, prompt)?.argument;
  return argument !== undefined && (argument === 'FILE' || ASKED.has(argument));
}

/** What is called as which argument where the cursor is, and where in the line it begins. */
export function argumentTyped(
  state: AppState,
  { kind, text, cursor, command }: PromptState,
): { readonly argument: string; readonly from: number } | undefined {
  const [, name = '', blank = ''] = kind === 'palette' ? (/^(\S*)(\s*)/.exec(text) ?? []) : [];
  if (kind === 'palette' ? cursor <= name.length : kind !== 'ask') return undefined;
  const wanted = kind === 'palette' ? name : command;
  const argument = bindingsHere(state).find((binding) => binding.command === wanted)?.argument;
  return argument === undefined ? undefined : { argument, from: name.length + blank.length };
}

function completeArgument(
  state: AppState,
  argument: string,
  text: string,
  cursor: number,
  from: number,
): Completion | undefined {
  const typed = text.slice(from, cursor);
  if (argument === 'FILTER') {
    const found = suggest(typed, typed.length);
    return filled({ ...found, from: from + found.from, to: from + found.to });
  }
  const items = argument === 'FIELD' ? suggest(typed, typed.length).items : (choicesFor(state)[argument] ?? []);
  return filled({
    from,
    to: cursor,
    items: items.filter(({ text: item }) => item.startsWith(typed) && item !== typed),
  });
}

const filled = (found: {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Suggestion[];
}): Completion | undefined => (found.items.length === 0 ? undefined : { ...found, chosen: -1 });

/** The commands that can be given here, each once, by name. */
function bindingsHere(state: AppState): readonly Binding<Command>[] {
  const place = placeOf(state);
  const names = new Map<string, Binding<Command>>();
  for (const binding of KEYS) {
    if (binding.where.includes(place) && !names.has(binding.command)) names.set(binding.command, binding);
  }
  return [...names.values()].toSorted((one, other) => (one.command < other.command ? -1 : 1));
}

function described(state: AppState, binding: Binding<Command>): Suggestion {
  const keys = keysOf(binding, placeOf(state), state.settings.keymap).map(keyLabel).join(', ');
  const argument = binding.argument === undefined ? '' : `${binding.argument}: `;
  return { text: binding.command, about: `${argument}${binding.help}${keys === '' ? '' : ` (${keys})`}` };
}

/** Puts the next completion in, or the one before; after the last comes what was typed. */
export function cycleCompletion(prompt: PromptState, by: 1 | -1): PromptState {
  const { completion, text } = prompt;
  if (completion === undefined) return prompt;
  const { from, to, items, chosen } = completion;
  const before = chosen < 0 ? text.slice(from, to) : (completion.typed ?? '');
  const places = items.length + 1;
  const next = ((chosen + 1 + by + places) % places) - 1;
  const word = items[next]?.text ?? before;
  return {
    ...withText(prompt, from, to, word),
    completion: { ...completion, to: from + word.length, chosen: next, typed: before },
  };
}
