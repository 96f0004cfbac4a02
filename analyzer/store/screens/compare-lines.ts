import type { Line } from '../../../dissectors/wire/line.js';

/** A line of two packets' trees side by side. */
export interface ComparedLine {
  readonly depth: number;
  /** What stands in each tree; undefined in the one that has no such line. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  readonly isSame: boolean;
  /** Whether it or a line inside it differs. */
  readonly holdsDifference: boolean;
}

/** Two trees line by line. Lines belong together that have the same path, in the same order. */
export function compareLines(left: readonly Line[], right: readonly Line[]): readonly ComparedLine[] {
  return compare(left, right, 0).slice(0, MOST_LINES);
}

/** Lines that are compared: a packet of many small messages has thousands. */
const MOST_LINES = 20_000;

function compare(left: readonly Line[], right: readonly Line[], depth: number): ComparedLine[] {
  const rows: ComparedLine[] = [];
  for (const [one, other] of paired(left, right)) {
    const inside = compare(one?.children ?? [], other?.children ?? [], depth + 1);
    const isSame = one !== undefined && other !== undefined && one.text === other.text;
    const holdsDifference = !isSame || inside.some((row) => row.holdsDifference);
    rows.push({ depth, left: one?.text, right: other?.text, isSame, holdsDifference }, ...inside);
  }
  return rows;
}

type Pair = readonly [one: Line | undefined, other: Line | undefined];

/**
 * Siblings that belong together: those known by the same name, in order; what stands between two of them on either side
 * has no partner. Looks ahead a little only, so that trees of thousands of lines cost no more than their length.
 */
function paired(left: readonly Line[], right: readonly Line[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let [at, to] = [0, 0];
  while (at < left.length || to < right.length) {
    const [one, other] = [left[at], right[to]];
    if (one === undefined || other === undefined) {
      pairs.push([one, other]);
      at++;
      to++;
      continue;
    }
    if (nameOf(one) === nameOf(other)) {
      pairs.push([one, other]);
      at++;
      to++;
      continue;
    }
    const ahead = distance(right, to, nameOf(one));
    const back = distance(left, at, nameOf(other));
    if (back <= ahead && back < LOOK_AHEAD) for (let skip = 0; skip < back; skip++) pairs.push([left[at++], undefined]);
    else if (ahead < LOOK_AHEAD) for (let skip = 0; skip < ahead; skip++) pairs.push([undefined, right[to++]]);
    else {
      pairs.push([one, undefined], [undefined, other]);
      at++;
      to++;
    }
  }
  return pairs;
}

/** Siblings that are looked at for one with the same name. */
const LOOK_AHEAD = 32;

function distance(lines: readonly Line[], from: number, name: string): number {
  for (let skip = 1; skip < LOOK_AHEAD; skip++) {
    const line = lines[from + skip];
    if (line !== undefined && nameOf(line) === name) return skip;
  }
  return LOOK_AHEAD;
}

/** What a line is known by: its path, or the word that it begins with. */
const nameOf = ({ path, text }: Line): string => (path === '' ? `: ${text.split(/[ :]/, 1)[0] ?? ''}` : path);
