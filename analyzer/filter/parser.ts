import { FilterError, meantBy, quoted, type Span } from './filter-error.js';
import { type Sign, type Token, tokensOf } from './lexer.js';
import type { Element, Expression, Operator, Quantifier, Relation, Test } from './tree.js';

/** The longest text that is read as a filter. */
const LONGEST = 65_536;
/** Parentheses, braces, negations and calls within each other. */
const DEEPEST = 100;
/** Operators, slices and calls whose values are made one from another: what walks the tree calls itself for each. */
const LONGEST_CHAIN = 100;

/** Reads a filter into its tree; names are not looked up yet. @throws {FilterError} */
export function parse(text: string): Test | undefined {
  if (text.length > LONGEST) {
    throw new FilterError(text, { at: LONGEST, end: text.length }, `longer than ${LONGEST} characters`);
  }
  const parser = new Parser(text);
  return parser.whole();
}

const RELATIONS: ReadonlyMap<Sign, readonly [Relation, Quantifier]> = new Map([
  ['any eq', ['eq', 'any']],
  ['all eq', ['eq', 'all']],
  ['any ne', ['ne', 'any']],
  ['all ne', ['ne', 'all']],
  ['gt', ['gt', 'any']],
  ['ge', ['ge', 'any']],
  ['lt', ['lt', 'any']],
  ['le', ['le', 'any']],
]);

/** Arithmetic from the loosest to the tightest. */
const LEVELS: readonly (readonly Operator[])[] = [['&'], ['+', '-'], ['*', '/', '%']];

