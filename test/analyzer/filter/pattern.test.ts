import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../analyzer/filter/pattern.js';
import { processorTime } from '../../processor-time.js';

function matches(pattern: string, subject: string): boolean | string {
  const matcher = compilePattern(pattern);
  return typeof matcher === 'function' ? matcher(subject) : matcher.problem;
}

describe('patterns match as in Perl, letters in either case', () => {
  test.each([
    ['hello', 'Say HELLO', true],
    ['(?-i)hello', 'Say HELLO', false],
    ['(?-i:H)ELLO', 'Hello', true],
    ['a(?-i)B', 'AB', true],
    ['a(?-i)B', 'Ab', false],
    ['^get$', 'GET', true],
    ['^get$', 'GET\n', true],
    ['get\\z', 'GET\n', false],
    ['get\\Z', 'GET\n', true],
    ['^b', 'a\nb', false],
    ['(?m)^b', 'a\nb', true],
    ['(?m)a$', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\xffb', true],
    ['a b', 'ab', false],
    ['(?x)a b # a comment', 'ab', true],
    ['[[:digit:]]+', 'a1', true],
    ['[[:^digit:]]', '123', false],
    ['[^[:alpha:]_]', 'abc_', false],
    ['(?-i)[[:upper:]]', 'abc', false],
    ['[[:upper:]]', 'abc', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['[a-c]', 'B', true],
    ['[\\w-]+$', 'a-b', true],
    ['[\\x00-\\x1f]', '\x07', true],
    ['\\x{48}i', 'hi', true],
    ['\\x', '\0', true],
    ['\\101', 'A', true],
    ['\\o{101}', 'a', true],
    ['\\cA', '\x01', true],
    ['\\e\\t\\a', '\x1b\t\x07', true],
    ['\\h\\H', '\xa0x', true],
    ['\\s', '\xa0', false],
    ['\\N\\V', 'ab', true],
    ['\\R$', '\r\n', true],
    ['\\Qa.b\\E+', 'xA.bbb', true],
    ['\\Qa.b', 'a.b', true],
    ['a{2', 'a{2', true],
    ['a{2}', 'xaa', true],
    ['a{,3}', 'a{,3}', true],
    ['colou?r', 'COLOR', true],
    ['a+?b', 'aab', true],
    ['a++a', 'aaa', false],
    ['(?>a+)a', 'aaa', false],
    ['(?>ab|a)b', 'ab', false],
    ['(l)\\1', 'heLlo', true],
    ['(?<x>l)\\k<x>', 'hello', true],
    ['(?P<x>l)(?P=x)', 'hello', true],
    ["(?'x'l)\\g{x}", 'hello', true],
    ['(a)(b)\\g{-1}', 'abb', true],
    ['foo(?=bar)', 'foobar', true],
    ['foo(?!bar)', 'foobar', false],
    ['(?<=foo)bar', 'foobar', true],
    ['(?<!foo)bar', 'foobar', false],
    ['a(?#comment)b', 'ab', true],
    ['', '', true],
    ['\\xe0', '\xc0', false],
    ['a|b|', 'c', true],
    ['(a|b)+$', 'abab', true],
    ['/', 'a/b', true],
  ])('%j in %j', (pattern, subject, expected) => {
    expect(matches(pattern, subject)).toBe(expected);
  });
});

describe('patterns that cannot be read are refused', () => {
  test.each([
    ['(a', 'a group of the pattern has no closing parenthesis'],
    ['a)', 'a closing parenthesis of the pattern has no opening one'],
    ['[a', 'a character class of the pattern has no closing bracket'],
    ['[z-a]', 'a range of a character class of the pattern is out of order'],
    ['[[:foo:]]', '[:foo:] is not a character class'],
    ['*a', 'a repeat of the pattern has nothing to repeat'],
    ['a**', 'a repeat of the pattern has nothing to repeat'],
    ['a|+', 'a repeat of the pattern has nothing to repeat'],
    ['a{3,1}', 'the numbers of a repeat of the pattern are out of order'],
    ['a{99999}', 'a repeat of the pattern counts beyond 1000'],
    ['(a{1000}){1000}', 'the repeats of the pattern multiply to more than 10000'],
    ['a\\', 'the pattern ends in a backslash'],
    ['\\j', '\\j is not an escape of patterns'],
    ['\\2(a)', 'the pattern refers to a group that does not come before'],
    ['\\x{100}', 'a character of the pattern does not fit a byte'],
    ['(?R)', '"(?R)" is not supported in patterns'],
    ['\\p{L}', 'Unicode properties (\\p) are not supported in patterns'],
    ['(*UTF8)a', 'verbs such as (*UTF) are not supported in patterns'],
    ['('.repeat(101), 'the groups of the pattern are nested deeper than 100'],
    ['a'.repeat(4097), 'the pattern is longer than 4096 bytes'],
  ])('%s', (pattern, problem) => {
    expect(matches(pattern, '')).toBe(problem);
  });
});

describe('no pattern runs wild', () => {
  const long = 'a'.repeat(20_000);
  const tooMuch = 'the pattern repeats too much for one that looks around, refers back, is possessive or counts';
  test.each([
    ['(a+)+$', false],
    ['(a|aa)+$', false],
    ['((a*)*)*b', false],
    ['(.*)(.*)(.*)(.*)x', false],
    ['(x+x+)+y', false],
    ['(?=a).*b.*c', false],
    ['a++b', false],
    ['(a?){30}a{30}b', tooMuch],
    ['(?=(a+)+b)', tooMuch],
    ['(a|aa)+(?=b)', tooMuch],
    ['(a+)(a+)(a+)\\1', tooMuch],
    ['(a{0,100})+b', tooMuch],
  ])('%s', (pattern, expected) => {
    const start = processorTime();
    expect(matches(pattern, `${long}!`)).toBe(expected);
    expect(processorTime() - start).toBeLessThan(5000);
  });

  test.each(['(a+)\\1b', '.{1000}b', '((a+)b?)\\2c', '(a{1,300})\\1b', '(?<!a{200})b', '(.{1,1000})\\1'])(
    '%s, which goes back',
    (pattern) => {
      const start = processorTime();
      matches(pattern, 'a'.repeat(200_000));
      expect(processorTime() - start).toBeLessThan(1000);
    },
  );
});
