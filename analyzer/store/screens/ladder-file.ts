import type { Ladder, Step } from '../../print/ladder.js';
import { ladderMermaid } from '../../print/ladder-mermaid.js';
import { ladderSvg } from '../../print/ladder-svg.js';
import { ladderText } from '../../print/ladder-text.js';
import { ordered, say } from '../answer.js';
import type { AppState } from '../state.js';
import { ladderLanes } from './ladder-lanes.js';

/** Packets that are drawn into a file: a diagram of more cannot be read. */
const MOST_DRAWN = 2000;
/** Cells of a line of text in a file. */
const TEXT_WIDTH = 120;

type Draw = (ladder: Ladder) => string;

/** How a file is drawn, by the end of its name. */
const FORMATS: readonly (readonly [end: string, draw: Draw])[] = [
  ['.svg', ladderSvg],
  ['.mmd', ladderMermaid],
  ['.mermaid', ladderMermaid],
  ['.txt', (ladder) => ladderText(ladder, { width: TEXT_WIDTH, ascii: false, color: false, time: 'r' })],
];

const drawFor = (path: string): Draw | undefined => FORMATS.find(([end]) => path.toLowerCase().endsWith(end))?.[1];

/** Asks for all that the ladder draws, to write it to a file. */
export function startSaving(state: AppState, typed: string): AppState {
  const path = typed.trim();
  if (path === '') return state;
  const { news } = state.ladder;
  if (news === undefined || news.matches.count === 0) return say(state, 'there is nothing to draw', 'warn');
  if (drawFor(path) === undefined) return say(state, `${path}: the name must end in .txt, .svg or .mmd`, 'error');
  const order = { type: 'steps', key: 'draw', path, packets: news.matches, most: MOST_DRAWN } as const;
  return ordered(state, order);
}

/** Draws what was asked for; the world writes it. */
export function saveLadder(state: AppState, path: string, steps: readonly Step[], left: number): AppState {
  const draw = drawFor(path);
  const { origin = { seconds: 0, nanos: 0 }, channels } = state.ladder;
  if (draw === undefined) return state;
  const wanted = new Set(channels);
  const own = steps.filter((step) => step.type !== 'arrow' || step.channel === undefined || wanted.has(step.channel));
  const known = ladderLanes(state);
  const ids = new Set(own.flatMap(({ from, to }) => [from, to]));
  const others = [...ids].filter((id) => !known.some((lane) => lane.id === id)).map((id) => ({ id, address: '' }));
  const text = draw({ origin, peers: [...known, ...others], steps: own, left });
  const bytes = new TextEncoder().encode(text);
  return ordered(state, { type: 'save-bytes', path, bytes });
}
