import type { Quantifier } from './tree.js';
import type { Checked, Typed } from './typed.js';

/** A test that joins no others. */
export type Leaf = Exclude<Checked, { kind: 'and' | 'or' | 'xor' | 'not' }>;
export type FieldOf = Extract<Typed, { kind: 'field' }>;

/** The fields of packets that a test names, each once; layers that are chosen make a field of their own. */
export function fieldsOf(test: Leaf): readonly FieldOf[] {
  const found: FieldOf[] = [];
  const walk = (typed: Typed): void => {
    switch (typed.kind) {
      case 'field':
        if (!found.some(({ named, layers }) => named.name === typed.named.name && layers === typed.layers))
          found.push(typed);
        return;
      case 'slice':
      case 'negative':
        return walk(typed.of);
      case 'call':
        return typed.operands.forEach(walk);
      case 'arithmetic':
        walk(typed.left);
        return walk(typed.right);
      case 'constant':
      case 'reference':
        return;
    }
  };
  for (const typed of partsOf(test)) walk(typed);
  return found;
}

function partsOf(test: Leaf): readonly Typed[] {
  switch (test.kind) {
    case 'exists':
      return [test.of];
    case 'compare':
    case 'contains':
      return [test.left, test.right];
    case 'matches':
      return [test.left];
    case 'in':
      return [test.left, ...test.set.flatMap(({ from, to }) => (to ? [from, to] : [from]))];
  }
}

/** The fields without which a test fails: a packet that lacks one of them does not pass, whatever else it has. */
export function neededFields(test: Leaf): readonly FieldOf[] {
  const needed = (typed: Typed): readonly FieldOf[] => {
    switch (typed.kind) {
      case 'field':
        return [typed];
      case 'slice':
      case 'negative':
        return needed(typed.of);
      case 'call':
        // Of several operands one that is there will do.
        return typed.operands.length === 1 ? typed.operands.flatMap(needed) : [];
      case 'arithmetic':
        return [...needed(typed.left), ...needed(typed.right)];
      case 'constant':
      case 'reference':
        return [];
    }
  };
  if (test.kind === 'in') return needed(test.left);
  return partsOf(test).flatMap(needed);
}

/** Whether one of the values must pass, or each of them. */
export const quantifierOf = (test: Leaf): Quantifier => (test.kind === 'exists' ? 'any' : test.quantifier);

/** Whether a test asks each value of a field for itself, so that neither their number nor their order counts. */
export const testsEach = (test: Leaf): boolean =>
  test.kind === 'exists'
    ? test.of.kind === 'field'
    : test.left.kind === 'field' && partsOf(test).slice(1).every(isFixed);

const isFixed = ({ kind }: Typed): boolean => kind === 'constant' || kind === 'reference';

/** The names of all fields that a filter asks for. */
export function namedFields(test: Checked | undefined): readonly string[] {
  if (!test) return [];
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return test.tests.flatMap(namedFields);
    case 'not':
      return namedFields(test.test);
    default:
      return fieldsOf(test).flatMap(({ named }) => named.paths);
  }
}
