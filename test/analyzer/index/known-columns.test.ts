import { expect, test } from 'vitest';
import { bitsIn } from '../../../analyzer/index/known-columns.js';

test('a column that has too few bits for its meanings is refused at the start', () => {
  expect(bitsIn(2, 'envelope', ['good', 'bad'])).toEqual(['good', 'bad']);
  expect(() => bitsIn(2, 'envelope', ['good', 'bad', 'unverified'])).toThrow(
    new RangeError('the column envelope has 2 bits, too few for 3 meanings: make it wider'),
  );
});
