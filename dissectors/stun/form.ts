import type { Form } from '../layer.js';
import { bytes, bytesBy, type Field, ipv4, u8, u16, u32, type Value } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { MAGIC_COOKIE, stunHeader } from './layout.js';
import * as names from './names.js';

const fixedTo = (field: Field<number>, value: number): Field<number> => ({
  ...field,
  write: (view: DataView, at: number) => field.write(view, at, value),
});
const xoredWith = (field: Field<number>, key: number): Field<number> => ({
  ...field,
  write: (view, at, value) => field.write(view, at, (value ^ key) >>> 0),
});

type Fields = Parameters<typeof layout>[1];
const attribute = (type: number, fields: Fields): Layout =>
  layout('stun', { 'att.type': fixedTo(u16('Type', 'hex'), type), ...fields });
/** An attribute around bytes that may be given. */
const around = (type: number, key: string, label: string): Layout =>
  attribute(type, { 'att.length': u16('Length'), [key]: bytesBy(label, 'att.length') });
/** An attribute of one size: its type and its length are one number here. */
const sized = (type: number, size: number, fields: Fields): Layout =>
  layout('stun', { 'att.type': fixedTo(u32('Type', 'hex'), type * 0x10000 + size), ...fields });

/** What a message may be given, in the order in which it is written, by the value that asks for it. */
const PARTS: ReadonlyMap<string, Layout> = new Map([
  [
    'att.error',
    sized(names.ERROR_CODE, 4, {
      'att.reserved': bytes('Reserved', 2),
      'att.error.class': u8('Hundreds of the code'),
      'att.error': u8('Rest of the code'),
    }),
  ],
  [
    'att.transp',
    sized(names.REQUESTED_TRANSPORT, 4, { 'att.transp': u8('Transport'), 'att.reserved': bytes('Reserved', 3) }),
  ],
  ['att.lifetime', sized(names.LIFETIME, 4, { 'att.lifetime': u32('Lifetime in seconds') })],
  [
    'att.ipv4',
    sized(names.XOR_MAPPED_ADDRESS, 8, {
      'att.reserved': bytes('Reserved', 1),
      'att.family': fixedTo(u8('Address family'), 1),
      'att.port': xoredWith(u16('Port'), MAGIC_COOKIE >>> 16),
      'att.ipv4': xoredWith(ipv4('Address'), MAGIC_COOKIE),
    }),
  ],
  ['att.username', around(names.USERNAME, 'att.username', 'Username')],
  ['att.realm', around(names.REALM, 'att.realm', 'Realm')],
  ['att.nonce', around(names.NONCE, 'att.nonce', 'Nonce')],
  ['att.software', around(names.SOFTWARE, 'att.software', 'Software')],
  ['att.hmac', sized(names.MESSAGE_INTEGRITY, 20, { 'att.hmac': bytes('HMAC-SHA1', 20) })],
  ['att.crc32', sized(names.FINGERPRINT, 4, { 'att.crc32': u32('CRC-32', 'hex') })],
]);

/** What fills the value of an attribute up to words of 4 bytes. */
const PADDINGS: readonly (readonly Layout[])[] = [0, 3, 2, 1].map((size) =>
  size === 0 ? [] : [layout('stun', { padding: bytes('Padding', size) })],
);
const paddingOf = (value: Value | undefined): readonly Layout[] =>
  value instanceof Uint8Array ? (PADDINGS[value.length & 3] ?? []) : [];

/** A message: its header, and the attributes that values are given for. */
export const STUN_FORM: Form = {
  layouts: [stunHeader, ...PARTS.values()],
  layoutsOf: (given) => [
    stunHeader,
    ...[...PARTS].flatMap(([key, part]) => (key in given ? [part, ...paddingOf(given[key])] : [])),
  ],
  filled: (size) => ({
    type: 1,
    length: Math.max(0, size - stunHeader.size),
    cookie: Uint8Array.of(0x21, 0x12, 0xa4, 0x42),
    'att.type': 0,
    'att.family': 1,
  }),
};
