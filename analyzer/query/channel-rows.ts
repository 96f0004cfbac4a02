import { NO, YES } from '../filter/answer.js';
import { touchesAny } from '../index/facts-pool.js';
import type { Run } from '../index/packet-index.js';

/** Tells by columns and facts alone which packets touch one of some channels. */
export function touching(numbers: readonly number[]): (run: Run, out: Uint8Array) => void {
  const wanted = new Set(numbers);
  const only = numbers.length === 1 ? numbers[0] : undefined;
  return ({ segment, columns: { channel, facts }, from, to }, out) => {
    for (let row = from; row < to; row++) {
      const first = channel[row] as number;
      const alone = first === 0 || facts[row] === 0;
      const isFirst = only === undefined ? wanted.has(first) : first === only;
      const touches = isFirst || (!alone && touchesAny(segment.factsOf(row), wanted));
      out[row - from] = touches ? YES : NO;
    }
  };
}
