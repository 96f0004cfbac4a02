import type { Token, TokenKind } from './lexer.js';
import type { Cursor } from './parse-cursor.js';
import type { BitSign, Expression, FieldTree, Pattern, Position } from './tree.js';

/** How deep calls may nest: more is no script that anybody wrote. */
const DEEPEST = 32;

export const placeOf = ({ line, column }: Position): Position => ({ line, column });

/** `name=pattern` or a pattern alone, with commas between, up to a token of one of these kinds, which is left. */
export function fieldsIn(cursor: Cursor, until: readonly TokenKind[]): readonly FieldTree[] {
  const fields: FieldTree[] = [];
  const isOver = ({ kind, text }: Token): boolean => until.includes(kind) || (kind === 'symbol' && text === ')');
  if (isOver(cursor.peek())) return fields;
  do fields.push(fieldIn(cursor));
  while (cursor.take(','));
  return fields;
}

function fieldIn(cursor: Cursor): FieldTree {
  const first = cursor.peek();
  if (first.kind === 'name') {
    const name = cursor.next();
    if (cursor.take('=')) return { ...placeOf(name), name: name.text, pattern: patternIn(cursor) };
    return { ...placeOf(name), name: undefined, pattern: patternIn(cursor, name) };
  }
  return { ...placeOf(first), name: undefined, pattern: patternIn(cursor) };
}

/** What a field must be. @param first a name that was taken already */
function patternIn(cursor: Cursor, first?: Token): Pattern {
  const place = placeOf(first ?? cursor.peek());
  if (!first && cursor.take('*')) return { ...place, kind: 'any' };
  if (!first && cursor.take('!')) return { ...place, kind: 'not', value: expressionIn(cursor) };
  const value = expressionIn(cursor, first);
  if (cursor.take('...')) return { ...place, kind: 'starts', value };
  if (cursor.take('..')) return { ...place, kind: 'range', low: value, high: expressionIn(cursor) };
  return { ...place, kind: 'is', value };
}

/** Operations on bits, the loosest first; a sum binds closer than all of them, as in C. */
const BIT_SIGNS: readonly (readonly BitSign[])[] = [['|'], ['^'], ['&'], ['<<', '>>']];
/** More operations on bits in one value are no script that anybody wrote. */
const MOST_BIT_SIGNS = 100;

/** A value: a number, hex digits, a text, a variable, a call, a sum of them, or what becomes of their bits. */
export const expressionIn = (cursor: Cursor, first?: Token, depth = 0): Expression => bitsIn(cursor, 0, first, depth);

function bitsIn(cursor: Cursor, level: number, first: Token | undefined, depth: number): Expression {
  const signs = BIT_SIGNS[level];
  if (!signs) return sumIn(cursor, first, depth);
  let left = bitsIn(cursor, level + 1, first, depth);
  for (let count = 0; ; count++) {
    const { kind, text } = cursor.peek();
    const sign = kind === 'symbol' ? signs.find((known) => known === text) : undefined;
    if (!sign) return left;
    if (count >= MOST_BIT_SIGNS)
      throw cursor.wrong(cursor.peek(), `more than ${MOST_BIT_SIGNS} operations in one value`);
    cursor.next();
    left = { ...placeOf(left), kind: 'bits', sign, left, right: bitsIn(cursor, level + 1, undefined, depth) };
  }
}

function sumIn(cursor: Cursor, first: Token | undefined, depth: number): Expression {
  let left = termIn(cursor, first, depth);
  for (;;) {
    const { kind, text } = cursor.peek();
    if (kind !== 'symbol' || (text !== '+' && text !== '-')) return left;
    cursor.next();
    left = {
      ...placeOf(left),
      kind: 'sum',
      sign: text === '+' ? 1 : -1,
      left,
      right: termIn(cursor, undefined, depth),
    };
  }
}

const EXPECTED = 'a value such as 7, 0x1a2b, "text", a variable or a call';

function termIn(cursor: Cursor, first: Token | undefined, depth: number): Expression {
  const token = first ?? cursor.next();
  const place = placeOf(token);
  switch (token.kind) {
    case 'number': {
      const value = Number(token.text);
      if (!Number.isSafeInteger(value)) throw cursor.error(token, 'a whole number');
      return { ...place, kind: 'number', value };
    }
    case 'hex':
      if (token.text === '') throw cursor.error(token, 'hex digits after 0x');
      return { ...place, kind: 'hex', digits: token.text };
    case 'text':
      return { ...place, kind: 'text', text: token.text };
    case 'name':
      return cursor.take('(')
        ? callIn(cursor, token, depth)
        : { ...place, kind: 'name', name: token.text, isMarked: false };
    case 'symbol':
      if (token.text === '(' || token.text === '~') return nestedIn(cursor, token, depth);
      if (token.text !== '$') throw cursor.error(token, EXPECTED);
      return { ...place, kind: 'name', name: cursor.name('the name of a variable').text, isMarked: true };
    case 'newline':
    case 'end':
      throw cursor.error(token, EXPECTED);
  }
}

/** A value in parentheses, or one whose bits are turned round. */
function nestedIn(cursor: Cursor, token: Token, depth: number): Expression {
  const place = placeOf(token);
  if (depth >= DEEPEST) throw cursor.wrong(place, `values nest deeper than ${DEEPEST}`);
  if (token.text === '~') return { ...place, kind: 'flipped', value: termIn(cursor, undefined, depth + 1) };
  const value = expressionIn(cursor, undefined, depth + 1);
  cursor.symbol(')');
  return value;
}

function callIn(cursor: Cursor, { text, line, column }: Token, depth: number): Expression {
  if (depth >= DEEPEST) throw cursor.wrong({ line, column }, `calls nest deeper than ${DEEPEST}`);
  const given: Expression[] = [];
  if (!cursor.take(')')) {
    do given.push(expressionIn(cursor, undefined, depth + 1));
    while (cursor.take(','));
    cursor.symbol(')', '"," or ")"');
  }
  return { line, column, kind: 'call', name: text, given };
}
