import type { Cursor } from './parse-cursor.js';
import { expressionIn, placeOf } from './parse-expression.js';
import type { ComparisonSign, Condition } from './tree.js';

const SIGNS: readonly ComparisonSign[] = ['==', '!=', '<', '<=', '>', '>='];
/** How deep conditions may nest: more is no script that anybody wrote. */
const DEEPEST = 32;
/** More comparisons in one condition are no script that anybody wrote, either. */
const MOST_PARTS = 100;

/** A condition: comparisons with `and`, `or` and `not`; `and` binds closer than `or`. */
export const conditionIn = (cursor: Cursor): Condition => joinedIn(cursor, 'or', 0);

function joinedIn(cursor: Cursor, word: 'and' | 'or', depth: number): Condition {
  const part = (): Condition => (word === 'or' ? joinedIn(cursor, 'and', depth) : singleIn(cursor, depth));
  let left = part();
  for (let count = 1; isWord(cursor, word); count++) {
    if (count > MOST_PARTS) throw cursor.wrong(cursor.peek(), `more than ${MOST_PARTS} parts in one condition`);
    cursor.next();
    left = { ...placeOf(left), kind: word, both: [left, part()] };
  }
  return left;
}

function singleIn(cursor: Cursor, depth: number): Condition {
  const place = placeOf(cursor.peek());
  if (depth >= DEEPEST) throw cursor.wrong(place, `conditions nest deeper than ${DEEPEST}`);
  if (isWord(cursor, 'not')) {
    cursor.next();
    return { ...place, kind: 'not', one: singleIn(cursor, depth + 1) };
  }
  const left = expressionIn(cursor);
  const { kind, text } = cursor.peek();
  const sign = kind === 'symbol' ? SIGNS.find((known) => known === text) : undefined;
  if (!sign) throw cursor.error(cursor.peek(), `one of ${SIGNS.join(' ')}`);
  cursor.next();
  return { ...place, kind: 'comparison', sign, left, right: expressionIn(cursor) };
}

const isWord = (cursor: Cursor, word: string): boolean => cursor.peek().kind === 'name' && cursor.peek().text === word;
