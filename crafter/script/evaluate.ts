import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { peerId } from '../peer-id.js';
import { FUNCTIONS } from './functions.js';
import type { Held, Scope } from './scope.js';
import { bytesShape, type FieldValue, numberShape, type Shape } from './shape.js';
import type { BitSign, Expression, Position } from './tree.js';
import { CONSTANTS, isWord, RANDOM, suggestion, VALID } from './words.js';

/** A value that a script asks for and that cannot be had. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  readonly at: Position;

  constructor(at: Position, problem: string) {
    super(problem);
    this.at = at;
  }
}

/** A variable that nobody has set, or not yet. */
export class UnknownName extends ValueError {}

/**
 * The value of an expression for the place `want`.
 * @throws {ValueError} if it does not fit there
 */
export function evaluate(expression: Expression, want: Shape, scope: Scope): FieldValue {
  switch (expression.kind) {
    case 'number':
      return fitting(expression.value, want, expression, `the number ${expression.value}`);
    case 'hex':
    case 'text':
      return literal(expression, want, expression);
    case 'name':
      return named(expression, want, scope);
    case 'call':
      return fitting(call(expression, scope), want, expression, `${expression.name}()`);
    case 'sum':
    case 'bits':
    case 'flipped':
      return wrapped(arithmetic(expression, scope), want, expression);
  }
}

/**
 * The value of an expression for a variable: digits and texts stay what they are until they are used.
 * @throws {ValueError} if it has none by itself
 */
export function heldBy(expression: Expression, scope: Scope): Held {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'hex':
    case 'text':
      return expression;
    case 'call':
      return call(expression, scope);
    case 'sum':
    case 'bits':
    case 'flipped':
      return arithmetic(expression, scope);
    case 'name': {
      const { name, isMarked } = expression;
      const constant = isMarked ? undefined : CONSTANTS.get(name);
      if (constant !== undefined) return constant;
      if (isWord(name) && !isMarked)
        throw new ValueError(expression, `"${name}" needs a field; for bytes, write random(16)`);
      const held = scope.variable(name);
      if (held === undefined) throw new UnknownName(expression, unknown(name, scope));
      return held;
    }
  }
}

/** A number, as `evaluate` gives it. */
export function numberOf(expression: Expression, want: Shape, scope: Scope): number {
  return Number(evaluate(expression, want, scope));
}

function named(
  { name, isMarked, line, column }: Extract<Expression, { kind: 'name' }>,
  want: Shape,
  scope: Scope,
): FieldValue {
  const at = { line, column };
  if (isWord(name) && !isMarked) return word(name, want, scope, at);
  const held = scope.variable(name);
  if (held === undefined) throw new UnknownName(at, unknown(name, scope));
  return fromHeld(held, want, at, name);
}

function unknown(name: string, scope: Scope): string {
  if (Object.hasOwn(FUNCTIONS, name)) return `${name} is a function: write ${name}(…)`;
  const sums = /^(\w+)-(\w+)$/.exec(name);
  const hint = sums
    ? `; to subtract, write ${sums[1]} - ${sums[2]}`
    : suggestion(name, [...scope.names(), ...CONSTANTS.keys()]);
  return `nothing is called ${name} here${hint}`;
}

/** The value of a variable for a place. */
export function fromHeld(held: Held, want: Shape, at: Position, name: string): FieldValue {
  return typeof held === 'object' && 'kind' in held ? literal(held, want, at) : fitting(held, want, at, name);
}

function word(name: string, want: Shape, scope: Scope, at: Position): FieldValue {
  if (name === VALID) {
    const value = scope.valid?.(want.key, at);
    if (value === undefined) throw new ValueError(at, `"valid" says nothing about ${want.key} here`);
    return value;
  }
  if (name === RANDOM) return anything(want, scope, at);
  const constant = CONSTANTS.get(name) ?? 0;
  // The reason "loss" is no payload, and the mode "x" no cookie.
  return fitting(constant, want, at, name);
}

function anything(want: Shape, { random }: Scope, at: Position): FieldValue {
  switch (want.type) {
    case 'bool':
      return ((random(1)[0] ?? 0) & 1) === 1;
    case 'bytes':
      if (want.size === undefined) throw new ValueError(at, `how many bytes? Write random(16)`);
      return random(want.size);
    case 'number':
      for (;;) {
        const value = random(6).reduce((all, byte) => all * 256 + byte, 0) % (want.most + 1);
        if (value >>> 16 !== RESERVED_HALF && (value & 0xffff) !== RESERVED_HALF) return value;
      }
  }
}

