import { AND, type Answer, type Fill, LOOK, NO, OR, YES } from './answer.js';
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
export const UNKNOWN = 255;

/** A table of answers by number, none of which is known yet. */
export const unanswered = (): Uint8Array => new Uint8Array(0x1_0000).fill(UNKNOWN);

/** Tests a field by a number a row. */
export function ofCodes({ index }: ColumnSource, field: CodesField, test: ValuesTest): Fill | undefined {
  const { column, mask, known, list } = field;
  if (!list && !test.each) return undefined;
  const answers = unanswered();
  const learn = (code: number): number => {
    answers[code] = answerOf(test, known(code));
    return answers[code] as number;
  };
  return (from, to, out) => {
    const codes = column(index.columns);
    for (let row = from; row < to; row++) {
      const code = (codes[row] as number) & mask;
      const answer = answers[code] as number;
      out[row - from] = answer === UNKNOWN ? learn(code) : answer;
    }
  };
}

/** Tests a field that one column has, or two have. */
export function ofPair({ index }: ColumnSource, field: PairField, test: ValuesTest): Fill | undefined {
  if (!test.each) return undefined;
  const { one, other, place, flags, value } = field;
  const absent = test.passes([]) ? YES : NO;
  // YES stands for shapes whose values are in the columns.
  const places = unanswered();
  const learnPlace = (shape: number): number => {
    const found = index.shapes[shape - 1];
    const where = found ? place(found) : 'packet';
    places[shape] = where === 'absent' ? NO : where === 'columns' ? YES : LOOK;
    return places[shape] as number;
  };
  const answers = unanswered();
  const learn = (code: number): number => {
    const known = value(code);
    answers[code] = known === undefined ? LOOK : test.passes([known]) ? YES : NO;
    return answers[code] as number;
  };
  const both = test.quantifier === 'any' ? OR : AND;
  return (from, to, out) => {
    const { columns } = index;
    const { shape, messages } = columns;
    const [firsts, seconds] = [one(columns), other?.(columns)];
    for (let row = from; row < to; row++) {
      let where = places[shape[row] as number] as number;
      if (where === UNKNOWN) where = learnPlace(shape[row] as number);
      let answer: number = absent;
      if (where === LOOK || (where === YES && ((messages[row] as number) & flags) !== flags)) answer = LOOK;
      else if (where === YES) {
        answer = answers[firsts[row] as number] as number;
        if (answer === UNKNOWN) answer = learn(firsts[row] as number);
        if (seconds) {
          let second = answers[seconds[row] as number] as number;
          if (second === UNKNOWN) second = learn(seconds[row] as number);
          answer = both[3 * answer + second] as number;
        }
      }
      out[row - from] = answer;
    }
  };
}

/** Rows whose keys are gathered at once. */
const AT_ONCE = 4096;
/** Keys whose answers are remembered: of keys that fall together the newest. */
const SLOTS = 4096;
/** 2^32 divided by the golden ratio, whose multiples spread; the upper bits of them number the slots. */
const GOLDEN = 0x9e37_79b1;
const SHIFT = 20;

/** Tests a field whose values are gathered row by row. */
export function ofRows({ known, keys }: RowsField, test: ValuesTest): Fill {
  const own = new Float64Array(AT_ONCE);
  const remembered = new Float64Array(SLOTS).fill(-1);
  const answers = new Uint8Array(SLOTS);
  return (from, to, out) => {
    for (let start = from; start < to; start += AT_ONCE) {
      const end = Math.min(to, start + AT_ONCE);
      keys(start, end, own);
      for (let row = start; row < end; row++) {
        const key = own[row - start] as number;
        const slot = Math.imul(key, GOLDEN) >>> SHIFT;
        if (key < 0) out[row - from] = answerOf(test, known(row));
        else {
          if (remembered[slot] !== key) {
            remembered[slot] = key;
            answers[slot] = answerOf(test, known(row));
          }
          out[row - from] = answers[slot] as number;
        }
      }
    }
  };
}
