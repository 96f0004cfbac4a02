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
        for (let row = from; row < to; row++) out[row - from] = row + 1 >= low && row + 1 <= high ? inside : outside;
      }
    };
  }
  if (field.kind === 'moment' && typeof value === 'bigint') {
    const fill = comparedTimes(index, field.since, value, [least, most, inside, outside]);
    if (fill) return fill;
  }
  const read =
    field.kind === 'moment'
      ? (row: number) => timeOf(index.columns, row) - originOf(index.columns, field.since, row)
      : (row: number) => field.column?.(index.columns)[row] ?? row + 1;
  return (from, to, out) => {
    for (let row = from; row < to; row++) out[row - from] = test.passes([read(row)]) ? YES : NO;
  };
}

type Index = ColumnSource['index'];
type Columns = Index['columns'];
type Since = MomentField['since'];

const timeOf = ({ seconds, nanos }: Columns, row: number): bigint => momentOf(seconds[row] ?? 0, nanos[row] ?? 0);
const originOf = (columns: Columns, since: Since, row: number): bigint =>
  since === 'epoch' ? 0n : timeOf(columns, since === 'first' ? 0 : Math.max(0, row - 1));

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
      for (let row = from; row < to; row++) {
        const before = row === 0 ? 0 : row - 1;
        const passed = (seconds[row] as number) - (seconds[before] as number);
        const apart = passed * 1e9 + ((nanos[row] as number) - (nanos[before] as number)) - whole;
        out[row - from] = apart >= least && apart <= most ? inside : outside;
      }
    };
  }
  if (!Number.isSafeInteger(Number(value / NANOS))) return undefined;
  return (from, to, out) => {
    const { columns } = index;
    const { seconds, nanos } = columns;
    const sought = value + originOf(columns, since, 0);
    // Rounded down, so that the rest is never below 0.
    const rest = Number(((sought % NANOS) + NANOS) % NANOS);
    const wholes = Number((sought - BigInt(rest)) / NANOS);
    for (let row = from; row < to; row++) {
      const apart = (seconds[row] as number) - wholes || (nanos[row] as number) - rest;
      out[row - from] = apart >= least && apart <= most ? inside : outside;
    }
  };
}
