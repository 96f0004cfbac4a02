import type { FilterError, Span } from './filter-error.js';
import type { Expression } from './tree.js';
import type { FunctionName, Typed } from './typed.js';
import { KIND_NAMES, plain, type Type } from './types.js';

/** What the check of a call needs to know of its surroundings. */
interface Around {
  readonly value: (operand: Expression, wanted?: Type) => Typed;
  readonly isField: (operand: Expression) => boolean;
  readonly error: (span: Span | undefined, problem: string) => FilterError;
}

interface Checked {
  readonly operands: readonly Typed[];
  readonly type: Type;
}

const NUMBER: Type = plain('uint', 4);
const TEXT: Type = plain('string');

/** Checks what a function is given, and tells what it returns. @throws {FilterError} */
export function checkOperands(name: FunctionName, operands: readonly Expression[], around: Around): Checked {
  const [first, ...others] = operands;
  if (!first) throw around.error(undefined, `${name}() wants a field`);
  if (name === 'max' || name === 'min') return extreme(name, first, others, around);
  const [extra] = others;
  if (extra) throw around.error(extra, `${name}() takes one field`);
  if (name === 'abs') return absolute(first, around);
  if (first.kind !== 'word' || !around.isField(first)) throw around.error(first, `${name}() takes a field`);
  const operand = around.value(first);
  const problem = problemWith(name, operand.type);
  if (problem !== undefined) throw around.error(first, problem);
  return { operands: [operand], type: name === 'len' || name === 'count' ? NUMBER : TEXT };
}

function problemWith(name: FunctionName, { kind }: Type): string | undefined {
  switch (name) {
    case 'upper':
    case 'lower':
      return kind === 'string' ? undefined : `${name}() takes a field of texts, not of the kind ${KIND_NAMES[kind]}`;
    case 'string':
      return STRINGS.has(kind) ? undefined : `string() cannot turn a value of the kind ${KIND_NAMES[kind]} into a text`;
    case 'len':
      return kind === 'heading' ? 'a heading has no length' : undefined;
    default:
      return undefined;
  }
}

const STRINGS: ReadonlySet<string> = new Set(['uint', 'id', 'ipv4', 'ipv6', 'ether']);

function absolute(first: Expression, { value, error }: Around): Checked {
  const operand = value(first);
  const { kind } = operand.type;
  if (kind !== 'uint' && kind !== 'bool' && kind !== 'duration') {
    throw error(first, `abs() takes numbers and durations, not values of the kind ${KIND_NAMES[kind]}`);
  }
  return { operands: [operand], type: operand.type };
}

function extreme(name: string, first: Expression, others: readonly Expression[], { value, error }: Around): Checked {
  const operand = value(first);
  const { type } = operand;
  if (type.kind === 'heading') throw error(first, 'a heading has no value to compare');
  if (operand.kind === 'slice') throw error(first, `${name}() does not take a slice`);
  const rest = others.map((other) => {
    if (other.kind === 'string') throw error(other, `${name}() does not take texts in quotes`);
    const typed = value(other, type);
    if (typed.type.kind === type.kind && typed.type.size === type.size) return typed;
    const [wanted, found] = [kindText(type), kindText(typed.type)];
    throw error(other, `${name}() compares values of one kind: expected ${wanted}, found ${found}`);
  });
  return { operands: [operand, ...rest], type };
}

const kindText = ({ kind, size }: Type): string =>
  size > 0 ? `${KIND_NAMES[kind]} of ${size} ${size === 1 ? 'byte' : 'bytes'}` : KIND_NAMES[kind];
