import { fromHeld, heldBy } from './evaluate.js';
import type { Held, Scope } from './scope.js';
import { bytesShape, type FieldValue, numberShape, sameBytes } from './shape.js';
import type { ComparisonSign, Condition, Expression, Position } from './tree.js';

/**
 * Whether a condition holds.
 * @throws {ValueError} if one of its values cannot be had, or two cannot be compared
 */
export function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.both.every((one) => holds(one, scope));
    case 'or':
      return condition.both.some((one) => holds(one, scope));
    case 'not':
      return !holds(condition.one, scope);
    case 'comparison':
      return compare(condition.sign, condition.left, condition.right, scope);
  }
}

/**
 * Looks at every part of a condition, whatever the others say: for checking.
 * @throws {ValueError} as `holds` does
 */
export function holdsAll(condition: Condition, scope: Scope): void {
  if (condition.kind === 'comparison') holds(condition, scope);
  else if (condition.kind === 'not') holdsAll(condition.one, scope);
  else for (const one of condition.both) holdsAll(one, scope);
}

const BYTES = bytesShape('this side of the comparison');
const NUMBER = numberShape('this side of the comparison');

function compare(sign: ComparisonSign, leftSide: Expression, rightSide: Expression, scope: Scope): boolean {
  const [left, right] = [heldBy(leftSide, scope), heldBy(rightSide, scope)];
  const shape = isBytes(left) || isBytes(right) || (isText(left) && isText(right)) ? BYTES : NUMBER;
  const operand = (held: Held, at: Position): FieldValue => fromHeld(held, shape, at, 'this side');
  const [one, other] = [operand(left, leftSide), operand(right, rightSide)];
  if (one instanceof Uint8Array && other instanceof Uint8Array) return inOrder(sign, orderOf(one, other));
  return inOrder(sign, Number(one) - Number(other));
}

const isBytes = (held: Held): boolean => held instanceof Uint8Array;
const isText = (held: Held): boolean => typeof held === 'object' && 'kind' in held && held.kind === 'text';

/** Bytes in the order of their first difference; what is only longer comes later. */
function orderOf(one: Uint8Array, other: Uint8Array): number {
  if (sameBytes(one, other)) return 0;
  const at = one.findIndex((byte, place) => byte !== other[place]);
  if (at < 0) return -1;
  return (one[at] ?? 0) - (other[at] ?? -1);
}

function inOrder(sign: ComparisonSign, order: number): boolean {
  switch (sign) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
