import { Clock } from '../print/time.js';
import type { TimeFormat } from '../print/time-format.js';
import { elapsed } from '../text/elapsed.js';
import type { Row } from './capture-view.js';

/** When something was captured. */
export type Moment = Pick<Row, 'seconds' | 'nanos'>;

/** The digits that the list leaves out: nothing on a screen needs nanoseconds. */
const LEFT_OUT = 3;

/**
 * The times of the rows of the list, in the format that the user has chosen.
 * @param before the row above the first one
 * @param reference the moment from which times count, where the user has chosen one
 */
export function timed(
  rows: readonly Row[],
  format: TimeFormat,
  before: Moment | undefined,
  reference: Moment | undefined,
): readonly Row[] {
  if (format === 'r' && reference === undefined) return rows;
  let last = before;
  return rows.map((row) => {
    const time = timeOf(row, format, last, reference).slice(0, -LEFT_OUT);
    last = row;
    return { ...row, time };
  });
}

function timeOf(row: Row, format: TimeFormat, last: Moment | undefined, reference: Moment | undefined): string {
  const { seconds, nanos } = row;
  if (format === 'r' && reference !== undefined) return elapsed(reference.seconds, reference.nanos, seconds, nanos);
  if (format === 'd' || format === 'dd') {
    return last === undefined ? '0.000000000' : elapsed(last.seconds, last.nanos, seconds, nanos);
  }
  return new Clock(format).show(seconds, nanos);
}
