import { FilterError } from './filter-error.js';
import { parse } from './parser.js';

/** Two filters as one. Neither is put in brackets that need none, nor said twice. */
export function joinFilters(one: string, sign: '&&' | '||', other: string): string {
  const [left, right] = [one.trim(), other.trim()];
  if (left === '' || left === right) return right;
  if (right === '') return left;
  return `${operand(left, sign)} ${sign} ${operand(right, sign)}`;
}

/** A filter as a part of a longer one. */
function operand(filter: string, sign: '&&' | '||'): string {
  const kind = kindOf(filter);
  const isClear = kind !== undefined && kind !== 'or' && kind !== 'xor' && (sign === '&&' || kind !== 'and');
  return isClear || (sign === '||' && kind === 'or') ? filter : `(${filter})`;
}

function kindOf(filter: string): string | undefined {
  try {
    return parse(filter)?.kind;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return undefined;
  }
}
