import { describe, expect, test } from 'vitest';
import { parse } from '../../../analyzer/filter/parser.js';
import type { Expression, Test } from '../../../analyzer/filter/tree.js';

/** A tree as text, with a pair of parentheses for every node. */
function show(test: Test): string {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return `(${test.tests.map(show).join(` ${test.kind} `)})`;
    case 'not':
      return `(not ${show(test.test)})`;
    case 'exists':
      return value(test.of);
    case 'compare':
      return `(${test.quantifier} ${value(test.left)} ${test.relation} ${value(test.right)})`;
    case 'contains':
    case 'matches':
      return `(${test.quantifier} ${value(test.left)} ${test.kind} ${value(test.right)})`;
    case 'in':
      return `(${test.quantifier} ${value(test.left)} in ${test.set.map(({ from, to }) => `${value(from)}${to ? `..${value(to)}` : ''}`).join()})`;
  }
}

function value(of: Expression): string {
  switch (of.kind) {
    case 'word':
      return of.text;
    case 'string':
      return `"${Buffer.from(of.bytes).toString()}"`;
    case 'char':
      return `'${String.fromCharCode(of.code)}'`;
    case 'reference':
      return `\${${of.name}}`;
    case 'slice':
      return `${value(of.of)}[${of.ranges.length}]`;
    case 'call':
      return `${of.name}(${of.operands.map(value).join()})`;
    case 'negative':
      return `(-${value(of.of)})`;
    case 'arithmetic':
      return `(${value(of.left)} ${of.operator} ${value(of.right)})`;
  }
}

describe('what binds tighter', () => {
  test.each([
    ['a or b and c', '(a or (b and c))'],
    ['a and b or c and d', '((a and b) or (c and d))'],
    ['a or b xor c and d', '(a or (b xor (c and d)))'],
    ['a and b and c', '(a and b and c)'],
    ['not a and b', '((not a) and b)'],
    ['not a == 1 and b', '((not (any a eq 1)) and b)'],
    ['!!a', '(not (not a))'],
    ['(a or b) and c', '((a or b) and c)'],
    ['a == b + 1 * 2', '(any a eq (b + (1 * 2)))'],
    ['a == {b + 1} * 2', '(any a eq ((b + 1) * 2))'],
    ['a & 1 + 1', '(a & (1 + 1))'],
    ['a & 3 == 1', '(any (a & 3) eq 1)'],
    ['a - b - c', '((a - b) - c)'],
    ['-a == -1', '(any (-a) eq (-1))'],
    ['a < b < c', '((any a lt b) and (any b lt c))'],
  ])('%s', (text, expected) => {
    const test = parse(text);
    expect(test && show(test)).toBe(expected);
  });
});

describe('comparisons', () => {
  test.each([
    ['a == 1', '(any a eq 1)'],
    ['a != 1', '(all a ne 1)'],
    ['a === 1', '(all a eq 1)'],
    ['a !== 1', '(any a ne 1)'],
    ['a ~= 1', '(any a ne 1)'],
    ['any a != 1', '(any a ne 1)'],
    ['all a > 1', '(all a gt 1)'],
    ['a contains "x"', '(any a contains "x")'],
    ['all a ~ "x"', '(all a matches "x")'],
    ['a in {1, 2..3}', '(any a in 1,2..3)'],
    ['a not in {-1}', '(not (any a in (-1)))'],
    ["a !in {'x'}", "(not (any a in 'x'))"],
    ['len(a) == max(b, c + 1)', '(any len(a) eq max(b,(c + 1)))'],
    [`a[0:2][1] == \${b}`, `(any a[1][1] eq \${b})`],
  ])('%s', (text, expected) => {
    const test = parse(text);
    expect(test && show(test)).toBe(expected);
  });
});

test('an empty filter has no tree', () => {
  expect(parse(' \n\t')).toBeUndefined();
});

describe('bounds', () => {
  test.each([
    ['parentheses', `${'('.repeat(101)}ip${')'.repeat(101)}`],
    ['negations', `${'!'.repeat(101)}ip`],
    ['braces', `${'{'.repeat(101)}ip.ttl${'}'.repeat(101)} == 1`],
    ['calls', `${'max('.repeat(101)}ip.ttl${')'.repeat(101)} == 1`],
  ])('%s nested too deep are refused', (_what, text) => {
    expect(() => parse(text)).toThrow('filter: nested deeper than 100');
  });

  test('long chains are not deep', () => {
    expect(parse(Array(5000).fill('ip').join(' or '))?.kind).toBe('or');
    expect(parse(`ip.ttl == ${Array(101).fill('1').join(' + ')}`)?.kind).toBe('compare');
    expect(parse(`frame${'[0:]'.repeat(100)} == 00:01`)?.kind).toBe('compare');
  });

  test.each([
    ['sums', (length: number) => `ip.ttl${'+1'.repeat(length)} == 1`],
    ['products', (length: number) => `ip.ttl == 1${' * 1'.repeat(length)}`],
    ['bits', (length: number) => `ip.ttl${' & 1'.repeat(length)}`],
    ['slices', (length: number) => `frame${'[0:]'.repeat(length)}`],
    ['sums of sums', (length: number) => `{{ip.ttl${'+1'.repeat(length / 2)}}${'+1'.repeat(length / 2)}} == 1`],
    ['sums in a call', (length: number) => `max(ip.ttl${'+1'.repeat(length - 1)}, 1) == 1`],
    ['slices of a call', (length: number) => `lower(chan.data)${'[0:]'.repeat(length - 1)} == 1`],
    ['sums of negatives', (length: number) => `-ip.ttl${'+1'.repeat(length - 1)} == 1`],
  ])('%s that hang together are as deep as they are many', (_, chain) => {
    for (const length of [102, 5000, 10_000]) {
      expect(() => parse(chain(length))).toThrow('filter: a chain of more than 100 operators or slices');
    }
  });

  test('the place of a chain that is too long is shown', () => {
    expect(() => parse(`ip.ttl${'+1'.repeat(101)} == 1`)).toThrow(/\n.*\n *\^$/);
  });

  test('a text beyond 65,536 characters is refused', () => {
    expect(() => parse(' '.repeat(65_537))).toThrow('filter: longer than 65536 characters');
  });
});
