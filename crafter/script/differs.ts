import { evaluate, numberOf, ValueError } from './evaluate.js';
import type { Scope } from './scope.js';
import type { FieldPlan } from './script.js';
import { type FieldValue, numberShape, type Shape, sameBytes } from './shape.js';
import type { Expression, Pattern } from './tree.js';

/** What was expected of a field, and what was there. */
export interface Difference {
  readonly expected: string;
  readonly actual: string;
}

/**
 * Compares a field with what it must be; undefined if it is that.
 * @throws {ValueError} if the expected value cannot be had, or the pattern makes no sense for the field
 */
export function differs(
  { shape, pattern }: FieldPlan,
  actual: FieldValue | undefined,
  scope: Scope,
): Difference | undefined {
  const wanted = wantedBy(pattern, shape, scope);
  if (actual === undefined) return pattern.kind === 'any' ? undefined : { expected: wanted.text, actual: 'none' };
  return wanted.fits(actual) ? undefined : { expected: wanted.text, actual: shape.text(actual) };
}

/** What a pattern takes, ready to compare. */
interface Wanted {
  readonly text: string;
  readonly fits: (actual: FieldValue) => boolean;
}

/**
 * What a pattern takes.
 * @throws {ValueError} if that cannot be had
 */
export function wantedBy(pattern: Pattern, shape: Shape, scope: Scope): Wanted {
  switch (pattern.kind) {
    case 'any':
      return { text: 'anything', fits: () => true };
    case 'is': {
      const value = evaluate(pattern.value, shape, scope);
      return { text: shape.text(value), fits: (actual) => same(value, actual) };
    }
    case 'not': {
      const value = evaluate(pattern.value, shape, scope);
      return { text: `anything but ${shape.text(value)}`, fits: (actual) => !same(value, actual) };
    }
    case 'range': {
      if (shape.type !== 'number') throw new ValueError(pattern, `${shape.key} is no number: it has no range`);
      const [low, high] = [numberOf(pattern.low, shape, scope), numberOf(pattern.high, shape, scope)];
      const fits = (actual: FieldValue) => Number(actual) >= low && Number(actual) <= high;
      return { text: `from ${shape.text(low)} to ${shape.text(high)}`, fits };
    }
    case 'starts':
      return beginning(pattern.value, shape, scope);
  }
}

const HALF = numberShape('c1', 0xffff);

/** The first half of an id, or the first of some bytes. */
function beginning(value: Expression, shape: Shape, scope: Scope): Wanted {
  if (shape.key === 'id') {
    const half = numberOf(value, HALF, scope);
    const text = `${half.toString(16).padStart(4, '0')} and any half of the responder`;
    return { text, fits: (actual) => Number(actual) >>> 16 === half };
  }
  if (shape.type !== 'bytes') throw new ValueError(value, '"..." is for ids and for bytes');
  const first = evaluate(value, { ...shape, size: undefined }, scope) as Uint8Array;
  const fits = (actual: FieldValue) =>
    actual instanceof Uint8Array && sameBytes(actual.subarray(0, first.length), first);
  return { text: `${shape.text(first)} and more`, fits };
}

const same = (one: FieldValue, other: FieldValue): boolean =>
  one instanceof Uint8Array && other instanceof Uint8Array ? sameBytes(one, other) : one === other;
