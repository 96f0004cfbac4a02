import { ordered, say } from './answer.js';
import { mergedLogs } from './log.js';
import { promptFor } from './prompt.js';
import { renamed } from './screens/statistics.js';
import type { AppState } from './state.js';

/** Opens another capture over this one; asks which, where none is named. */
export function openCapture(state: AppState, argument: string | undefined): AppState {
  if (argument === undefined) return { ...state, prompt: promptFor('ask', 'Open the capture: ', '', 'open-capture') };
  const path = argument.trim();
  if (path === '') return state;
  if (path === '-') return say(state, 'standard input cannot be opened from here: name a file', 'warn');
  const busy = whatGoesOn(state);
  if (busy !== undefined) return busy;
  return ordered(
    { ...state, task: { key: 'open', text: `opening ${path}` } },
    { type: 'open-capture', key: 'open', path },
  );
}

/** Opens a simulation over this capture: its ladder grows as the peers talk. Asks which, where none is named. */
export function simulate(state: AppState, argument: string | undefined): AppState {
  const asking = 'Simulate (options or a claim; none: ten messages): ';
  if (argument === undefined) return { ...state, prompt: promptFor('ask', asking, '', 'simulate') };
  const words = argument.trim();
  const busy = whatGoesOn(state);
  if (busy !== undefined) return busy;
  const text = `simulating ${words}`.trim();
  return ordered({ ...state, task: { key: 'open', text } }, { type: 'simulate', key: 'open', words });
}

/** Opens the capture as it is when it is rewritten: the marked packets, or all where none is marked. Asks how. */
export function rewrite(state: AppState, argument: string | undefined): AppState {
  const { marks } = state;
  const which =
    marks.size === 0 ? 'all packets' : marks.size === 1 ? 'the marked packet' : `${marks.size} marked packets`;
  if (argument === undefined)
    return { ...state, prompt: promptFor('ask', `Rewrite ${which} (--set ip.ttl=9 …): `, '', 'rewrite') };
  const words = argument.trim();
  if (words === '') return state;
  const busy = whatGoesOn(state);
  if (busy !== undefined) return busy;
  const task = { key: 'open', text: `rewriting ${which}` };
  return ordered({ ...state, task }, { type: 'rewrite', key: 'open', words, packets: [...marks] });
}

/** Goes back to the capture over which this one was opened. */
export function closeCapture(state: AppState): AppState {
  if (state.beneath === undefined) return say(state, 'no other capture is open: q quits', 'note');
  return whatGoesOn(state) ?? ordered(state, { type: 'close-capture' });
}

/** The answer where something goes on that would be left alone. */
function whatGoesOn(state: AppState): AppState | undefined {
  const { task, craft } = state;
  if (task !== undefined) return say(state, `not before this has ended, Esc ends it: ${task.text}`, 'warn');
  return craft.run?.done === false ? say(state, 'not before the script that is played has ended', 'warn') : undefined;
}

/** What belongs to the user and not to a capture, as the screens of another capture had it last. */
export function takenOver(state: AppState, from: AppState): AppState {
  const { size, settings, history, mouse, craft } = from;
  const log = mergedLogs(state.log, from.log);
  const text =
    state.beneath === undefined || from.beneath !== undefined
      ? `back in ${state.capture.title}`
      : `${state.capture.title} is open: Ctrl-W goes back to ${state.beneath}`;
  // Times may be written in another way by now.
  const rows = { ...state.rows, rows: [] };
  return say(renamed({ ...state, size, settings, history, log, mouse, craft, rows }), text);
}
