import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { initialState, reduce, type Start } from '../../../analyzer/store/reduce.js';
import type { CaptureState } from '../../../analyzer/store/state/capture.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { detailOf } from '../ui/fake-capture.js';

export const captureOf = (count: number, more: Partial<CaptureState> = {}): CaptureState => ({
  title: 'fake.pcap',
  count,
  first: 1,
  live: undefined,
  progress: 1,
  done: true,
  problem: undefined,
  ...more,
});

/** The state of a capture of so many packets, with the details of the selected one. */
export function stateOf(count: number, start: Partial<Start> = {}, more: Partial<CaptureState> = {}): AppState {
  return settle(initialState({ size: { columns: 80, rows: 23 }, ...start }, captureOf(count, more)));
}

/** Does what the store does between two frames: reads the details of the selected packet. */
function settle(state: AppState): AppState {
  const { selected } = state.list;
  if (selected === (state.shown?.detail.number ?? 0)) return state;
  return reduce(state, { type: 'shown', detail: selected === 0 ? undefined : detailOf(selected) });
}

/** Plays commands and actions, one after the other. */
export const play = (state: AppState, ...steps: readonly (Command | Action)[]): AppState =>
  steps.reduce(
    (now, step) => settle(reduce(now, typeof step === 'string' ? { type: 'command', command: step } : step)),
    state,
  );
