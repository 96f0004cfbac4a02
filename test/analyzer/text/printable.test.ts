import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf, cut, fitLeft, fitRight } from '../../../analyzer/text/cells.js';
import { printable } from '../../../analyzer/text/printable.js';

describe('printable', () => {
  test.each([
    ['ASCII', 'GET / HTTP/1.1 ~', 'GET / HTTP/1.1 ~', 'GET / HTTP/1.1 ~'],
    ['letters', 'Grüße, Привет', 'Grüße, Привет', 'Gr\\xfc\\xdfe, '.concat(...PRIVET)],
    ['wide characters', '日本', '日本', '\\u{65e5}\\u{672c}'],
    ['an emoji of one code point', '\u{1f389}', '\u{1f389}', '\\u{1f389}'],
    ['a letter with two marks', 'e\u0301\u0302', 'e\u0301\u0302', 'e\\u{301}\\u{302}'],
    ['what is escaped already', '\\x1b', '\\x1b', '\\x1b'],
  ])('leaves %s as it is, but for ASCII terminals', (_, text, shown, inAscii) => {
    expect([printable(text), printable(text, true)]).toEqual([shown, inAscii]);
  });

  test.each([
    ['an escape sequence', '\x1b[2J', '\\x1b[2J'],
    ['a clipboard write', '\x1b]52;c;QQ==\x07', '\\x1b]52;c;QQ==\\x07'],
    ['one-byte CSI', '\x9b2J', '\\x9b2J'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
    ['bidi overrides', '\u202eabc\u2069', '\\u{202e}abc\\u{2069}'],
    ['zero-width characters', 'a\u200bb\ufeffc\u00ad', 'a\\u{200b}b\\u{feff}c\\xad'],
    ['joined emoji', '\u{1f468}\u200d\u{1f469}', '\u{1f468}\\u{200d}\u{1f469}'],
    ['variation selectors', '\u2601\ufe0f', '\u2601\\u{fe0f}'],
    ['variation selectors after a letter', 'a\ufe0f', 'a\\u{fe0f}'],
    ['skin tones', '\u{1f44d}\u{1f3fd}', '\u{1f44d}\\u{1f3fd}'],
    ['flags', '\u{1f1e9}\u{1f1ea}', '\\u{1f1e9}\\u{1f1ea}'],
    ['keycaps', '1\ufe0f\u20e3', '1\\u{fe0f}\\u{20e3}'],
    ['marks beyond two', 'e\u0301\u0301\u0301\u0301', 'e\u0301\u0301\\u{301}\\u{301}'],
    ['marks without a letter', ' \u0301', ' \\u{301}'],
    ['spacing marks', '\u0915\u093e', '\u0915\\u{93e}'],
    ['conjoining jamo', '\u1112\u1161\u11ab', '\u1112\\u{1161}\\u{11ab}'],
    ['the fillers of Hangul', '\u3164\uffa0', '\\u{3164}\\u{ffa0}'],
    ['blanks that are not spaces', 'a\u00a0b\u3000c\u2028', 'a\\xa0b\\u{3000}c\\u{2028}'],
    ['half of a pair', 'a\ud800b', 'a\\u{d800}b'],
    ['private and unassigned characters', '\ue000\u{10fffe}', '\\u{e000}\\u{10fffe}'],
    ['tags', '\u{e0041}', '\\u{e0041}'],
  ])('shows %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('gives the same again for what it gave, and never a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, ascii) => {
        const shown = printable(text, ascii);
        expect(printable(shown, ascii)).toBe(shown);
        expect(shown).not.toMatch(/[\p{C}\p{DI}]/u);
        if (ascii) expect(shown).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  test('does not look at megabytes of which a few cells are seen', () => {
    expect(printable('\x1b'.repeat(5_000_000), false, 10)).toBe('\\x1b'.repeat(80));
  });
});

const PRIVET = ['\\u{41f}', '\\u{440}', '\\u{438}', '\\u{432}', '\\u{435}', '\\u{442}'];

describe('cells', () => {
  test.each([
    ['abc', 5, 'abc', 'abc  ', '  abc'],
    ['abcdef', 5, 'abcd…', 'abcd…', 'abcd…'],
    ['日本語', 5, '日本…', '日本…', '日本…'],
    ['日本語', 4, '日…', '日… ', ' 日…'],
    ['日本語', 6, '日本語', '日本語', '日本語'],
    ['abc', 1, '…', '…', '…'],
    ['abc', 0, '', '', ''],
  ])('%s in %i cells', (text, width, short, left, right) => {
    expect([cut(text, width, '…'), fitLeft(text, width, '…'), fitRight(text, width, '…')]).toEqual([
      short,
      left,
      right,
    ]);
  });

  test.each([
    ['abcdef', 2, 3, 'cd…'],
    ['日本語', 1, 5, ' 本語'],
    ['abc', 9, 3, ''],
  ])('%s, without its first %i cells', (text, skip, width, shown) => {
    expect(cut(text, width, '…', skip)).toBe(shown);
  });

  test('a cut text is never wider than it may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), fc.nat(10), (text, width, skip) => {
        expect(cellsOf(cut(printable(text), width, '…', skip))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
