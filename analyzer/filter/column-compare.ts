import { type Fill, NO, YES } from './answer.js';
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
  const [inside, outside] = not ? [NO, YES] : [YES, NO];
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
    // Rounded down, so that the rest is never below 0.
    const rest = Number(((value % NANOS) + NANOS) % NANOS);
    const wholes = Number((value - BigInt(rest)) / NANOS);
    if (Number.isSafeInteger(wholes)) {
      return (from, to, out) => {
        const { seconds, nanos } = index.columns;
        for (let row = from; row < to; row++) {
          const apart = (seconds[row] as number) - wholes || (nanos[row] as number) - rest;
          out[row - from] = apart >= least && apart <= most ? inside : outside;
        }
      };
    }
  }
  const read =
    field.kind === 'moment'
      ? (row: number) => momentOf(index.columns.seconds[row] as number, index.columns.nanos[row] as number)
      : (row: number) => field.column?.(index.columns)[row] ?? index.base + row;
  return (from, to, out) => {
    for (let row = from; row < to; row++) out[row - from] = test.passes([read(row)]) ? YES : NO;
  };
}