function literal(given: Extract<Expression, { kind: 'hex' | 'text' }>, want: Shape, at: Position): FieldValue {
  if (given.kind === 'text') {
    if (want.type !== 'bytes') throw new ValueError(at, `${want.key} takes ${kindText(want)}, found a text`);
    const bytes = want.isPeer ? peerId(given.text) : new TextEncoder().encode(given.text);
    return fitting(bytes, want, at, 'the text');
  }
  if (want.type !== 'bytes') return fitting(Number.parseInt(given.digits, 16), want, at, `0x${given.digits}`);
  if (given.digits.length % 2 !== 0) {
    throw new ValueError(at, `${want.key} takes bytes, found an odd number of hex digits`);
  }
  return fitting(fromHex(given.digits), want, at, `0x${given.digits}`);
}

/** The value if the place takes it. */
function fitting(value: FieldValue, want: Shape, at: Position, what: string): FieldValue {
  const refuse = (): never => {
    throw new ValueError(at, `${want.key} takes ${kindText(want)}, ${what} ${typeText(value)}`);
  };
  if (typeof value === 'boolean') {
    if (want.type === 'bool') return value;
    return want.type === 'number' ? Number(value) : refuse();
  }
  if (typeof value === 'number') {
    if (want.type === 'bool' && (value === 0 || value === 1)) return value === 1;
    if (want.type !== 'number') return refuse();
    if (value > want.most) throw new ValueError(at, `${want.key} holds at most ${want.most}, found ${value}`);
    return value;
  }
  if (want.type !== 'bytes') return refuse();
  if (want.size !== undefined && value.length !== want.size) {
    throw new ValueError(at, `${want.key} takes ${want.size} bytes, ${what} has ${value.length}`);
  }
  return value;
}

const typeText = (value: FieldValue): string =>
  value instanceof Uint8Array ? 'is bytes' : typeof value === 'number' ? 'is a number' : 'is a truth';

const kindText = ({ type, size, isPeer }: Shape): string => {
  if (isPeer) return 'a peer id';
  if (type === 'bytes') return size === undefined ? 'bytes' : `${size} bytes`;
  return type === 'number' ? 'a number' : 'true or false';
};

const TERM = numberShape('a sum');

/** Goes along the sum instead of calling itself for each value: a long one would use up the stack. */
function sum(whole: Extract<Expression, { kind: 'sum' }>, scope: Scope): number {
  const added: { readonly sign: 1 | -1; readonly right: Expression }[] = [];
  let first: Expression = whole;
  for (; first.kind === 'sum'; first = first.left) added.push(first);
  return added.reduceRight(
    (total, { sign, right }) => total + sign * numberOf(right, TERM, scope),
    numberOf(first, TERM, scope),
  );
}

/** Numbers that a computation gives: sums, and what becomes of bits. */
function arithmetic(expression: Extract<Expression, { kind: 'sum' | 'bits' | 'flipped' }>, scope: Scope): number {
  switch (expression.kind) {
    case 'sum':
      return sum(expression, scope);
    case 'flipped':
      return -1 - numberOf(expression.value, TERM, scope);
    case 'bits': {
      const [left, right] = [numberOf(expression.left, TERM, scope), numberOf(expression.right, TERM, scope)];
      if (right > MOST_SHIFT && (expression.sign === '<<' || expression.sign === '>>')) {
        throw new ValueError(expression.right, `bits move by up to ${MOST_SHIFT}, found ${right}`);
      }
      const value = BITS[expression.sign](BigInt(left), BigInt(right));
      if (!Number.isSafeInteger(Number(value))) throw new ValueError(expression, 'this number is too large');
      return Number(value);
    }
  }
}

/** No field has more bits. */
const MOST_SHIFT = 48;

const BITS: Readonly<Record<BitSign, (left: bigint, right: bigint) => bigint>> = {
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '&': (left, right) => left & right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
};

/** A sum wraps as the field it is for: the number after 65535 is 0. */
function wrapped(value: number, want: Shape, at: Position): FieldValue {
  if (want.type !== 'number') return fitting(value, want, at, 'the sum');
  if (want.most === Number.MAX_SAFE_INTEGER) return value;
  const numbers = want.most + 1;
  return ((value % numbers) + numbers) % numbers;
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): FieldValue {
  const { name, given } = expression;
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known)
    throw new ValueError(expression, `no function is called ${name}${suggestion(name, Object.keys(FUNCTIONS))}`);
  const { takes, least = takes.length, make } = known;
  if (given.length < least || given.length > takes.length) {
    const form = takes.map(({ key }, place) => (place < least ? key : `[${key}]`)).join(', ');
    throw new ValueError(
      expression,
      `${name}(${form}) takes ${form === '' ? 'nothing' : 'these'}, found ${given.length}`,
    );
  }
  const values = given.map((one, place) => evaluate(one, takes[place] ?? bytesShape(name), scope));
  try {
    return make(values, scope);
  } catch (error) {
    if (error instanceof RangeError) throw new ValueError(expression, `${name}(): ${error.message}`);
    throw error;
  }
}
