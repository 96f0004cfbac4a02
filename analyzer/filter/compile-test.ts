import type { Packet } from '../print/packet.js';
import { type Around, evaluatorOf, ofPackets } from './compile-value.js';
import type { Evaluated, ReadOf } from './evaluated.js';
import type { Visit } from './reader.js';
import type { Quantifier, Relation } from './tree.js';
import type { Checked, Typed } from './typed.js';
import { isBytes, type Value } from './types.js';
import { bytesOfValue, COMPARE, type Compare, indexOfBytes, isSame, latin1, prefixOf } from './values.js';

/** Whether a subject passes: a packet, unless said otherwise. */
export type Predicate<P = Packet> = (subject: P) => boolean;

/** Compiles a checked test to a function over packets. */
export const compileTest = (test: Checked, selected: Packet | undefined): Predicate =>
  compileOver(test, ofPackets(selected));

/** Compiles a checked test to a function over whatever the values of its fields are read from. */
export function compileOver<P>(test: Checked, around: Around<P>): Predicate<P> {
  const compile = (inner: Checked): Predicate<P> => compileOver(inner, around);
  const evaluate = (typed: Typed, whole = false): Evaluated<P> => evaluatorOf(typed, around, whole);
  switch (test.kind) {
    case 'and':
      return all(test.tests.map(compile));
    case 'or':
      return any(test.tests.map(compile));
    case 'xor': {
      const tests = test.tests.map(compile);
      return (subject) => tests.reduce((is, one) => is !== one(subject), false);
    }
    case 'not': {
      const inner = compile(test.test);
      return (subject) => !inner(subject);
    }
    case 'exists':
      return exists(test.of, around);
    case 'compare':
      return compared(test.relation, test.quantifier, test.left, test.right, evaluate);
    case 'contains':
      return pairs(test.quantifier, evaluate(test.left, true), evaluate(test.right), containing(test.left, test.right));
    case 'matches': {
      const { matcher, left } = test;
      const subject = (value: Value) => latin1(bytesOfValue(value, left.type));
      return quantified(test.quantifier, evaluate(left, true), (value) => !isNoBytes(value) && matcher(subject(value)));
    }
    case 'in':
      return membership(test, evaluate);
  }
}