/** A cursor over the tokens of one filter. */
class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private place = 0;
  private depth = 0;
  /** How many steps it takes to make the value of an expression; those that are not here take none. */
  private readonly steps = new Map<Expression, number>();

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  /** The whole filter; nothing where it is empty. */
  whole(): Test | undefined {
    if (this.isDone) return undefined;
    const test = this.joined(0);
    if (!this.isDone) throw this.unexpected();
    return test;
  }

  private get isDone(): boolean {
    return this.next.kind === 'end';
  }

  private get next(): Token {
    // The last token is the end, and nothing reads past it.
    return this.tokens[this.place] as Token;
  }

  private sees(sign: Sign): boolean {
    const { next } = this;
    return next.kind === 'sign' && next.sign === sign;
  }

  private take(): Token {
    const { next } = this;
    if (next.kind !== 'end') this.place++;
    return next;
  }

  private takes(sign: Sign): boolean {
    if (!this.sees(sign)) return false;
    this.place++;
    return true;
  }

  private expect(sign: Sign, what: string): Token {
    if (!this.sees(sign)) throw this.unexpected(what);
    return this.take();
  }

  private unexpected(wanted?: string): FilterError {
    const { next } = this;
    const found = next.kind === 'end' ? 'unexpected end of filter' : `${quoted(next.text)} was not expected here`;
    const problem = wanted === undefined ? found : `${found}: expected ${wanted}`;
    return new FilterError(this.text, next, problem, wanted === undefined ? meantBy(next.text) : undefined);
  }

  private deeper<T>(read: () => T): T {
    if (++this.depth > DEEPEST) throw new FilterError(this.text, this.next, `nested deeper than ${DEEPEST}`);
    const result = read();
    this.depth--;
    return result;
  }

  /** Tests joined by `or`, then by `xor`, then by `and`, which binds tightest. */
  private joined(level: number): Test {
    const kind = (['or', 'xor', 'and'] as const)[level];
    if (!kind) return this.negated();
    const first = this.joined(level + 1);
    const tests = [first];
    while (this.takes(kind)) tests.push(this.joined(level + 1));
    return tests.length === 1 ? first : { kind, tests, at: first.at, end: tests.at(-1)?.end ?? first.end };
  }

  private negated(): Test {
    const { at } = this.next;
    if (this.takes('not')) {
      const test = this.deeper(() => this.negated());
      return { kind: 'not', test, at, end: test.end };
    }
    if (this.takes('(')) {
      const test = this.deeper(() => this.joined(0));
      const { end } = this.expect(')', '")"');
      return { ...test, at, end };
    }
    return this.relation();
  }

  private relation(): Test {
    const { at } = this.next;
    const asked: Quantifier | undefined = this.takes('any') ? 'any' : this.takes('all') ? 'all' : undefined;
    const left = this.arithmetic(0);
    if (this.compares) return this.comparisons(at, asked, left);
    const quantifier = asked ?? 'any';
    for (const kind of ['contains', 'matches'] as const) {
      if (!this.takes(kind)) continue;
      const right = this.signed();
      return { kind, quantifier, left, right, at, end: right.end };
    }
    const negated = this.sees('not');
    if (negated && this.signAfter !== 'in') throw this.unexpectedAfter();
    if (negated) this.take();
    if (this.takes('in')) {
      const { set, end } = this.set();
      if (!negated) return { kind: 'in', quantifier, left, set, at, end };
      // With `any` or `all` as without: none of the values is in the set.
      return { kind: 'not', test: { kind: 'in', quantifier: 'any', left, set, at, end }, at, end };
    }
    if (asked) throw this.unexpected('a comparison');
    return { kind: 'exists', of: left, at, end: left.end };
  }

  private get compares(): boolean {
    const { next } = this;
    return next.kind === 'sign' && RELATIONS.has(next.sign);
  }

  private get signAfter(): Sign | undefined {
    const after = this.tokens[this.place + 1];
    return after?.kind === 'sign' ? after.sign : undefined;
  }

  private unexpectedAfter(): FilterError {
    this.take();
    return this.unexpected('"in"');
  }

  /** One comparison, or a chain of them: `a < b < c` is `a < b and b < c`. */
  private comparisons(at: number, asked: Quantifier | undefined, first: Expression): Test {
    const tests: Test[] = [];
    let left = first;
    while (this.compares) {
      const token = this.take();
      const [relation, quantifier] = (token.kind === 'sign' && RELATIONS.get(token.sign)) || ['eq', 'any'];
      const right = this.arithmetic(0);
      const start = tests.length === 0 ? at : left.at;
      tests.push({
        kind: 'compare',
        relation,
        sign: token.text,
        quantifier: asked ?? quantifier,
        left,
        right,
        at: start,
        end: right.end,
      });
      left = right;
    }
    const [only] = tests;
    return only && tests.length === 1 ? only : { kind: 'and', tests, at, end: left.end };
  }

  private set(): { readonly set: readonly Element[]; readonly end: number } {
    this.expect('{', '"{"');
    const set: Element[] = [];
    do {
      const from = this.signed();
      const to = this.takes('..') ? this.signed() : undefined;
      set.push({ from, to });
    } while (this.takes(','));
    return { set, end: this.expect('}', '"}"').end };
  }

  private arithmetic(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.factor();
    let left = this.arithmetic(level + 1);
    for (;;) {
      const operator = operators.find((sign) => this.takes(sign));
      if (operator === undefined) return left;
      const right = this.arithmetic(level + 1);
      left = this.made({ kind: 'arithmetic', operator, left, right, at: left.at, end: right.end }, [left, right]);
    }
  }

  /** An expression that is made of others. @throws {FilterError} if that takes too many steps */
  private made(expression: Expression, of: readonly Expression[]): Expression {
    const steps = 1 + of.reduce((most, one) => Math.max(most, this.steps.get(one) ?? 0), 0);
    if (steps > LONGEST_CHAIN) {
      const problem = `a chain of more than ${LONGEST_CHAIN} operators or slices`;
      throw new FilterError(this.text, { at: expression.end, end: expression.end }, problem);
    }
    this.steps.set(expression, steps);
    return expression;
  }

  private factor(): Expression {
    if (!this.sees('{')) return this.signed();
    const { at } = this.take();
    const inside = this.deeper(() => this.arithmetic(0));
    const { end } = this.expect('}', '"}"');
    return this.spanning(inside, at, end);
  }

  /** The same expression, where more was written around it. */
  private spanning(inside: Expression, at: number, end: number): Expression {
    const whole = { ...inside, at, end };
    this.steps.set(whole, this.steps.get(inside) ?? 0);
    return whole;
  }

  private signed(): Expression {
    const { at } = this.next;
    if (this.takes('+')) {
      const of = this.entity();
      return this.spanning(of, at, of.end);
    }
    if (!this.takes('-')) return this.entity();
    const of = this.entity();
    return this.made({ kind: 'negative', of, at, end: of.end }, [of]);
  }

  /** A name, a literal, a reference or a call, with what selects layers or bytes of it. */
  private entity(): Expression {
    const token = this.take();
    switch (token.kind) {
      case 'string':
        return this.unsliced({ kind: 'string', bytes: token.bytes, at: token.at, end: token.end });
      case 'char':
        return this.unsliced({ kind: 'char', code: token.code, at: token.at, end: token.end });
      case 'reference':
        return this.sliced({ kind: 'reference', name: token.name, layers: token.layers, at: token.at, end: token.end });
      case 'word':
        return this.sliced(this.sees('(') && !token.only ? this.call(token.word, token.at) : this.word(token));
      case 'end':
      case 'sign':
      case 'slice':
      case 'layers':
        if (token.kind !== 'end') this.place--;
        throw this.unexpected();
    }
  }

  private word({ word, only, at, end }: Extract<Token, { kind: 'word' }>): Expression {
    const { next } = this;
    if (next.kind !== 'layers') return { kind: 'word', text: word, only, layers: undefined, at, end };
    this.take();
    return { kind: 'word', text: word, only, layers: next.ranges, at, end: next.end };
  }

  private call(name: string, at: number): Expression {
    this.expect('(', '"("');
    const operands: Expression[] = [];
    if (!this.sees(')')) {
      do operands.push(this.deeper(() => this.arithmetic(0)));
      while (this.takes(','));
    }
    const { end } = this.expect(')', '")"');
    return this.made({ kind: 'call', name, operands, at, end }, operands);
  }

  private sliced(of: Expression): Expression {
    let result = of;
    for (let { next } = this; next.kind === 'slice'; next = this.next) {
      this.take();
      result = this.made({ kind: 'slice', of: result, ranges: next.ranges, at: of.at, end: next.end }, [result]);
    }
    return result;
  }

  private unsliced(literal: Expression): Expression {
    if (this.next.kind === 'slice') throw new FilterError(this.text, this.next, 'a literal cannot be sliced');
    return literal;
  }
}

/** The text that a piece of the tree was written as. */
export const written = (text: string, { at, end }: Span): string => text.slice(at, end);
