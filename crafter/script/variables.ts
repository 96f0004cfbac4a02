import { fromHeld } from './evaluate.js';
import type { Scope } from './scope.js';
import { type FieldValue, numberShape, type Shape } from './shape.js';
import type { Position } from './tree.js';

/** The value of the variable with the name of a field, if there is one. */
export function variableFor(shape: Shape, scope: Scope, at: Position): FieldValue | undefined {
  const held = scope.variable(shape.key);
  return held === undefined ? undefined : fromHeld(held, shape, at, shape.key);
}

const HALF = 0xffff;

/** The channel that the variables name: `id`, or `c1` and `c2` together. */
export function channelIn(scope: Scope, shape: Shape, at: Position): number | undefined {
  const id = variableFor(shape, scope, at);
  if (id !== undefined) return Number(id);
  const c1 = variableFor(numberShape('c1', HALF), scope, at);
  if (c1 === undefined) return undefined;
  const c2 = variableFor(numberShape('c2', HALF), scope, at);
  return c2 === undefined ? undefined : ((Number(c1) << 16) | Number(c2)) >>> 0;
}
