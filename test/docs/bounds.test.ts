import { expect, test } from 'vitest';
import { boundsOf } from '../../docs/bounds-page.js';

test('every bound says what it is for', () => {
  const bounds = boundsOf();
  expect(bounds.length).toBeGreaterThan(250);
  expect(bounds.filter(({ reason }) => reason.length < 12).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});
