import type { Evaluated } from './evaluated.js';
import type { FunctionName, Typed } from './typed.js';
import type { Value } from './types.js';
import { lengthOf, orderOf, textOfValue } from './values.js';

type Values<P> = (subject: P) => readonly Value[];

/** What yields the values of a call: nothing where its field is missing. */
export function callOf<P>(
  name: FunctionName,
  operands: readonly Typed[],
  evaluated: readonly Evaluated<P>[],
): Values<P> {
  const [operand] = operands;
  const [first] = evaluated;
  if (!operand || !first) return () => [];
  const { type } = operand;
  const each =
    (change: (value: Value) => Value): Values<P> =>
    (subject) =>
      first.values(subject).map(change);
  switch (name) {
    case 'len':
      return each((value) => lengthOf(value, type));
    case 'count':
      return (subject) => counted(first.values(subject).length);
    case 'upper':
      return each((value) => `${value}`.toUpperCase());
    case 'lower':
      return each((value) => `${value}`.toLowerCase());
    case 'string':
      return each((value) => textOfValue(value, type));
    case 'abs':
      return each(absolute);
    case 'max':
      return extreme(evaluated, 1);
    case 'min':
      return extreme(evaluated, -1);
  }
}

const counted = (count: number): readonly Value[] => (count === 0 ? [] : [count]);

const absolute = (value: Value): Value =>
  (typeof value === 'bigint' || typeof value === 'number') && value < 0 ? -value : value;

/** The largest (`side` 1) or smallest (−1) of all values. */
const extreme =
  <P>(evaluated: readonly Evaluated<P>[], side: 1 | -1): Values<P> =>
  (subject) => {
    let best: Value | undefined;
    for (const { values } of evaluated) {
      for (const value of values(subject)) if (best === undefined || side * orderOf(value, best) > 0) best = value;
    }
    return best === undefined ? [] : [best];
  };
