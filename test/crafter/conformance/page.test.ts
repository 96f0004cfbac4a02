import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformancePage } from '../../../crafter/conformance/page.js';

const path = new URL('../../../docs/conformance.md', import.meta.url);

test('the page about conformance tells of the tests that there are', () => {
  // `UPDATE_PAGE=conformance npx vitest run test/crafter/conformance/page.test.ts` prints it anew.
  if (process.env.UPDATE_PAGE === 'conformance') writeFileSync(path, conformancePage());
  expect(readFileSync(path, 'utf8')).toBe(conformancePage());
});
