import { type Fill, NO, YES } from './answer.js';
import type { RowsField } from './column-field.js';
import type { Relation } from './tree.js';
import type { Checked } from './typed.js';

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

/** Compares a number or a moment that every row has with a constant: what most filters over sizes and times do. */
export function ofComparison({ number, moment }: RowsField, test: Checked): Fill | undefined {
  if (test.kind !== 'compare' || test.left.kind !== 'field' || test.right.kind !== 'constant') return undefined;
  const { value, prefix } = test.right.literal;
  if (prefix !== undefined) return undefined;
  const [least, most, not] = PASSING[test.relation];
  const [inside, outside] = not ? [NO, YES] : [YES, NO];
  if (number && typeof value === 'number' && value >= 0) {
    return (from, to, out) => {
      for (let row = from; row < to; row++) {
        const distance = number(row) - value;
        out[row - from] = distance >= least && distance <= most ? inside : outside;
      }
    };
  }
  if (!moment || typeof value !== 'bigint') return undefined;
  const [seconds, nanos] = moment;
  // Rounded down, so that the rest is never below 0.
  const rest = ((value % NANOS) + NANOS) % NANOS;
  const wholes = Number((value - rest) / NANOS);
  if (!Number.isSafeInteger(wholes)) return undefined;
  return (from, to, out) => {
    for (let row = from; row < to; row++) {
      const distance = Math.sign(seconds(row) - wholes) || Math.sign(nanos(row) - Number(rest));
      out[row - from] = distance >= least && distance <= most ? inside : outside;
    }
  };
}
