import { expect, test } from 'vitest';
import { nameBytes } from '../../dissectors/dns/form.js';
import { readName, skipName } from '../../dissectors/dns/name.js';
import type { Dissector } from '../../dissectors/layer.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import type { Line } from '../../dissectors/wire/line.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { hex } from '../hex.js';
import { context, layerOf, linesOf } from './dissecting.js';

const dns = dissectorNamed('dns') as Dissector;
const HEAD = 'ab87 8500 0001 0001 0000 0000';
const QUESTION = '03777777 0474657374 00 0001 0001';
const RECORD = 'c00c 0001 0001 0000003c 0004 c0000201';

function read(text: string, cut = 0, given = {}) {
  const view = hex(text);
  const limit = { captured: view.byteLength - cut, wire: view.byteLength };
  const found = dns.dissect(view, 0, limit, context(given));
  const layer = layerOf('dns', 0, limit, found);
  return { found, summary: dns.summary(view, layer), values: valuesOf(linesOf(dns, view, layer)) };
}

const valuesOf = (line: Line): ReadonlyMap<string, unknown[]> => {
  const values = new Map<string, unknown[]>();
  const collect = ({ path, value, children }: Line): void => {
    if (value !== undefined) values.set(path, [...(values.get(path) ?? []), value]);
    for (const child of children) collect(child);
  };
  collect(line);
  return values;
};

test('reads a compressed name, and what the record holds', () => {
  const { found, summary, values } = read(HEAD + QUESTION + RECORD);
  expect(found).toMatchObject({ ok: true, findings: undefined, table: 'none' });
  expect(summary).toBe('Standard query response 0xab87 A www.test A 192.0.2.1');
  expect(values.get('dns.resp.name')).toEqual(['www.test']);
  expect(values.get('dns.a')).toEqual([0xc0000201]);
});

test('what does not have room for the entries that it announces is not DNS', () => {
  expect(read('ab87 8500 0001 ffff 0000 0000 03777777 00').found).toBeUndefined();
});

test('a record that the message ends in is malformed; one that the capture cut is truncated', () => {
  const long = `${HEAD + QUESTION} c00c 0001 0001 0000003c 0009 c0000201`;
  expect(read(long).found).toMatchObject({ ok: true, findings: [{ code: 'malformed' }] });
  const { found, values } = read(HEAD + QUESTION + RECORD, 2);
  expect(found).toMatchObject({ ok: true, findings: [{ code: 'truncated' }] });
  expect(values.get('dns.qry.name')).toEqual(['www.test']);
  expect(values.has('dns.a')).toBe(false);
});

test('the whole reply code is told with the bits of the OPT record', () => {
  const { summary, values } = read(`0001 8187 0001 0000 0000 0001 ${QUESTION} 00 0029 04d0 01 00 0000 0000`);
  expect(values.get('dns.flags.rcode')).toEqual([7]);
  expect(values.get('dns.rcode')).toEqual([23]);
  expect(summary).toBe('Standard query response 0x0001 Bad or missing server cookie A www.test OPT');
});

test('a message in a stream comes behind its length', () => {
  const view = hex(`0029 ${HEAD}${QUESTION}${RECORD}`);
  const limit = { captured: view.byteLength, wire: view.byteLength };
  const found = dns.dissect(view, 0, limit, context({ state: { own: 0, other: 0 } }));
  expect(dns.summary(view, layerOf('dns', 0, limit, found))).toContain('www.test A 192.0.2.1');
});

test.each([
  ['points to itself', 'c000', '<Name contains a pointer that loops>'],
  ['points to and fro', 'c002 c000', '<Name contains a pointer that loops>'],
  ['points beyond', 'c0ff', '<Name is cut off>'],
  ['is the root', '00', '<Root>'],
  ['has a label that is no label', '4161 00', '<Unknown label type>'],
  ['is too long', '3f'.padEnd(128, '61').repeat(6), '61'],
  ['is not ASCII', '05 42 6ac3b6 72 00', 'Björ'],
  ['cannot be printed', '03 610a62 00', 'a\\012b'],
])('a name that %s ends in its text', (_, bytes, text) => {
  const view = hex(bytes);
  expect(readName(view, 0, 0, view.byteLength).text).toContain(text === '61' ? '<Name too long>' : text);
});

test('a name ends after its pointer, or not at all', () => {
  expect(skipName(hex('0161 c000 ff'), 0, 5)).toBe(4);
  expect(skipName(hex('0161 c0'), 0, 3)).toBe(-1);
  expect(skipName(hex('05 61'), 0, 2)).toBe(-1);
});

test('what is written of a name is read back', () => {
  const bytes = nameBytes('www.Björn.test.');
  const { text, end, labels } = readName(viewOf(bytes), 0, 0, bytes.length);
  expect([text, end, labels]).toEqual(['www.Björn.test', bytes.length, 3]);
});
