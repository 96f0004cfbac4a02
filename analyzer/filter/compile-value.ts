import type { Packet } from '../print/packet.js';
import { accessOf } from './access.js';
import type { Evaluated, ReadOf } from './evaluated.js';
import { callOf } from './functions.js';
import { layerBytes } from './layer-bytes.js';
import { boundsOf } from './ranges.js';
import type { Operator, Range } from './tree.js';
import type { Typed } from './typed.js';
import type { Value } from './types.js';
import { bytesOfValue, prefixOf } from './values.js';

type Field = Extract<Typed, { kind: 'field' }>;

/** Where the values of fields come from. */
export interface Around<P> {
  /** What reads a field; `whole` where a layer counts with all that it carries, `presence` where only that counts. */
  readonly read: (field: Field, what: 'value' | 'whole' | 'presence') => ReadOf<P>;
  /** The packet whose fields references mean. */
  readonly selected: Packet | undefined;
}

/** What reads the fields of packets. */
export const ofPackets = (selected: Packet | undefined): Around<Packet> => ({
  selected,
  read: ({ named, layers, type }, what) =>
    type.kind === 'layer' && what !== 'presence'
      ? layerBytes(named.name, what === 'whole', layers)
      : accessOf(named, layers).some,
});

/** The most values that a calculation makes of those of two fields. */
const MOST_VALUES = 4096;

/**
 * What yields the values of an expression.
 * @param whole whether a layer counts with all that it carries
 */
export function evaluatorOf<P>(typed: Typed, around: Around<P>, whole = false): Evaluated<P> {
  const evaluate = (inner: Typed): Evaluated<P> => evaluatorOf(inner, around);
  switch (typed.kind) {
    case 'field':
      return reading(around.read(typed, whole ? 'whole' : 'value'));
    case 'constant':
      return constant(
        typed.literal.prefix === undefined ? typed.literal.value : prefixOf(typed.literal.value, typed.literal.prefix),
      );
    case 'reference': {
      const { selected } = around;
      const found = selected ? reading(accessOf(typed.named, typed.layers).some).values(selected) : [];
      return listing(() => found);
    }
    case 'slice': {
      const { ranges, of } = typed;
      const { some } = evaluate(of);
      return reading((subject, visit) => some(subject, (value) => visit(cut(bytesOfValue(value, of.type), ranges))));
    }
    case 'call': {
      const { name, operands } = typed;
      return listing(callOf(name, operands, operands.map(evaluate)));
    }
    case 'negative':
      return negative(evaluate(typed.of));
    case 'arithmetic':
      return arithmetic(typed.operator, evaluate(typed.left), evaluate(typed.right));
  }
}

function reading<P>(some: ReadOf<P>): Evaluated<P> {
  const values = (subject: P): readonly Value[] => {
    const list: Value[] = [];
    some(subject, (value) => {
      list.push(value);
      return false;
    });
    return list;
  };
  return { some, values };
}

const listing = <P>(values: (subject: P) => readonly Value[]): Evaluated<P> => ({
  some: (subject, visit) => values(subject).some(visit),
  values,
});

function constant<P>(value: Value): Evaluated<P> {
  const values = [value];
  return { some: (_subject, visit) => visit(value), values: () => values, constant: value };
}

/** The bytes that ranges choose, up to the first range that reaches beyond: none where that is the first. */
function cut(bytes: Uint8Array, ranges: readonly Range[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const range of ranges) {
    const bounds = boundsOf(range, bytes.length);
    if (!bounds) break;
    pieces.push(bytes.subarray(...bounds));
  }
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

const minus = (value: Value): Value => (typeof value === 'number' || typeof value === 'bigint' ? -value : value);

function negative<P>(of: Evaluated<P>): Evaluated<P> {
  if (of.constant !== undefined) return constant(minus(of.constant));
  return listing((subject) => of.values(subject).map(minus));
}

function arithmetic<P>(operator: Operator, left: Evaluated<P>, right: Evaluated<P>): Evaluated<P> {
  const calculate = CALCULATE[operator];
  if (left.constant !== undefined && right.constant !== undefined) {
    const value = calculate(left.constant, right.constant);
    return value === undefined ? listing(() => []) : constant(value);
  }
  return listing((subject) => {
    const others = right.values(subject);
    const results: Value[] = [];
    for (const one of left.values(subject)) {
      for (const other of others) {
        const value = calculate(one, other);
        if (value !== undefined) results.push(value);
        if (results.length === MOST_VALUES) return results;
      }
    }
    return results;
  });
}

/** Both numbers, or both durations: the check saw to it. */
type Calculate = (one: Value, other: Value) => Value | undefined;

const numbers =
  (calculate: (one: number, other: number) => number | undefined): Calculate =>
  (one, other) =>
    typeof one === 'number' && typeof other === 'number' ? calculate(one, other) : undefined;

const CALCULATE: Readonly<Record<Operator, Calculate>> = {
  '+': (one, other) =>
    typeof one === 'bigint' && typeof other === 'bigint' ? one + other : numbers((a, b) => a + b)(one, other),
  '-': (one, other) =>
    typeof one === 'bigint' && typeof other === 'bigint' ? one - other : numbers((a, b) => a - b)(one, other),
  '*': numbers((one, other) => one * other),
  '/': numbers((one, other) => (other === 0 ? undefined : Math.trunc(one / other))),
  '%': numbers((one, other) => (other === 0 ? undefined : one % other)),
  '&': masked,
};

/** The bits that both have; of two runs of bytes, as many as the shorter has. */
function masked(one: Value, other: Value): Value | undefined {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    const length = Math.min(one.length, other.length);
    return one.subarray(0, length).map((byte, at) => byte & (other[at] ?? 0));
  }
  if (typeof one !== 'number' || typeof other !== 'number') return undefined;
  if (Math.abs(one) <= 0xffff_ffff && Math.abs(other) <= 0xffff_ffff) return (one & other) >>> 0;
  return Number(BigInt(one) & BigInt(other));
}