function all<P>(tests: readonly Predicate<P>[]): Predicate<P> {
  const [one, other, more] = tests;
  if (one && other && !more) return (subject) => one(subject) && other(subject);
  return (subject) => {
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}

function any<P>(tests: readonly Predicate<P>[]): Predicate<P> {
  const [one, other, more] = tests;
  if (one && other && !more) return (subject) => one(subject) || other(subject);
  return (subject) => {
    for (const test of tests) if (test(subject)) return true;
    return false;
  };
}

/** A field or a layer is there; what is calculated must not be zero either, and what is cut not empty. */
function exists<P>(typed: Typed, around: Around<P>): Predicate<P> {
  const isCalculated = typed.kind === 'arithmetic' || typed.kind === 'negative';
  const visit: Visit = isCalculated ? isNotZero : (value) => typed.kind !== 'slice' || !isNoBytes(value);
  // A layer's bytes are not needed to know that it is there.
  const some: ReadOf<P> = typed.kind === 'field' ? around.read(typed, 'presence') : evaluatorOf(typed, around).some;
  return (subject) => some(subject, visit);
}

/** What a slice is that lies beyond the end. */
const isNoBytes = (value: Value): boolean => value instanceof Uint8Array && value.length === 0;

const isNotZero = (value: Value): boolean =>
  value instanceof Uint8Array ? value.some((byte) => byte !== 0) : value !== 0 && value !== 0n;

/** Whether one value passes, or all do and there is one. */
function quantified<P>(quantifier: Quantifier, { some }: Evaluated<P>, passes: Visit): Predicate<P> {
  if (quantifier === 'any') return (subject) => some(subject, passes);
  const fails: Visit = (value) => !passes(value);
  return (subject) => some(subject, () => true) && !some(subject, fails);
}

/** The same for pairs of values of both sides. */
function pairs<P>(quantifier: Quantifier, left: Evaluated<P>, right: Evaluated<P>, passes: Compare): Predicate<P> {
  const { constant } = right;
  if (constant !== undefined) return quantified(quantifier, left, (value) => passes(value, constant));
  return (subject) => {
    const others = right.values(subject);
    if (others.length === 0) return false;
    if (quantifier === 'any') return left.some(subject, (value) => others.some((other) => passes(value, other)));
    const fails: Visit = (value) => !others.every((other) => passes(value, other));
    return left.some(subject, () => true) && !left.some(subject, fails);
  };
}

function compared<P>(
  relation: Relation,
  quantifier: Quantifier,
  left: Typed,
  right: Typed,
  evaluate: (typed: Typed) => Evaluated<P>,
): Predicate<P> {
  const [one, other] = [evaluate(left), evaluate(right)];
  const { constant } = other;
  const fast = constant === undefined ? undefined : simpleTest(relation, left, right, constant);
  if (fast) return quantified(quantifier, one, fast);
  return pairs(quantifier, one, other, comparing(relation, left, right));
}

/** The tests that most filters are made of, without a call for the comparison. */
function simpleTest(relation: Relation, left: Typed, right: Typed, constant: Value): Visit | undefined {
  const isPrefix = right.kind === 'constant' && right.literal.prefix !== undefined;
  const isSimple =
    (typeof constant === 'number' && constant >= 0) || (typeof constant === 'string' && !left.type.order);
  if (isPrefix || !isSimple) return undefined;
  switch (relation) {
    case 'eq':
      return (value) => value === constant;
    case 'ne':
      return (value) => value !== constant;
    case 'gt':
      return (value) => value > constant;
    case 'ge':
      return (value) => value >= constant;
    case 'lt':
      return (value) => value < constant;
    case 'le':
      return (value) => value <= constant;
  }
}

/** How values of two expressions are compared: as what they are, or as bytes where one of them is. */
function comparing(relation: Relation, left: Typed, right: Typed): Compare {
  const compare = COMPARE[relation];
  const prefix = right.kind === 'constant' ? right.literal.prefix : undefined;
  if (prefix !== undefined) return (one, other) => compare(prefixOf(one, prefix), prefixOf(other, prefix));
  const { order } = left.type;
  if (order && relation !== 'eq' && relation !== 'ne')
    return (one, other) => compare(rank(order, one), rank(order, other));
  if (isBytes(left.type) === hasBytes(right)) return compare;
  return (one, other) => compare(bytesOfValue(one, left.type), bytesOfValue(other, right.type));
}

/** Whether the values of an expression are bytes: those of a text are where they are not whole characters. */
const hasBytes = (typed: Typed): boolean =>
  isBytes(typed.type) ||
  (typed.type.kind === 'string' && typed.kind === 'constant' && typed.literal.value instanceof Uint8Array);

const rank = (order: readonly string[], value: Value): number =>
  typeof value === 'string' ? order.indexOf(value.toLowerCase()) : -1;

/** An empty text is nowhere; an empty run of bytes is everywhere where there are any, as in Wireshark. */
function containing(left: Typed, right: Typed): Compare {
  if (left.type.kind === 'string' && !hasBytes(right) && right.type.kind === 'string') {
    return (one, other) => other !== '' && `${one}`.includes(`${other}`);
  }
  return (one, other) =>
    !isNoBytes(one) && indexOfBytes(bytesOfValue(one, left.type), bytesOfValue(other, right.type)) >= 0;
}

function membership<P>(
  { quantifier, left, set }: Extract<Checked, { kind: 'in' }>,
  evaluate: (typed: Typed) => Evaluated<P>,
): Predicate<P> {
  const field = evaluate(left);
  const simple = plainSet(set);
  if (simple) return quantified(quantifier, field, (value) => simple.has(value));
  const elements = set.map(({ from, to }) => ({
    from: evaluate(from),
    to: to && evaluate(to),
    test: elementTest(left, from, to),
  }));
  return (subject) => {
    const known = elements.map(({ from, to, test }) => ({ from: from.values(subject), to: to?.values(subject), test }));
    const isIn: Visit = (value) => known.some(({ from, to, test }) => test(value, from, to));
    return quantified(quantifier, field, isIn)(subject);
  };
}

/** A set of nothing but single numbers or texts. */
function plainSet(set: Extract<Checked, { kind: 'in' }>['set']): ReadonlySet<Value> | undefined {
  const values = new Set<Value>();
  for (const { from, to } of set) {
    if (to || from.kind !== 'constant' || from.literal.prefix !== undefined) return undefined;
    if (from.literal.value instanceof Uint8Array) return undefined;
    values.add(from.literal.value);
  }
  return values;
}

type ElementTest = (value: Value, from: readonly Value[], to: readonly Value[] | undefined) => boolean;

function elementTest(left: Typed, from: Typed, to: Typed | undefined): ElementTest {
  if (!to) {
    const same =
      from.kind === 'constant' || isBytes(from.type) !== isBytes(left.type) ? comparing('eq', left, from) : isSame;
    return (value, values) => values.some((other) => same(value, other));
  }
  const [above, below] = [comparing('ge', left, from), comparing('le', left, to)];
  return (value, least, most = []) =>
    least.some((other) => above(value, other)) && most.some((other) => below(value, other));
}
