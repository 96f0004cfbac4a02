import { type Answer, type Fill, NO, YES } from './answer.js';
import type { ColumnSource, MomentField, NumberField } from './column-field.js';
import type { ValuesTest } from './column-leaf.js';
import type { Leaf } from './leaf.js';
import { momentOf } from './time.js';
import type { Relation } from './tree.js';

const NANOS = 1_000_000_000n;
const BELOW = Number.NEGATIVE_INFINITY;
const ABOVE = Number.POSITIVE_INFINITY;

/** Between which distances from the constant a value passes, both included; all others where `not` is set. */
const PASSING: Readonly<Record<Relation, readonly [least: number, most: number, not: boolean]>> = {
  eq: [0, 0, false],
  ne: [0, 0, true],
  gt: [1, ABOVE, false],
  ge: [0, ABOVE, false],
  lt: [BELOW, -1, false],
  le: [BELOW, 0, false],
};

/** Tests a number or a moment that every row has. */
export function ofNumbers(
  { index }: ColumnSource,
  field: NumberField | MomentField,
  leaf: Leaf,
  test: ValuesTest,
): Fill {
  const constant = leaf.kind === 'compare' && leaf.left.kind === 'field' && leaf.right.kind === 'constant';
  const value = constant ? leaf.right.literal.value : undefined;
  const [least, most, not] = PASSING[constant ? leaf.relation : 'eq'];
  const [inside, outside] = not ? ([NO, YES] as const) : ([YES, NO] as const);
  if (field.kind === 'number' && typeof value === 'number' && value >= 0) {
    const { column } = field;
    const [low, high] = [value + least, value + most];
    return (from, to, out) => {
      const numbers = column?.(index.columns);
      if (numbers) {
        for (let row = from; row < to; row++) {
          const own = numbers[row] as number;
          out[row - from] = own >= low && own <= high ? inside : outside;
        }
      } else {
        const { base } = index;
        for (let row = from; row < to; row++) {
          const own = base + row;
          out[row - from] = own >= low && own <= high ? inside : outside;
        }
      }
    };
  }
  if (field.kind === 'moment' && typeof value === 'bigint') {
    const fill = comparedTimes(index, field.since, value, [least, most, inside, outside]);
    if (fill) return fill;
  }
  const read =
    field.kind === 'moment'
      ? (row: number) => timeOf(index.columns, row) - originOf(index, field.since, row)
      : (row: number) => field.column?.(index.columns)[row] ?? index.base + row;
  return (from, to, out) => {
    for (let row = from; row < to; row++) out[row - from] = test.passes([read(row)]) ? YES : NO;
  };
}

type Index = ColumnSource['index'];
type Columns = Index['columns'];
type Since = MomentField['since'];

const timeOf = ({ seconds, nanos }: Columns, row: number): bigint => momentOf(seconds[row] ?? 0, nanos[row] ?? 0);

/** What the time of a row counts from. */
function originOf(index: Index, since: Since, row: number): bigint {
  if (since === 'epoch') return 0n;
  const { seconds, nanos } = since === 'first' ? index.began : index.before;
  return since === 'before' && row > 0 ? timeOf(index.columns, row - 1) : momentOf(seconds, nanos);
}

type Passing = readonly [least: number, most: number, inside: Answer, outside: Answer];

/** Compares times with a constant as numbers; undefined where they would not be exact. */
function comparedTimes(index: Index, since: Since, value: bigint, passing: Passing): Fill | undefined {
  const [least, most, inside, outside] = passing;
  const whole = Number(value);
  if (since === 'before') {
    // Where a difference is too large to be exact it is larger than this anyway.
    if (!Number.isSafeInteger(whole)) return undefined;
    return (from, to, out) => {
      const { seconds, nanos } = index.columns;
      const before = from > 0 ? { seconds: seconds[from - 1] ?? 0, nanos: nanos[from - 1] ?? 0 } : index.before;
      let [second, nano] = [before.seconds, before.nanos];
      for (let row = from; row < to; row++) {
        const [own, rest] = [seconds[row] as number, nanos[row] as number];
        const apart = (own - second) * 1e9 + (rest - nano) - whole;
        out[row - from] = apart >= least && apart <= most ? inside : outside;
        second = own;
        nano = rest;
      }
    };
  }
  if (!Number.isSafeInteger(Number(value / NANOS))) return undefined;
  return (from, to, out) => {
    const { columns } = index;
    const { seconds, nanos } = columns;
    const sought = value + originOf(index, since, 0);
    // Rounded down, so that the rest is never below 0.
    const rest = Number(((sought % NANOS) + NANOS) % NANOS);
    const wholes = Number((sought - BigInt(rest)) / NANOS);
    for (let row = from; row < to; row++) {
      const apart = (seconds[row] as number) - wholes || (nanos[row] as number) - rest;
      out[row - from] = apart >= least && apart <= most ? inside : outside;
    }
  };
}
