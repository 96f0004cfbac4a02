import { utf8Of } from '../file/utf8.js';
import type { Form } from '../layer.js';
import { derived, type Field, ipv4, ipv6, rest, u8, u16, u32, type Value } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { encodedSize } from '../wire/message.js';
import { put } from '../wire/view.js';
import { dnsHeader, questionFields } from './layout.js';
import { CLASSES, OPTION_COOKIE, TYPE_OPT, TYPES } from './numbers.js';
import { CLIENT_COOKIE_SIZE } from './options.js';

type Given = Readonly<Record<string, Value>>;

/** A name as it is sent: labels with their lengths, an empty one last. A label that is too long is sent as it is. */
export function nameBytes(name: string): Uint8Array {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) => utf8Of(label));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + 1 + part.length, 1));
  let at = 0;
  for (const part of parts) {
    bytes[at] = part.length;
    bytes.set(part, at + 1);
    at += 1 + part.length;
  }
  return bytes;
}

/** A field that a name is written to; how many bytes it takes depends on the name. */
function nameField(label: string, name: Value | undefined): Field<Value> {
  const text = typeof name === 'string' ? name : '';
  const { length: size } = nameBytes(text);
  return {
    ...derived(label, 'string'),
    size,
    advance: size,
    read: () => text,
    write: (view, at, value) => put(view, at, nameBytes(`${value}`), size),
  };
}

/** A text after its length in one byte. */
function countedText(label: string, value: Value | undefined): Field<Value> {
  const bytesOf = (text: Value | undefined) => utf8Of(typeof text === 'string' ? text : '').subarray(0, 255);
  const size = 1 + bytesOf(value).length;
  return {
    ...derived(label, 'string'),
    size,
    advance: size,
    read: () => '',
    write: (view, at, text) => {
      view.setUint8(at, size - 1);
      put(view, at + 1, bytesOf(text), size - 1);
    },
  };
}

const questionOf = (given: Given): Layout =>
  layout('dns', { 'qry.name': nameField('Name', given['qry.name']), ...questionFields });

/** What the data of a record can be written from: the key of its field, its type, and the field. */
const DATA: readonly (readonly [key: string, type: number, field: (value: Value | undefined) => Field])[] = [
  ['a', 1, () => ipv4('Address') as Field],
  ['ns', 2, (value) => nameField('Name server', value)],
  ['cname', 5, (value) => nameField('CNAME', value)],
  ['ptr.domain_name', 12, (value) => nameField('Domain name', value)],
  ['txt', 16, (value) => countedText('TXT', value)],
  ['aaaa', 28, () => ipv6('AAAA address') as Field],
  ['data', 10, () => rest('Data') as Field],
];
const dataOf = (given: Given) => DATA.find(([key]) => given[key] !== undefined);

function recordFields(given: Given, data = dataOf(given)): Readonly<Record<string, Field>> {
  const [key, , field] = data ?? [];
  return {
    'resp.name': nameField('Name', given['resp.name'] ?? given['qry.name']),
    'resp.type': u16('Type', 'dec', TYPES) as Field,
    'resp.class': u16('Class', 'hex', CLASSES) as Field,
    'resp.ttl': u32('Time to live') as Field,
    'resp.len': u16('Data length') as Field,
    ...(key !== undefined && field && { [key]: field(given[key]) }),
  };
}

const optHead = {
  'opt.name': u8('Name of the OPT record'),
  'opt.type': u16('Type of the OPT record', 'dec', TYPES),
  'rr.udp_payload_size': u16('UDP payload size', 'hex'),
  'resp.ext_rcode': u8('Higher bits in extended RCODE', 'hex'),
  'resp.edns0_version': u8('EDNS0 version'),
  'resp.z': u16('Z', 'hex'),
  'opt.size': u16('Length of all options'),
};
const bareOpt = layout('dns', optHead);
const cookieOption = {
  ...optHead,
  'opt.code': u16('Option code'),
  'opt.len': u16('Option length'),
  'opt.cookie.client': rest('Client cookie'),
};
const cookieOpt = layout('dns', cookieOption);
const cookiesOpt = layout('dns', { ...cookieOption, 'opt.cookie.server': rest('Server cookie') });
const OPT_KEYS = cookiesOpt.list.map(({ key }) => key);

function optOf(given: Given): Layout {
  if (given['opt.cookie.server'] !== undefined) return cookiesOpt;
  return given['opt.cookie.client'] === undefined ? bareOpt : cookieOpt;
}

const has = (given: Given, test: (key: string) => boolean): boolean => Object.keys(given).some(test);
const hasQuestion = (given: Given): boolean => has(given, (key) => key.startsWith('qry.'));
const hasOpt = (given: Given): boolean => has(given, (key) => OPT_KEYS.includes(key));
const hasRecord = (given: Given): boolean =>
  dataOf(given) !== undefined || has(given, (key) => /^resp\.(name|type|class|ttl|len)$/.test(key));

/** The header, and the question, the answer and the OPT record that the values are of. */
function layoutsOf(given: Given): readonly Layout[] {
  return [
    dnsHeader,
    ...(hasQuestion(given) ? [questionOf(given)] : []),
    ...(hasRecord(given) ? [layout('dns', recordFields(given))] : []),
    ...(hasOpt(given) ? [optOf(given)] : []),
  ];
}

const bytesIn = (value: Value | undefined, otherwise: number): number =>
  value instanceof Uint8Array ? value.length : otherwise;

function filled(_: number, given: Given = {}): Given {
  const client = bytesIn(given['opt.cookie.client'], CLIENT_COOKIE_SIZE);
  const cookies = client + bytesIn(given['opt.cookie.server'], 0);
  return {
    'flags.recdesired': true,
    'count.queries': Number(hasQuestion(given)),
    'count.answers': Number(hasRecord(given)),
    'count.add_rr': Number(hasOpt(given)),
    'qry.name': '',
    'qry.type': 1,
    'qry.class': 1,
    'resp.name': given['qry.name'] ?? '',
    'resp.type': dataOf(given)?.[1] ?? 1,
    'resp.class': 1,
    'resp.ttl': 60,
    'resp.len': hasRecord(given) ? dataSize(given) : 0,
    'opt.type': TYPE_OPT,
    'rr.udp_payload_size': 1232,
    'opt.size': optOf(given) === bareOpt ? 0 : 4 + cookies,
    'opt.code': OPTION_COOKIE,
    'opt.len': cookies,
  };
}

/** The bytes of a record's data. */
function dataSize(given: Given): number {
  const [key, , field] = dataOf(given) ?? [];
  if (key === undefined || !field) return 0;
  return encodedSize(layout('dns', { [key]: field(given[key]) }), given as Readonly<Record<string, never>>);
}

/** What messages are written from: one question, one answer, and the cookies of an OPT record. */
export const DNS_FORM: Form = {
  layouts: [dnsHeader, questionOf({}), ...DATA.map((data) => layout('dns', recordFields({}, data))), cookiesOpt],
  layoutsOf,
  filled,
};
