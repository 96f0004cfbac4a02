import { type Answer, type Fill, LOOK, NO, YES } from './answer.js';
import type { CodesField, ColumnSource, Known, PairField, RowsField } from './column-field.js';
import type { Predicate } from './compile-test.js';
import type { Quantifier } from './tree.js';
import type { Value } from './types.js';

/** A test of the values of one field. */
export interface ValuesTest {
  readonly passes: Predicate<readonly Value[]>;
  readonly quantifier: Quantifier;
  /** Whether each value is tested for itself, so that neither their number nor their order counts. */
  readonly each: boolean;
}

/** What a test makes of what is known of a field. */
export function answerOf({ passes, quantifier, each }: ValuesTest, { sure, perhaps }: Known): Answer {
  if (perhaps?.length === 0) return passes(sure) ? YES : NO;
  if (!each) return LOOK;
  if (quantifier === 'any') {
    if (passes(sure)) return YES;
    return perhaps?.some((value) => passes([value])) === false ? NO : LOOK;
  }
  if (sure.length > 0 && !passes(sure)) return NO;
  return sure.length > 0 && perhaps?.every((value) => passes([value])) ? YES : LOOK;
}

/** Stands where an answer is not known yet. */
const UNKNOWN = 255;

/** A table of answers that is filled as they are asked for. */
export function remembered(size: number, answer: (code: number) => Answer): (code: number) => Answer {
  const table = new Uint8Array(size).fill(UNKNOWN);
  return (code) => {
    const known = table[code] as number;
    if (known !== UNKNOWN) return known as Answer;
    const fresh = answer(code);
    table[code] = fresh;
    return fresh;
  };
}

/** Tests a field by a number a row. */
export function ofCodes(
  { index }: ColumnSource,
  { column, mask, known, list }: CodesField,
  test: ValuesTest,
): Fill | undefined {
  if (!list && !test.each) return undefined;
  const answers = remembered(mask + 1, (code) => answerOf(test, known(code)));
  return (from, to, out) => {
    const codes = column(index.columns);
    for (let row = from; row < to; row++) out[row - from] = answers((codes[row] as number) & mask);
  };
}

/** Numbers of shapes, and of what else a column of 16 bits holds. */
export const SHAPES = 0x1_0000;

/** Tests a field that one column has, or two have. */
export function ofPair({ index }: ColumnSource, field: PairField, test: ValuesTest): Fill | undefined {
  if (!test.each) return undefined;
  const { one, other, place, holds, value } = field;
  const absent = test.passes([]) ? YES : NO;
  const places = remembered(SHAPES, (shape) => {
    const found = index.shapes[shape - 1];
    const where = found ? place(found) : 'packet';
    return where === 'absent' ? NO : where === 'columns' ? YES : LOOK;
  });
  const answers = remembered(SHAPES, (code) => (test.passes([value(code)]) ? YES : NO));
  const isAny = test.quantifier === 'any';
  return (from, to, out) => {
    const { columns } = index;
    const { shape } = columns;
    const [firsts, seconds] = [one(columns), other?.(columns)];
    for (let row = from; row < to; row++) {
      const where = places(shape[row] as number);
      if (where === NO) out[row - from] = absent;
      else if (where === LOOK || !holds(columns, row)) out[row - from] = LOOK;
      else {
        let answer = answers(firsts[row] as number);
        if (seconds && (answer === NO) === isAny) answer = answers(seconds[row] as number);
        out[row - from] = answer;
      }
    }
  };
}

/** Keys whose answers are remembered. */
const MOST_KEYS = 0x1_0000;

/** Tests a field whose values are gathered row by row. */
export function ofRows({ known, key }: RowsField, test: ValuesTest): Fill {
  if (!key) {
    return (from, to, out) => {
      for (let row = from; row < to; row++) out[row - from] = answerOf(test, known(row));
    };
  }
  const answers = new Map<number, Answer>();
  let last = -1;
  let answer: Answer = NO;
  return (from, to, out) => {
    for (let row = from; row < to; row++) {
      const own = key(row);
      if (own < 0) out[row - from] = answerOf(test, known(row));
      else {
        if (own !== last) {
          last = own;
          answer = answers.get(own) ?? learn(own, row);
        }
        out[row - from] = answer;
      }
    }
  };

  function learn(own: number, row: number): Answer {
    if (answers.size === MOST_KEYS) answers.clear();
    const fresh = answerOf(test, known(row));
    answers.set(own, fresh);
    return fresh;
  }
}
