import { checkOperands } from './check-functions.js';
import { FilterError, quoted, type Span } from './filter-error.js';
import { type Literal, partLiteral, readLiteral, textOf, type Written } from './literal.js';
import { type Named, Names } from './names.js';
import { nearestValue } from './own-values.js';
import { compilePattern } from './pattern.js';
import type { Expression, Test, Word } from './tree.js';
import { type Checked, FUNCTIONS, type FunctionName, type Typed } from './typed.js';
import { canCompare, canCompute, canMask, canSearch, canSlice, KIND_NAMES, plain, type Type } from './types.js';
import { latin1 } from './values.js';

/** Looks up the names of a filter and checks that what it compares can be compared. @throws {FilterError} */
export const check = (text: string, test: Test): Checked => new Checker(text).test(test);

/** What reads a literal of a type. */
type ReadLiteral = (written: Written, type: Type) => Literal | string;

type Binary = Extract<Test, { kind: 'compare' | 'contains' | 'matches' }>;

class Checker {
  private readonly text: string;
  private readonly names = new Names();

  constructor(text: string) {
    this.text = text;
  }

  test(test: Test): Checked {
    switch (test.kind) {
      case 'and':
      case 'or':
      case 'xor':
        return { kind: test.kind, tests: test.tests.map((one) => this.test(one)) };
      case 'not':
        return { kind: 'not', test: this.test(test.test) };
      case 'exists':
        return this.exists(test.of);
      case 'compare':
        return this.compare(test);
      case 'contains':
        return this.contains(test);
      case 'matches':
        return this.matches(test);
      case 'in':
        return this.membership(test);
    }
  }

  private error(span: Span, problem: string, suggestion?: string): FilterError {
    return new FilterError(this.text, span, problem, suggestion);
  }

  private written({ at, end }: Span): string {
    return quoted(this.text.slice(at, end));
  }

  private exists(expression: Expression): Checked {
    if (expression.kind === 'call' || expression.kind === 'reference') {
      const what = expression.kind === 'call' ? 'the value of a function' : 'a reference';
      throw this.error(expression, `${what} is always there: compare it with something`);
    }
    return { kind: 'exists', of: this.value(expression) };
  }

  private compare({
    relation,
    quantifier,
    left: before,
    right: after,
    sign,
  }: Extract<Binary, { kind: 'compare' }>): Checked {
    const left = this.leftOf(before, quoted(sign));
    if (left.type.kind === 'heading') throw this.error(left, `${this.written(left)} has no value to compare`);
    const right = this.value(after, left.type);
    this.agree(left, right);
    return { kind: 'compare', relation, quantifier, left, right };
  }

  private leftOf(expression: Expression, what: string): Typed {
    const isLiteral = expression.kind === 'string' || expression.kind === 'char';
    const isNumber = expression.kind === 'word' && (expression.only === 'literal' || /^\d/.test(expression.text));
    if (isLiteral || (isNumber && !this.field(expression))) {
      throw this.error(
        expression,
        `the left side of ${what} must be a field or a function, not ${this.written(expression)}`,
      );
    }
    return this.value(expression);
  }

  private agree(left: Typed, right: Typed): void {
    if (right.kind === 'constant' || canCompare(left.type, right.type)) return;
    const [one, other] = [KIND_NAMES[left.type.kind], KIND_NAMES[right.type.kind]];
    throw this.error(right, `${this.written(left)} (${one}) and ${this.written(right)} (${other}) cannot be compared`);
  }

  private contains({ quantifier, left: before, right: after }: Binary): Checked {
    const left = this.searched(before, '"contains"');
    const right = this.value(after, left.type, partLiteral);
    this.agree(left, right);
    return { kind: 'contains', quantifier, left, right };
  }

  private searched(expression: Expression, what: string): Typed {
    const left = this.leftOf(expression, what);
    if (canSearch(left.type)) return left;
    const problem = `${what} looks into texts and bytes; ${this.written(left)} is of the kind ${KIND_NAMES[left.type.kind]}`;
    throw this.error(left, problem);
  }

  private matches({ quantifier, left: before, right }: Binary): Checked {
    const left = this.searched(before, '"matches"');
    if (right.kind !== 'string')
      throw this.error(right, '"matches" wants a pattern in double quotes on its right side');
    const matcher = compilePattern(latin1(right.bytes));
    if (typeof matcher !== 'function') throw this.error(right, matcher.problem);
    return { kind: 'matches', quantifier, left, matcher };
  }

  private membership({ quantifier, left: before, set }: Extract<Test, { kind: 'in' }>): Checked {
    const left = this.leftOf(before, '"in"');
    if (left.kind !== 'field' || left.type.kind === 'heading') {
      throw this.error(before, `only a field may be looked up in a set, not ${this.written(before)}`);
    }
    const element = (expression: Expression): Typed => {
      const typed = this.value(expression, left.type);
      this.agree(left, typed);
      return typed;
    };
    const elements = set.map(({ from, to }) => ({ from: element(from), to: to && element(to) }));
    return { kind: 'in', quantifier, left, set: elements };
  }

