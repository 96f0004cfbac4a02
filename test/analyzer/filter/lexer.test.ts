import { describe, expect, test } from 'vitest';
import { type Token, tokensOf } from '../../../analyzer/filter/lexer.js';

const show = (token: Token): string => {
  switch (token.kind) {
    case 'sign':
      return token.sign;
    case 'word':
      return `${token.only ?? 'word'}:${token.word}`;
    case 'string':
      return `string:${Buffer.from(token.bytes).toString('latin1')}`;
    case 'char':
      return `char:${token.code}`;
    case 'reference':
      return `reference:${token.name}${token.layers ? '#' : ''}`;
    default:
      return token.kind;
  }
};

const tokens = (text: string): readonly string[] =>
  tokensOf(text)
    .map(show)
    .filter((shown) => shown !== 'end');

describe('splits a filter into tokens', () => {
  test.each([
    ['udp.port==53', ['word:udp.port', 'any eq', 'word:53']],
    [
      'a eq b ne c gt d ge e lt f le g',
      [
        'word:a',
        'any eq',
        'word:b',
        'all ne',
        'word:c',
        'gt',
        'word:d',
        'ge',
        'word:e',
        'lt',
        'word:f',
        'le',
        'word:g',
      ],
    ],
    [
      '!== != === == ~= ~ ! >= <= > <',
      ['any ne', 'all ne', 'all eq', 'any eq', 'any ne', 'matches', 'not', 'ge', 'le', 'gt', 'lt'],
    ],
    ['any_eq all_eq any_ne all_ne bitwise_and', ['any eq', 'all eq', 'any ne', 'all ne', '&']],
    ['&& || ^^ and or xor not & ', ['and', 'or', 'xor', 'and', 'or', 'xor', 'not', '&']],
    ['1..2', ['word:1', '..', 'word:2']],
    ['1.1.1.1..2.2.2.2', ['word:1.1.1.1', '..', 'word:2.2.2.2']],
    ['10.0.0.0/8 a/8', ['word:10.0.0.0/8', 'word:a', '/', 'word:8']],
    ['2001:db8::/32..::1', ['word:2001:db8::/32', '..', 'word:::1']],
    ['::ffff:1.2.3.4', ['word:::ffff:1.2.3.4']],
    ['02:00:00:00:00:01', ['word:02:00:00:00:00:01']],
    ['dead:beef', ['word:dead', 'literal::beef']],
    ['48:656c', ['word:48:65', 'word:6c']],
    ['a-b a -b', ['word:a-b', 'word:a', '-', 'word:b']],
    ['.ip.src :0a', ['field:ip.src', 'literal::0a']],
    [String.raw`"a\x41\101\t\"" r"\d\"" 'x' '\n'`, ['string:aAA\t"', String.raw`string:\d\"`, 'char:120', 'char:10']],
    ['"ü" "\\u00fc"', ['string:Ã¼', 'string:Ã¼']],
    ['ip#2[0:2] ip#[1-2]', ['word:ip', 'layers', 'slice', 'word:ip', 'layers']],
    [`\${ip.src} \${ ip.src#1 }`, ['reference:ip.src', 'reference:ip.src#']],
    ['', []],
  ])('%s', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

describe('reads slices and layers', () => {
  const ranges = (text: string) => {
    const token = tokensOf(text)[0];
    return token?.kind === 'slice' || token?.kind === 'layers' ? token.ranges : undefined;
  };
  test.each([
    ['[3]', [{ kind: 'length', start: 3, length: 1 }]],
    ['[0:2]', [{ kind: 'length', start: 0, length: 2 }]],
    ['[:2]', [{ kind: 'length', start: 0, length: 2 }]],
    ['[-4:]', [{ kind: 'rest', start: -4 }]],
    ['[:]', [{ kind: 'rest', start: 0 }]],
    ['[1-3]', [{ kind: 'last', start: 1, last: 3 }]],
    ['[-3--1]', [{ kind: 'last', start: -3, last: -1 }]],
    ['[0x10 : 010]', [{ kind: 'length', start: 16, length: 8 }]],
    [
      '[1,3-5,9:]',
      [
        { kind: 'length', start: 1, length: 1 },
        { kind: 'last', start: 3, last: 5 },
        { kind: 'rest', start: 9 },
      ],
    ],
    ['#2', [{ kind: 'length', start: 2, length: 1 }]],
    ['#[2:]', [{ kind: 'rest', start: 2 }]],
  ])('%s', (text, expected) => {
    expect(ranges(text)).toEqual(expected);
  });
});
