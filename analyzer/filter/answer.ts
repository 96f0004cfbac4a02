/** What columns say of a test and a row: no, yes, or that the packet must be dissected again to know. */
export const NO = 0;
export const YES = 1;
export const LOOK = 2;
export type Answer = typeof NO | typeof YES | typeof LOOK;

/** Writes an answer for each of the rows `[from, to)`; that of the first comes first. */
export type Fill = (from: number, to: number, out: Uint8Array) => void;

/** Rows that are answered at once: their answers stay in the cache of the processor. */
const AT_ONCE = 4096;

/** What `and` makes of two answers, by three times the one plus the other. */
export const AND = Uint8Array.of(NO, NO, NO, NO, YES, LOOK, NO, LOOK, LOOK);
/** The same for `or`. */
export const OR = Uint8Array.of(NO, YES, LOOK, YES, YES, YES, LOOK, YES, LOOK);
const XOR = Uint8Array.of(NO, YES, LOOK, YES, NO, LOOK, LOOK, LOOK, LOOK);
const TABLES = { and: AND, or: OR, xor: XOR } as const;

/** Joins answers: a packet must be dissected only where the other answers leave the outcome open. */
export function joined(kind: 'and' | 'or' | 'xor', fills: readonly Fill[]): Fill {
  const table = TABLES[kind];
  const settled = kind === 'and' ? NO : kind === 'or' ? YES : undefined;
  const [first, ...others] = fills;
  const other = new Uint8Array(AT_ONCE);
  return (from, to, out) => {
    for (let start = from; start < to; start += AT_ONCE) {
      const end = Math.min(to, start + AT_ONCE);
      const answers = out.subarray(start - from, end - from);
      first?.(start, end, answers);
      for (const fill of others) {
        // Where every row is settled the other tests need not be asked.
        if (settled !== undefined && isOnly(answers, settled)) break;
        fill(start, end, other);
        for (let row = 0; row < answers.length; row++) {
          answers[row] = table[3 * (answers[row] as number) + (other[row] as number)] as number;
        }
      }
    }
  };
}

function isOnly(answers: Uint8Array, answer: Answer): boolean {
  for (let row = 0; row < answers.length; row++) if (answers[row] !== answer) return false;
  return true;
}

const NOT = Uint8Array.of(YES, NO, LOOK);

/** The opposite answer. */
export const negated =
  (fill: Fill): Fill =>
  (from, to, out) => {
    fill(from, to, out);
    const count = to - from;
    for (let row = 0; row < count; row++) out[row] = NOT[out[row] as number] as number;
  };

/** The same answer for every row. */
export const always =
  (answer: Answer): Fill =>
  (from, to, out) => {
    out.fill(answer, 0, to - from);
  };
