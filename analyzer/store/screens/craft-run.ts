import { BARE_LINK_TYPE } from '../../../crafter/commands/craft-layers.js';
import { ordered } from '../answer.js';
import { type Cursor, FIRST_CURSOR, moveCursor, moveTo } from '../cursor.js';
import { goTo } from '../go-to.js';
import { isOneOf, moving } from '../keys/binding.js';
import type { CraftCommand } from '../keys.js';
import { screenHeight } from '../layout.js';
import { openCapture } from '../open-captures.js';
import { promptFor } from '../prompt.js';
import type { RunLine, RunNews, RunState } from '../state/craft.js';
import type { AppState } from '../state.js';
import { openCaptured, sayIn } from './craft-draft.js';

const PLAY = 'play';

const NO_MOMENT = { seconds: 0, nanos: 0 };

/** Lines that are kept. */
const MOST_LINES = 10_000;

/** Plays a script; asks which, where none is named. */
export function startRun(state: AppState, argument: string | undefined): AppState {
  if (argument === undefined)
    return { ...state, prompt: promptFor('ask', 'Play the script: ', state.craft.run?.path ?? '', 'run') };
  const path = argument.trim();
  if (path === '') return state;
  const run: RunState = {
    path,
    restart: true,
    lines: [],
    left: 0,
    status: `playing ${path}`,
    severity: 'chat',
    done: false,
    recording: undefined,
    cursor: FIRST_CURSOR,
  };
  const there = goTo(state, 'craft');
  return {
    ...there,
    craft: { ...there.craft, view: 'run', run },
    task: { key: PLAY, text: `playing ${path}` },
    orders: [...there.orders, { type: 'play', key: PLAY, path }],
  };
}

/** Takes what a script has done since. The window keeps to the end, if the cursor is there. */
export function takeRun(state: AppState, news: RunNews): AppState {
  const { run } = state.craft;
  if (run === undefined || run.done) return state;
  const all = news.restart ? news.lines : [...run.lines, ...news.lines];
  const lines = all.slice(-MOST_LINES);
  const left = (news.restart ? 0 : run.left) + all.length - lines.length;
  const isAtEnd = run.cursor.at >= run.lines.length - 1;
  const kept = moveTo(run.cursor, isAtEnd ? lines.length - 1 : run.cursor.at, screenHeight(state), lines.length);
  const cursor = (news.done && isAtEnd && atReason(run.cursor, lines)) || kept;
  const craft = { ...state.craft, run: { ...run, ...news, lines, left, cursor } };
  const task = news.done && state.task?.key === PLAY ? undefined : state.task;
  const notice = news.done ? { text: news.status, severity: news.severity } : state.notice;
  return { ...state, craft, task, notice };
}

/** Packets that stay in sight above the reason why a script failed. */
const PACKETS_ABOVE = 6;

/** The cursor on why the script failed: what is told of the packet after that may fill the window. */
function atReason(cursor: Cursor, lines: readonly RunLine[]): Cursor | undefined {
  const at = lines.findIndex(({ type }) => type === 'text');
  return at < 0 ? undefined : { ...cursor, at, top: Math.max(0, at - PACKETS_ABOVE) };
}

const MOVING = moving(['craft'], 'line');

/** What a command does to the ladder of a script. */
export function inRun(state: AppState, command: CraftCommand, argument?: string): AppState {
  const { run } = state.craft;
  if (run === undefined) return sayIn(state, 'no script was played: r plays one');
  switch (command) {
    case 'open-recording':
      if (run.recording === undefined) return sayIn(state, 'nothing was recorded');
      return openCapture(state, run.recording);
    case 'edit': {
      const line = run.lines[run.cursor.at];
      if (line?.type !== 'packet') return sayIn(state, 'this line is no packet');
      const title = `what ${line.way === 'sent' ? 'the script sent' : 'came'} at ${(line.at / 1000).toFixed(4)}`;
      return openCaptured(state, {
        title,
        bytes: line.bytes,
        linkType: BARE_LINK_TYPE,
        secrets: [],
        moment: NO_MOMENT,
      });
    }
    case 'save': {
      if (run.recording === undefined) return sayIn(state, 'nothing was recorded');
      if (argument === undefined) return { ...state, prompt: promptFor('ask', 'Save the recording to: ', '', 'save') };
      const path = argument.trim();
      return path === '' ? state : ordered(state, { type: 'keep-recording', path });
    }
    case 'copy': {
      const text = run.lines.map((line) => (line.type === 'text' ? line.text : `${line.way} ${line.info}`)).join('\n');
      return sayIn(ordered(state, { type: 'copy', text: text.slice(0, 50_000) }), 'copied', 'chat');
    }
    default: {
      if (!isOneOf(MOVING, command)) return sayIn(state, 'this is for the packet: Tab shows it');
      const widest = Math.max(0, ...run.lines.map((line) => (line.type === 'text' ? line.text.length : 0)));
      const cursor = moveCursor(run.cursor, command, screenHeight(state), run.lines.length, widest);
      return { ...state, craft: { ...state.craft, run: { ...run, cursor } } };
    }
  }
}
