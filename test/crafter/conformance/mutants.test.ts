import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SUITE } from '../../../crafter/conformance/suite.js';
import { MUTANTS } from './mutants.js';
import { Mutator } from './mutate.js';

let mutator: Mutator;

beforeAll(async () => {
  mutator = await Mutator.start();
});

afterAll(() => mutator.stop());

describe('a peer that', () => {
  test('is not changed fails nothing', async () => {
    expect(await mutator.failing(undefined, 'hmac')).toEqual([]);
  });

  test.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))('%s is noticed', async (_, mutant) => {
    const failed = await mutator.failing(mutant, mutant.dialect ?? 'hmac', mutant.noticedBy);
    expect(failed.toSorted()).toEqual(mutant.noticedBy.toSorted());
  });
});

test('the tests that are to notice a fault exist', () => {
  const names = new Set(SUITE.map(({ name }) => name));
  expect(MUTANTS.flatMap(({ noticedBy }) => noticedBy).filter((name) => !names.has(name))).toEqual([]);
});
