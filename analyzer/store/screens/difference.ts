import { say } from '../answer.js';
import type { Detail } from '../capture-view.js';
import { FIRST_CURSOR, moveCursor, moveTo } from '../cursor.js';
import { goTo } from '../go-to.js';
import type { DifferenceCommand } from '../keys.js';
import { screenHeight } from '../layout.js';
import type { DifferenceState } from '../state/difference.js';
import type { AppState } from '../state.js';
import { type ComparedLine, compareLines } from './compare-lines.js';

/** Compares the two packets that are marked, or the one that is marked and the one under the cursor. */
export function comparePackets(state: AppState): AppState {
  const marked = [...state.marks].filter((number) => number >= state.capture.first);
  const { selected } = state.list;
  if (marked.length > 2) return say(state, `${marked.length} packets are marked: two can be compared`, 'note');
  const [one, other = selected] = marked;
  if (one === undefined) return say(state, 'mark a packet first, then compare it with another', 'note');
  if (other === 0 || one === other) return say(state, 'go to another packet to compare it with the marked one', 'note');
  const pair = [Math.min(one, other), Math.max(one, other)] as const;
  const there = goTo(state, 'difference');
  return { ...there, difference: { ...state.difference, pair, lines: [], of: undefined, cursor: FIRST_CURSOR } };
}

/** The packets that are to be compared and have not been read yet. */
export const missingPair = ({ screen, difference }: AppState): DifferenceState['pair'] =>
  screen === 'difference' && difference.of !== difference.pair ? difference.pair : undefined;

/** The two packets, read. The first difference of a message comes under the cursor. */
export function takePair(state: AppState, left: Detail, right: Detail): AppState {
  const { pair } = state.difference;
  if (pair === undefined || left.number !== pair[0] || right.number !== pair[1]) return state;
  const lines = compareLines(left.lines, right.lines);
  return { ...state, difference: { ...state.difference, lines, of: pair } };
}

/** The lines that are shown. */
export const shownLines = ({ lines, onlyDifferences }: DifferenceState): readonly ComparedLine[] =>
  onlyDifferences ? lines.filter(({ holdsDifference }) => holdsDifference) : lines;

/** What a command does to the comparison. */
export function runDifference(state: AppState, command: DifferenceCommand): AppState {
  const { difference } = state;
  const { pair, cursor } = difference;
  const withMore = (more: Partial<DifferenceState>): AppState => ({ ...state, difference: { ...difference, ...more } });
  const height = screenHeight(state);
  const lines = shownLines(difference);
  switch (command) {
    case 'only-differences': {
      const onlyDifferences = !difference.onlyDifferences;
      const line = lines[cursor.at];
      const next = shownLines({ ...difference, onlyDifferences });
      const at = line === undefined ? 0 : Math.max(0, next.indexOf(line));
      return withMore({ onlyDifferences, cursor: moveTo(cursor, at, height, next.length) });
    }
    case 'next-difference':
    case 'previous-difference': {
      const forward = command === 'next-difference';
      const places = lines.flatMap(({ isSame }, place) => (isSame ? [] : [place]));
      const to = forward ? places.find((place) => place > cursor.at) : places.findLast((place) => place < cursor.at);
      if (to === undefined) return say(state, 'no other difference there', 'note');
      return withMore({ cursor: moveTo(cursor, to, height, lines.length) });
    }
    case 'swap-sides': {
      if (pair === undefined) return state;
      const swapped = [pair[1], pair[0]] as const;
      const turned = difference.lines.map((line) => ({ ...line, left: line.right, right: line.left }));
      return withMore({ pair: swapped, of: swapped, lines: turned });
    }
    default: {
      const longest = lines.reduce((most, line) => Math.max(most, lengthOf(line)), 1);
      return withMore({ cursor: moveCursor(cursor, command, height, lines.length, longest) });
    }
  }
}

/** Characters of the longer side of a line, with its indent. */
const lengthOf = ({ depth, left = '', right = '' }: ComparedLine): number =>
  2 * depth + Math.max(left.length, right.length);
