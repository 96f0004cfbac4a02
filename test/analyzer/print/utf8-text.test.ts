import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Utf8Text, utf8, wordsOf } from '../../../analyzer/print/utf8-text.js';
import { printable } from '../../../analyzer/text/printable.js';
import { etherText, ipv4Text } from '../../../dissectors/wire/field.js';
import { viewOf } from '../../../dissectors/wire/view.js';

/** What is written by one function, from a buffer that is too small at first. */
function written(write: (text: Utf8Text) => void): string {
  const text = new Utf8Text(8);
  text.add('…');
  write(text);
  return text.toString().slice(1);
}

const texts = fc.string({ unit: 'grapheme', maxLength: 200 });

test('text is written as it is, or made printable', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(written((into) => into.add(text))).toBe(text);
      expect(written((into) => into.addBytes(utf8(text)))).toBe(text);
      expect(written((into) => into.addPrintable(text))).toBe(printable(text));
    }),
  );
});

test('numbers are written as they print, with zeros before them', () => {
  const number = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.nat(1100), fc.constantFrom(0x7fffffff, 0x80000000, 2 ** 53));
  fc.assert(
    fc.property(number, fc.integer({ min: 1, max: 20 }), (value, digits) => {
      expect(written((into) => into.addNumber(value))).toBe(`${value}`);
      expect(written((into) => into.addPadded(value, digits))).toBe(`${value}`.padStart(digits, '0'));
      expect(written((into) => into.addHex16(value & 0xffff))).toBe((value & 0xffff).toString(16).padStart(4, '0'));
      expect(written((into) => into.addHex32(value >>> 0))).toBe((value >>> 0).toString(16).padStart(8, '0'));
    }),
  );
});

test('bytes are written as hex digits, few or many', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), (bytes, skipped) => {
      const start = Math.min(skipped, bytes.length);
      const hex = Buffer.from(bytes.subarray(start)).toString('hex');
      expect(written((into) => into.addHex(viewOf(bytes), start, bytes.length))).toBe(hex);
    }),
  );
});

test.each([...Array(18).keys(), 4096, 0xffff, 200_001])('%i bytes have twice as many digits', (size) => {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31) >>> 3);
  expect(written((into) => into.addHex(viewOf(bytes), 0, size)) === Buffer.from(bytes).toString('hex')).toBe(true);
});

test('texts that are written often are ASCII of any length', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
  fc.assert(
    fc.property(ascii, ascii, (text, next) => {
      const both = (into: Utf8Text) => {
        into.addWords(wordsOf(text));
        into.addWords(wordsOf(next));
      };
      expect(written(both)).toBe(text + next);
    }),
  );
  expect(() => wordsOf('ü')).toThrow(RangeError);
});

test('addresses and hex numbers are written as they print', () => {
  const addresses = fc.tuple(
    fc.nat(0xffffffff),
    fc.uint8Array({ minLength: 8, maxLength: 8 }),
    fc.integer({ min: 1, max: 8 }),
  );
  fc.assert(
    fc.property(addresses, ([number, bytes, digits]) => {
      expect(written((into) => into.addIpv4(number))).toBe(ipv4Text(number));
      expect(written((into) => into.addEther(viewOf(bytes), 1))).toBe(etherText(viewOf(bytes), 1));
      expect(written((into) => into.addHexNumber(number, digits))).toBe(number.toString(16).padStart(digits, '0'));
    }),
  );
});

test('what was added is moved to the right', () => {
  const padded = (text: string, width: number) =>
    written((into) => {
      const start = into.length;
      into.add(text);
      into.padFrom(start, width);
      into.add('|');
    });
  for (const width of [0, 3, 5, 12]) expect(padded('1.25', width)).toBe(`${'1.25'.padStart(width)}|`);
});
