import type { Action } from './action.js';
import { ordered, say } from './answer.js';
import type { Command } from './keys.js';
import type { CaptureState } from './state/capture.js';
import type { GrowthNews, Held, LiveControl } from './state/live.js';
import type { AppState } from './state.js';
import { between } from './visible.js';

const withLive = (state: AppState, live: Partial<LiveControl>): AppState => ({
  ...state,
  live: { ...state.live, ...live },
});

/** When something else is done, what was asked for must be asked for again; `restart` can only be typed. */
export function unasked(state: AppState, command: Command): AppState {
  const { asked } = state.live;
  const isSame = asked === command || (asked === 'quit' && command === 'close');
  const stays = asked === undefined || isSame || (asked === 'restart' && command === 'palette');
  return stays ? state : withLive(state, { asked: undefined });
}

/** What a command for capturing does. */
export function runLive(state: AppState, command: 'pause' | 'stop' | 'restart' | 'quit'): AppState {
  switch (command) {
    case 'pause':
      return pause(state);
    case 'stop':
      return stop(state);
    case 'restart':
      return restart(state);
    case 'quit':
      return quit(state);
  }
}

/** Holds the screens still, or lets them go on. What comes meanwhile is kept. */
function pause(state: AppState): AppState {
  const { capture, live } = state;
  if (live.held !== undefined) return say(withLive(state, { held: undefined }), 'resumed');
  if (capture.done) return say(state, 'nothing to hold still: all packets have been read', 'note');
  const held: Held = { newest: capture.count, later: new Map() };
  // The status line tells that packets still come, and how many.
  return { ...withLive(state, { held }), notice: undefined };
}

function stop(state: AppState): AppState {
  const { done, live } = state.capture;
  if (live?.running === false) return say(state, 'capturing has ended already', 'note');
  if (done) return say(state, 'nothing to stop: all packets have been read', 'note');
  const orders = [...state.orders, { type: 'live', what: 'stop' } as const];
  return say({ ...state, orders }, live === undefined ? 'no more is read' : 'capturing ends');
}

/** Drops all packets and captures anew. What is not saved is asked about first. */
function restart(state: AppState): AppState {
  const { live } = state.capture;
  if (live === undefined) return say(state, 'nothing to restart: packets come from a file or a pipe', 'note');
  if (live.file !== undefined)
    return say(state, `cannot restart: ${live.file} would be written over; quit and start again`, 'warn');
  const lost = unsaved(state);
  if (lost > 0 && state.live.asked !== 'restart') {
    return say(
      withLive(state, { asked: 'restart' }),
      `${packets(lost)} not saved: :restart again to drop them`,
      'warn',
    );
  }
  const orders = [...state.orders, { type: 'live', what: 'restart' } as const];
  return say({ ...withLive(state, { asked: undefined }), orders }, 'capture restarted');
}

function quit(state: AppState): AppState {
  const lost = unsaved(state);
  if (lost > 0 && state.live.asked !== 'quit') {
    const asked = withLive({ ...state, prompt: undefined }, { asked: 'quit' });
    // Elsewhere `w` saves something else.
    const saves = state.screen === 'packets' ? 'w' : '2 and w';
    return say(asked, `${packets(lost)} not saved: q again to quit, ${saves} to save`, 'warn');
  }
  return ordered(state, { type: 'program', what: 'quit' });
}

const packets = (count: number): string => (count === 1 ? '1 packet is' : `${count} packets are`);

/** Captured packets that are kept and in no file. */
export function unsaved({ capture, live }: AppState): number {
  if (capture.live === undefined || capture.live.file !== undefined) return 0;
  const newest = live.held?.newest ?? capture.count;
  return Math.max(0, newest - Math.max(live.saved, capture.first - 1));
}

/** Saving of all packets begins, or of some of them only. */
export const savingBegins = (state: AppState, all: boolean): AppState =>
  withLive(state, { saving: all ? state.capture.count : 0 });

/** Saving has come to its end. */
export const savingEnded = (state: AppState, problem: string | undefined): AppState =>
  problem !== undefined || state.live.saving === 0
    ? state
    : withLive(state, { saved: Math.max(state.live.saved, state.live.saving), saving: 0 });

/** Keeps news from screens that are held still: what they are to hear of it now, and what when they go on. */
export function holdBack(state: AppState, action: Action): readonly [AppState, Action | undefined] {
  const { held } = state.live;
  if (held === undefined) return [state, action];
  switch (action.type) {
    case 'grown': {
      const { capture } = action;
      // Nothing that could be shown is left: there is no use in waiting on.
      if (capture.first > state.capture.count) {
        const ended = say(withLive(state, { held: undefined }), 'resumed: all that was shown is forgotten', 'note');
        return [ended, action];
      }
      return [
        kept(state, { ...held, newest: capture.count }, 'grown', action),
        { ...action, capture: stillOf(state.capture, capture) },
      ];
    }
    case 'channels':
      return [kept(state, held, 'channels', action), undefined];
    case 'handshakes':
      return [kept(state, held, 'handshakes', action), undefined];
    case 'matched': {
      const { news } = action;
      const matches = between(news.matches, 1, state.capture.count);
      return [kept(state, held, `matched ${action.key}`, action), { ...action, news: { ...news, matches } }];
    }
    default:
      return [state, action];
  }
}

const kept = (state: AppState, held: Held, key: string, action: GrowthNews): AppState =>
  withLive(state, { held: { ...held, later: new Map(held.later).set(key, action) } });

/** The packets as they were; how capturing goes as it is. */
const stillOf = (shown: CaptureState, news: CaptureState): CaptureState => ({ ...news, count: shown.count });
