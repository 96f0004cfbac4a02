import { bit, derived, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { CLASSES, DYNAMIC_UPDATE, OPCODES, RCODES, TYPES } from './numbers.js';

const flag = (label: string, mask: number) => over(bit(u16(label), mask));
const start = {
  id: u16('Transaction ID', 'hex'),
  flags: over(u16('Flags', 'hex')),
  'flags.response': flag('Response', 0x8000),
  'flags.opcode': over(part(u16('Opcode', 'dec', OPCODES), 0x7800)),
};
const counts = {
  'count.queries': u16('Questions'),
  'count.answers': u16('Answer RRs'),
  'count.auth_rr': u16('Authority RRs'),
  'count.add_rr': u16('Additional RRs'),
};
const rcode = part(u16('Reply code', 'dec', RCODES), 0x000f);

/**
 * The header of every message: 12 bytes, big-endian. A query says nothing by the flags that only a server sets, though
 * they have their place in it as well.
 * Source: RFC 1035, section 4.1.1; RFC 4035, section 3.
 */
export const dnsHeader = layout('dns', {
  ...start,
  'flags.authoritative': flag('Authoritative', 0x0400),
  'flags.truncated': flag('Truncated', 0x0200),
  'flags.recdesired': flag('Recursion desired', 0x0100),
  'flags.recavail': flag('Recursion available', 0x0080),
  'flags.z': flag('Z', 0x0040),
  'flags.authenticated': flag('Answer authenticated', 0x0020),
  'flags.checkdisable': flag('Non-authenticated data', 0x0010),
  'flags.rcode': rcode,
  ...counts,
});

const wanting = {
  ...start,
  'flags.truncated': flag('Truncated', 0x0200),
  'flags.recdesired': flag('Recursion desired', 0x0100),
  'flags.z': flag('Z', 0x0040),
};
const checkDisable = { 'flags.checkdisable': bit(u16('Non-authenticated data'), 0x0010) };
const asking = { ...wanting, ...checkDisable };
const queryHeader = layout('dns', { ...asking, ...counts });
/** A query that says to understand authenticated data. Source: RFC 6840, section 5.7. */
const understandingHeader = layout('dns', {
  ...wanting,
  'flags.authenticated': flag('Authenticated data understood', 0x0020),
  ...checkDisable,
  ...counts,
});

const updated = {
  'count.zones': u16('Zones'),
  'count.prerequisites': u16('Prerequisites'),
  'count.updates': u16('Updates'),
  'count.add_rr': u16('Additional RRs'),
};
/** Source: RFC 2136, section 2.2. */
const updateHeader = layout('dns', { ...asking, ...updated });
const updateResponse = layout('dns', {
  ...start,
  'flags.authoritative': flag('Authoritative', 0x0400),
  'flags.truncated': flag('Truncated', 0x0200),
  'flags.recdesired': flag('Recursion desired', 0x0100),
  'flags.recavail': flag('Recursion available', 0x0080),
  'flags.z': flag('Z', 0x0040),
  'flags.authenticated': flag('Answer authenticated', 0x0020),
  'flags.checkdisable': flag('Non-authenticated data', 0x0010),
  'flags.rcode': rcode,
  ...updated,
});

const local = {
  ...start,
  'flags.conflict': flag('Conflict', 0x0400),
  'flags.truncated': flag('Truncated', 0x0200),
};
/** The header of link-local multicast name resolution. Source: RFC 4795, section 2.1.1. */
const localQuery = layout('dns', { ...local, 'flags.tentative': bit(u16('Tentative'), 0x0100), ...counts });
const localResponse = layout('dns', {
  ...local,
  'flags.tentative': flag('Tentative', 0x0100),
  'flags.rcode': rcode,
  ...counts,
});

export const HEADERS: readonly Layout[] = [
  dnsHeader,
  queryHeader,
  understandingHeader,
  updateHeader,
  updateResponse,
  localQuery,
  localResponse,
];

/** The three protocols whose messages have this form. */
export type Flavour = 'dns' | 'mdns' | 'llmnr';

/** The header that the message at `at` has, captured whole. */
export function headerAt(view: DataView, at: number, flavour: Flavour): Layout {
  const isResponse = dnsHeader.fields['flags.response'].read(view, at);
  if (flavour === 'llmnr') return isResponse ? localResponse : localQuery;
  if (dnsHeader.fields['flags.opcode'].read(view, at) === DYNAMIC_UPDATE) {
    return isResponse ? updateResponse : updateHeader;
  }
  if (isResponse) return dnsHeader;
  return dnsHeader.fields['flags.authenticated'].read(view, at) ? understandingHeader : queryHeader;
}

/** What follows the name of a question. Source: RFC 1035, section 4.1.2; RFC 6762, section 5.4. */
export const questionFields = {
  'qry.type': u16('Type', 'dec', TYPES),
  'qry.class': u16('Class', 'hex', CLASSES),
};
export const questionEnd = layout('dns', questionFields);
export const multicastQuestionEnd = layout('dns', {
  'qry.type': u16('Type', 'dec', TYPES),
  'qry.class': over(part(u16('Class', 'hex', CLASSES), 0x7fff)),
  'qry.qu': bit(u16('"QU" question'), 0x8000),
});

/** What follows the name of a record, before its data. Source: RFC 1035, section 4.1.3; RFC 6762, section 10.2. */
export const recordHead = layout('dns', {
  'resp.type': u16('Type', 'dec', TYPES),
  'resp.class': u16('Class', 'hex', CLASSES),
  /** In seconds. */
  'resp.ttl': u32('Time to live'),
  /** Of what follows, in bytes. */
  'resp.len': u16('Data length'),
});
export const multicastRecordHead = layout('dns', {
  'resp.type': u16('Type', 'dec', TYPES),
  'resp.class': over(part(u16('Class', 'hex', CLASSES), 0x7fff)),
  'resp.cache_flush': bit(u16('Cache flush'), 0x8000),
  'resp.ttl': u32('Time to live'),
  'resp.len': u16('Data length'),
});

const optEnd = {
  'resp.ext_rcode': u8('Higher bits in extended RCODE', 'hex'),
  'resp.edns0_version': u8('EDNS0 version'),
  'resp.z': over(u16('Z', 'hex')),
  'resp.z.do': over(bit(u16('DO bit'), 0x8000)),
  'resp.z.reserved': part(u16('Reserved', 'hex'), 0x7fff),
  'resp.len': u16('Data length'),
};
/** The same of the record that extends the header. Source: RFC 6891, section 6.1. */
export const optHead = layout('dns', {
  'resp.type': u16('Type', 'dec', TYPES),
  /** In bytes. */
  'rr.udp_payload_size': u16('UDP payload size'),
  ...optEnd,
});
export const multicastOptHead = layout('dns', {
  'resp.type': u16('Type', 'dec', TYPES),
  'rr.udp_payload_size': over(part(u16('UDP payload size', 'hex'), 0x7fff)),
  'resp.cache_flush': bit(u16('Cache flush'), 0x8000),
  ...optEnd,
});

/** What comes before a message in a stream: its length in bytes. Source: RFC 1035, section 4.2.2. */
export const lengthPrefix = layout('dns', { length: u16('Length') });

export const HEADS: readonly Layout[] = [
  questionEnd,
  multicastQuestionEnd,
  recordHead,
  multicastRecordHead,
  optHead,
  multicastOptHead,
  lengthPrefix,
];

export const QUESTION_NAME = named('dns.qry.name', derived('Name', 'string'));
export const QUESTION_LENGTH = named('dns.qry.name.len', derived('Name length'));
export const QUESTION_LABELS = named('dns.count.labels', derived('Label count'));
export const RECORD_NAME = named('dns.resp.name', derived('Name', 'string'));
/** A name of a service is told in its parts. Source: RFC 2782. */
export const SERVICE = named('dns.srv.service', derived('Service', 'string'));
export const SERVICE_PROTOCOL = named('dns.srv.proto', derived('Protocol', 'string'));
export const SERVICE_DOMAIN = named('dns.srv.name', derived('Name', 'string'));
/** The reply code with the eight higher bits that an OPT record tells. Source: RFC 6891, section 6.1.3. */
export const EXTENDED_RCODE = named('dns.rcode', derived('Extended reply code', 'uint', 'dec', RCODES));

export const NAME_FIELDS = [
  QUESTION_NAME,
  QUESTION_LENGTH,
  QUESTION_LABELS,
  RECORD_NAME,
  SERVICE,
  SERVICE_PROTOCOL,
  SERVICE_DOMAIN,
  EXTENDED_RCODE,
];
