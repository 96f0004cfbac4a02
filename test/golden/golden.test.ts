import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CAPTURES, EXPECTED, expectedPath, KINDS, plainName, printedOf } from './golden.js';

const all = CAPTURES.flatMap((capture) => Object.keys(KINDS).map((kind) => [capture, kind] as const));

test.each(all)(
  '%s prints as %s what it did: `npm run golden -- NAME` if it should print something else',
  async (capture, kind) => {
    expect(await printedOf(capture, kind)).toBe(readFileSync(expectedPath(capture, kind), 'utf8'));
  },
);

test('every fixture has a name of its own, and every golden file a fixture', () => {
  const names = CAPTURES.map(plainName);
  expect(new Set(names).size).toBe(names.length);
  const files = names.flatMap((name) => Object.keys(KINDS).map((kind) => `${name}.${kind}`));
  expect(readdirSync(EXPECTED).sort()).toEqual(files.sort());
});