  /**
   * What an expression is.
   * @param wanted the type that a literal here must have; without it there can be no literal
   */
  private value(expression: Expression, wanted?: Type, read: ReadLiteral = readLiteral): Typed {
    const { at, end } = expression;
    switch (expression.kind) {
      case 'word':
        return this.word(expression, wanted, read);
      case 'string':
      case 'char':
        return this.literal(expression, expression, wanted, read);
      case 'reference':
        return this.reference(expression);
      case 'slice': {
        const of = this.value(expression.of);
        if (canSlice(of.type)) return { kind: 'slice', of, ranges: expression.ranges, type: sliceOf(of.type), at, end };
        throw this.error(expression, `${this.written(of)} (${KIND_NAMES[of.type.kind]}) cannot be cut into bytes`);
      }
      case 'call':
        return this.call(expression);
      case 'negative': {
        const of = this.value(expression.of, wanted, read);
        this.computes(of, '-', expression);
        return { kind: 'negative', of, type: of.type, at, end };
      }
      case 'arithmetic':
        return this.arithmetic(expression, wanted);
    }
  }

  private field({ text, only }: Word): Named | undefined {
    return only === 'literal' ? undefined : this.names.find(text);
  }

  private word(word: Word & Span, wanted: Type | undefined, read: ReadLiteral): Typed {
    const { at, end, text, only, layers } = word;
    const named = this.field(word);
    // States, modes and messages have the names of layers: `channel.mode == tcp`.
    const isName =
      named && wanted?.own && !only && !layers && !text.includes('.') && this.isLiteral(text, wanted, read);
    if (named && !isName) return { kind: 'field', named, layers, type: named.type, at, end };
    if (wanted && only !== 'field' && !layers) return this.literal(word, { kind: 'word', text }, wanted, read);
    throw this.unknown(word);
  }

  private isLiteral(text: string, wanted: Type, read: ReadLiteral): boolean {
    return typeof read({ kind: 'word', text }, wanted) !== 'string';
  }

  private unknown({ text, only, at, end }: Word & Span): FilterError {
    const name = only === 'field' ? `.${text}` : text;
    const near = this.names.nearest(text);
    return this.error({ at, end }, `${quoted(name)} is an unknown field or protocol`, near);
  }

  private literal(span: Span, written: Written, wanted: Type | undefined, read: ReadLiteral): Typed {
    if (!wanted) throw this.error(span, `${this.written(span)} is an unknown field or protocol`);
    const literal = read(written, wanted);
    if (typeof literal === 'string') {
      throw this.error(span, literal, wanted.values && nearestValue(textOf(written), wanted.values));
    }
    return { kind: 'constant', literal, type: wanted, at: span.at, end: span.end };
  }

  private reference({ name, layers, at, end }: Extract<Expression, { kind: 'reference' }>): Typed {
    const named = this.names.find(name);
    if (named && named.type.kind !== 'layer' && named.type.kind !== 'heading') {
      return { kind: 'reference', named, layers, type: named.type, at, end };
    }
    throw this.error({ at, end }, `${quoted(name)} is not a field that could be referred to`, this.names.nearest(name));
  }

  private call({ name, operands, at, end }: Extract<Expression, { kind: 'call' }>): Typed {
    const called = FUNCTIONS.find((one) => one === name);
    if (!called)
      throw this.error({ at, end: at + name.length }, `there is no function ${quoted(name)}`, nearestFunction(name));
    const checked = checkOperands(called, operands, {
      value: (operand, wanted) => this.value(operand, wanted),
      isField: (operand) => operand.kind === 'word' && this.field(operand) !== undefined,
      error: (span, problem) => this.error(span ?? { at, end }, problem),
    });
    return { kind: 'call', name: called, operands: checked.operands, type: checked.type, at, end };
  }

  private arithmetic(expression: Extract<Expression, { kind: 'arithmetic' }>, wanted: Type | undefined): Typed {
    const { operator, at, end } = expression;
    const left = this.operand(expression.left, wanted);
    const right = this.operand(expression.right, left.type);
    this.computes(left, operator, expression);
    this.computes(right, operator, expression);
    this.agree(left, right);
    return { kind: 'arithmetic', operator, left, right, type: left.type, at, end };
  }

  private operand(expression: Expression, wanted: Type | undefined): Typed {
    if (expression.kind === 'string') throw this.error(expression, 'a text cannot be calculated with');
    const isConstant = expression.kind === 'char' || (expression.kind === 'word' && !this.field(expression));
    if (isConstant && !wanted) {
      throw this.error(
        expression,
        `the left side of a calculation must be a field or a function, not ${this.written(expression)}`,
      );
    }
    return this.value(expression, wanted);
  }

  private computes({ type }: Typed, operator: string, span: Span): void {
    if (operator === '&' ? canMask(type) : canCompute(type, operator)) return;
    throw this.error(span, `${quoted(operator)} does not go with a value of the kind ${KIND_NAMES[type.kind]}`);
  }
}

/** Bytes cut from a field of this project may be compared as freely as the field. */
const sliceOf = ({ own }: Type): Type => ({ ...plain('slice'), own });

const nearestFunction = (name: string): FunctionName | undefined =>
  FUNCTIONS.find((known) => known === name.toLowerCase()) ??
  FUNCTIONS.find((known) => known.startsWith(name.slice(0, 2).toLowerCase()));
