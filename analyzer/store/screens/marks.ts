import { say } from '../answer.js';
import { select } from '../go-to.js';
import { visibleOf } from '../select.js';
import type { AppState } from '../state.js';
import { includes } from '../visible.js';

/** Packets that can be marked. */
const MOST_MARKS = 100_000;

/** Marks the selected packet, or takes its mark away. */
export function toggleMark(state: AppState): AppState {
  const { selected } = state.list;
  if (selected === 0) return state;
  const marks = new Set(state.marks);
  if (!marks.delete(selected)) {
    if (marks.size >= MOST_MARKS) return say(state, `no more than ${MOST_MARKS} marks`, 'warn');
    marks.add(selected);
  }
  return { ...state, marks };
}

/** Goes to the next marked packet that can be seen, round the end. */
export function goToMark(state: AppState, backwards: boolean): AppState {
  const visible = visibleOf(state);
  const { selected } = state.list;
  const numbers = [...state.marks].filter((number) => includes(visible, number)).toSorted((one, other) => one - other);
  const [first] = numbers;
  const last = numbers.at(-1);
  if (first === undefined || last === undefined) return say(state, 'no packet is marked', 'note');
  const next = backwards
    ? (numbers.findLast((number) => number < selected) ?? last)
    : (numbers.find((number) => number > selected) ?? first);
  return select(state, next);
}
