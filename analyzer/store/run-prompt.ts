import { ordered, say } from './answer.js';
import { cycleCompletion, withCompletion } from './complete.js';
import { askForFiles } from './file-names.js';
import { applyFilter, problemOf } from './filter-bar.js';
import { goToPacket } from './go-to.js';
import { type Command, KEYS, type PromptCommand } from './keys.js';
import { type EditingCommand, editLine, type PromptKind, type PromptState, recall, replaceLine } from './prompt.js';
import { changeSearch } from './screens/search.js';
import { placeOf } from './select.js';
import type { AppState } from './state.js';

/** Which history a prompt has. */
const HISTORIES: Readonly<Partial<Record<PromptKind, keyof AppState['history']>>> = {
  palette: 'command',
  filter: 'filter',
  search: 'search',
};

const historyOf = ({ kind, command }: PromptState): keyof AppState['history'] | undefined =>
  kind === 'ask' && command === 'send' ? 'target' : HISTORIES[kind];

/** Lines of a history that are kept. */
const MOST_LINES = 200;

/** Runs a command: what is typed may be one. */
type Run = (state: AppState, command: Command, argument?: string) => AppState;

/**
 * What a command does while something is being typed.
 * @param run what runs the command that the line asks for, once it is taken
 */
export function runPrompt(state: AppState, prompt: PromptState, command: PromptCommand, run: Run): AppState {
  const history = historyOf(prompt);
  switch (command) {
    case 'escape':
      return { ...state, prompt: undefined };
    case 'accept':
      return accepted(state, prompt, run);
    case 'erase':
      // As in vi: nothing left to erase leaves the line.
      if (prompt.text === '') return { ...state, prompt: undefined };
      return edited(state, prompt, command);
    case 'up':
    case 'down': {
      if (history === undefined) return state;
      return { ...state, prompt: recall(prompt, state.history[history], command === 'up' ? 1 : -1) };
    }
    case 'search-in':
    case 'search-as':
      return prompt.kind === 'search' ? changeSearch(state, prompt, command) : state;
    case 'complete':
    case 'complete-back': {
      const offered = prompt.completion === undefined ? withCompletion(state, prompt) : prompt;
      if (offered.completion === undefined) return askForFiles(state, prompt);
      return { ...state, prompt: cycleCompletion(offered, command === 'complete' ? 1 : -1) };
    }
    default:
      return edited(state, prompt, command);
  }
}

const edited = (state: AppState, prompt: PromptState, command: EditingCommand): AppState => ({
  ...state,
  prompt: withCompletion(state, editLine(prompt, command)),
});

/** Keeps what was typed, once, as the newest line. */
function remembered(state: AppState, prompt: PromptState): AppState {
  const { text } = prompt;
  const what = historyOf(prompt);
  const line = text.trim();
  if (what === undefined || line === '') return state;
  const lines = [...state.history[what].filter((other) => other !== line), line].slice(-MOST_LINES);
  const history = { ...state.history, [what]: lines };
  return ordered({ ...state, history }, { type: 'remember', what, lines });
}

/** Takes what was typed; it is kept for another time unless it is a filter that cannot be understood. */
function accepted(state: AppState, prompt: PromptState, run: Run): AppState {
  const isWrong = prompt.kind === 'filter' && problemOf(prompt.text) !== undefined;
  const left = { ...state, prompt: undefined };
  return accept(isWrong ? left : remembered(left, prompt), prompt, run);
}

function accept(state: AppState, prompt: PromptState, run: Run): AppState {
  switch (prompt.kind) {
    case 'go-to':
      return goToPacket(state, prompt.text);
    case 'filter': {
      const next = applyFilter(state, prompt.text);
      // A filter that is wrong is left to be mended.
      const problem = problemOf(prompt.text);
      if (problem === undefined) return next;
      // With the cursor where it stopped making sense.
      const cursor = Math.min(prompt.text.length, prompt.text.length - prompt.text.trimStart().length + problem.at);
      return { ...next, prompt: { ...replaceLine(prompt, prompt.text), cursor } };
    }
    case 'palette':
      return runLine(state, prompt.text.trim(), run);
    case 'search':
    case 'ask':
      return prompt.command === undefined ? state : run(state, prompt.command, prompt.text);
  }
}

/** Names that people know from editors; `open` is a command of many screens, which takes no file. */
const ALIASES: ReadonlyMap<string, Command> = new Map([
  ['q', 'quit'],
  ['q!', 'quit'],
  ['e', 'open-capture'],
  ['set-filter', 'filter'],
]);

function nameOf(state: AppState, typed: string, argument: string | undefined): string {
  if (typed === 'open' && argument !== undefined) return 'open-capture';
  // What is saved differs from screen to screen.
  if (typed === 'w') return placeOf(state) === 'ladder' ? 'save-ladder' : 'save';
  return ALIASES.get(typed) ?? typed;
}

/** Runs a line of the palette: a packet's number, or the name of a command and what it is to act on. */
export function runLine(state: AppState, line: string, run: Run): AppState {
  if (line === '') return state;
  if (/^\d+$/.test(line)) return goToPacket(state, line);
  const [typed = '', argument] = line.split(/\s+(.*)/s);
  const name = nameOf(state, typed, argument);
  const bindings = KEYS.filter(({ command, where }) => command === name && where.includes(placeOf(state)));
  const [binding] = bindings;
  if (binding === undefined) {
    const elsewhere = KEYS.some(({ command }) => command === name);
    const why = elsewhere ? 'there is no such command on this screen' : 'no such command';
    return say(state, `${name}: ${why}`, 'error');
  }
  if (argument !== undefined && argument !== '' && binding.argument === undefined)
    return say(state, `${name}: takes no argument`, 'error');
  return run(state, binding.command, argument === '' ? undefined : argument);
}
