import { expect, test } from 'vitest';
import { headerDissector } from '../../dissectors/header.js';
import { bit, over, part, rest, u8, u16, u32, u64, u64le } from '../../dissectors/wire/field.js';
import { layout } from '../../dissectors/wire/layout.js';
import { valueText } from '../../dissectors/wire/line.js';
import { decode, encode, encodedSize } from '../../dissectors/wire/message.js';
import { bytesOf } from '../../dissectors/wire/view.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, shown, stop } from './dissecting.js';

const fixed = layout('toy', {
  flags: over(u8('Flags', 'hex')),
  'flags.key': over(bit(u8('Key'), 0x80)),
  version: part(u8('Version'), 0x0f),
  /** Words of 4 bytes after the fixed part and the key. */
  words: u8('Words'),
  type: u16('Type', 'hex'),
});
const key = layout('toy', { key: u32('Key') });

const toy = headerDissector({
  name: 'toy',
  title: 'Toy Protocol',
  short: 'Toy',
  layout: fixed,
  parts: { all: [key], of: (view, at) => (fixed.fields['flags.key'].read(view, at) ? [key] : []) },
  tail: {
    fields: [],
    end: (view, at, start) => start + 4 * fixed.fields.words.read(view, at),
  },
  isMine: (view, at) => fixed.fields.version.read(view, at) === 1,
  next: (view, at) => ({ table: 'ethertype', key: fixed.fields.type.read(view, at) }),
  note: (view, at) => `Type 0x${fixed.fields.type.read(view, at).toString(16)}`,
});

test('a declared header leads on from its end, with the parts that its flags announce', () => {
  const view = hex('81 01 0800 00000007 aabbccdd 45');
  expect(found(toy, view)).toEqual({
    ok: true,
    at: 12,
    limit: { captured: 13, wire: 13 },
    table: 'ethertype',
    key: 0x0800,
  });
  expect(shown(toy, view)).toEqual({
    'toy.flags': '0x81',
    'toy.flags.key': '1',
    'toy.version': '1',
    'toy.words': '1',
    'toy.type': '0x0800',
    'toy.key': '7',
  });
  expect(found(toy, hex('01 00 86dd 60'))).toMatchObject({ at: 4, key: 0x86dd });
  expect(toy.summary(view, layerOf('toy', 0, { captured: 13, wire: 13 }, found(toy, view)))).toBe('Toy Type 0x800');
});

test.each([
  ['the fixed part', 3, 4],
  ['the part after it', 7, 8],
  ['its tail', 11, 12],
])('a declared header that is cut in %s stops, and shows the fields before', (_, captured, need) => {
  const view = hex('81 01 0800 00000007 aabbccdd 45');
  const limit = { captured, wire: 13 };
  const cut = toy.dissect(view, 0, limit, context());
  expect(cut).toEqual(stop('truncated', 'toy', need, captured)(0));
  const line = linesOf(toy, view, layerOf('toy', 0, limit, cut));
  expect(line.end).toBeLessThanOrEqual(captured);
  expect(line.children.some(({ path }) => path === 'toy.words')).toBe(true);
  expect(line.children.some(({ path }) => path === 'toy.key')).toBe(captured >= 8);
});

test('a declared header can say that the bytes are not its own', () => {
  expect(toy.dissect(hex('82 00 0800 00000007'), 0, { captured: 8, wire: 8 }, context())).toBeUndefined();
});

test('a declared header is written from its layout and the parts that its values announce, unless it has a tail', () => {
  expect(toy.form).toBeUndefined();
  const { form } = headerDissector({
    name: 'toy',
    title: 'Toy Protocol',
    short: 'Toy',
    layout: fixed,
    parts: { all: [key], of: (view, at) => (fixed.fields['flags.key'].read(view, at) ? [key] : []) },
    filled: (size) => ({ words: size / 4 }),
    next: () => ({ table: 'none', key: 0 }),
  });
  expect(form?.layouts).toEqual([fixed, key]);
  expect(form?.layoutsOf({ 'flags.key': true })).toEqual([fixed, key]);
  expect(form?.layoutsOf({ version: 1 })).toEqual([fixed]);
  expect(form?.filled(12)).toEqual({ words: 3 });
});

const numbers = layout('n', { big: u64('Big'), little: u64le('Little', 'hex'), rest: rest('Rest') });

test('numbers of 64 bits are exact, and the last field takes the rest', () => {
  const view = hex('ffffffffffffffff efcdab8967452301 616263');
  const values = decode(numbers, view, 0);
  expect(values.big).toBe(2n ** 64n - 1n);
  expect(values.little).toBe(0x0123456789abcdefn);
  expect(values.rest).toEqual(bytesOf(hex('616263')));
  expect(valueText(numbers.fields.big, values.big)).toBe('18446744073709551615');
  expect(valueText(numbers.fields.little, values.little)).toBe('0x0123456789abcdef');
  const size = encodedSize(numbers, values);
  const written = new DataView(new ArrayBuffer(size));
  expect(encode(numbers, values, written, 0)).toBe(19);
  expect(bytesOf(written)).toEqual(bytesOf(view));
});
