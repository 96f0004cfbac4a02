import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfUtf8, utf8Of } from '../../../dissectors/file/utf8.js';

test('any bytes read as in every browser', () => {
  const lead = fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff);
  const tail = fc.constantFrom(0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf);
  const bytes = fc.uint8Array({ maxLength: 32 });
  const nearly = fc.array(fc.oneof(lead, tail), { maxLength: 16 }).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(fc.oneof(bytes, nearly), (given) => {
      expect(textOfUtf8(given)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(given));
    }),
    { numRuns: 2000 },
  );
});

test('any text is written as in every browser', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Of(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
  expect(utf8Of('\ud800')).toEqual(new TextEncoder().encode('\ud800'));
});

test('text longer than a chunk is whole', () => {
  const text = 'äß€😀'.repeat(3000);
  expect(textOfUtf8(utf8Of(text))).toBe(text);
});
