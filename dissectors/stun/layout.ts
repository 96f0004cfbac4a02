import { bit, bytes, derived, ipv4, ipv6, named, over, part, rest, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import * as names from './names.js';

/** What every message has behind its length. Source: RFC 8489, section 5. */
export const MAGIC_COOKIE = 0x2112_a442;
const ASSIGNMENTS = { 0: 'IETF Review', 1: 'Designated Expert' };

/**
 * The header of every message: 20 bytes, big-endian. The bits of method and class are mixed.
 * Source: RFC 8489, section 5, figures 2 and 3.
 */
export const stunHeader = layout('stun', {
  type: over(u16('Message type', 'hex')),
  'type.class': over(part(u16('Class', 'hex', names.CLASSES), 0x0110)),
  'type.method': over(part(u16('Method', 'hex', names.METHODS), 0x3eef)),
  'type.method-assignment': part(u16('Assignment of the method', 'hex', ASSIGNMENTS), 0x2000),
  /** Of what follows the header, in bytes: always a multiple of 4. */
  length: u16('Length'),
  cookie: bytes('Magic cookie', 4),
  /** The transaction: a response has that of its request. */
  id: bytes('Transaction id', 12),
});

/** Data of a channel that was bound: 4 bytes, and the data. Source: RFC 8656, section 12.4. */
export const channelHead = layout('stun', { channel: u16('Channel number', 'hex'), length: u16('Length') });

/** The start of an attribute. Source: RFC 8489, section 14. */
export const attributeHead = layout('stun', {
  'att.type': over(u16('Type', 'hex', names.ATTRIBUTES)),
  'att.type.comprehension': over(part(u16('Comprehension', 'hex', { 0: 'Required', 1: 'Optional' }), 0x8000)),
  'att.type.assignment': part(u16('Assignment', 'hex', ASSIGNMENTS), 0x4000),
  'att.length': u16('Length'),
});

/** The type of an attribute, as the heading of its group. */
export const ATTRIBUTE = named('stun.attribute', u16('Attribute', 'hex', names.ATTRIBUTES));
/** The bytes behind a value, up to the next multiple of 4. */
export const PADDING = named('stun.att.padding', derived('Padding'));

const FAMILIES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };
const ADDRESS_START = { 'att.reserved': bytes('Reserved', 1), 'att.family': u8('Address family', 'hex', FAMILIES) };

/** Addresses, plain and xored with the cookie, and for IPv6 the transaction. Source: RFC 8489, sections 14.1 and 14.2. */
export const addressStart = layout('stun', ADDRESS_START);
export const address4 = layout('stun', { ...ADDRESS_START, 'att.port': u16('Port'), 'att.ipv4': ipv4('Address') });
export const address6 = layout('stun', { ...ADDRESS_START, 'att.port': u16('Port'), 'att.ipv6': ipv6('Address') });
export const xored4 = layout('stun', {
  ...ADDRESS_START,
  'att.port-xord': bytes('Port, xored', 2),
  'att.ipv4-xord': bytes('Address, xored', 4),
});
export const xored6 = layout('stun', {
  ...ADDRESS_START,
  'att.port-xord': bytes('Port, xored', 2),
  'att.ipv6-xord': bytes('Address, xored', 16),
});

/** The start of an error: hundreds and the rest, and a text behind them. Source: RFC 8489, section 14.8. */
export const errorStart = layout('stun', {
  'att.reserved': bytes('Reserved', 2),
  'att.error.class': part(u8('Hundreds of the code'), 0x07),
  'att.error': u8('Rest of the code'),
});
export const ERROR_REASON = named('stun.att.error.reason', derived('Reason', 'string'));

/** Attributes whose value is text. */
export const TEXTS: ReadonlyMap<number, ReturnType<typeof text>> = new Map([
  [names.USERNAME, text('username', 'Username')],
  [names.REALM, text('realm', 'Realm')],
  [names.NONCE, text('nonce', 'Nonce')],
  [names.SOFTWARE, text('software', 'Software')],
]);

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP' };
const tieBreaker = layout('stun', { 'att.tie-breaker': bytes('Tie breaker', 8) });
const family = layout('stun', {
  'att.family': u8('Address family', 'hex', FAMILIES),
  'att.reserved': bytes('Reserved', 3),
});
export const fingerprint = layout('stun', { 'att.crc32': u32('CRC-32', 'hex') });
export const FINGERPRINT_STATUS = named(
  'stun.att.crc32.status',
  derived('CRC-32 status', 'uint', 'dec', { 0: 'bad', 1: 'good' }),
);

/** Attributes whose value is of one fixed size. */
export const FIXED: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    names.CHANGE_REQUEST,
    layout('stun', {
      'att.change-ip': over(bit(u32('Change the address'), 0x4)),
      'att.change-port': bit(u32('Change the port'), 0x2),
    }),
  ],
  [names.MESSAGE_INTEGRITY, layout('stun', { 'att.hmac': bytes('HMAC-SHA1', 20) })],
  [
    names.CHANNEL_NUMBER,
    layout('stun', { 'att.channelnum': u16('Channel number', 'hex'), 'att.reserved': bytes('Reserved', 2) }),
  ],
  [names.LIFETIME, layout('stun', { 'att.lifetime': u32('Lifetime in seconds') })],
  [names.REQUESTED_ADDRESS_FAMILY, family],
  [names.ADDITIONAL_ADDRESS_FAMILY, family],
  [names.EVEN_PORT, layout('stun', { 'att.even-port.reserve-next': part(u8('Reserve the next port'), 0x80) })],
  [
    names.REQUESTED_TRANSPORT,
    layout('stun', { 'att.transp': u8('Transport', 'hex', PROTOCOLS), 'att.reserved': bytes('Reserved', 3) }),
  ],
  [names.RESERVATION_TOKEN, layout('stun', { 'att.token': bytes('Token', 8) })],
  [names.PRIORITY, layout('stun', { 'att.priority': u32('Priority') })],
  [names.FINGERPRINT, fingerprint],
  [names.ICE_CONTROLLED, tieBreaker],
  [names.ICE_CONTROLLING, tieBreaker],
  [
    names.NETWORK_COST,
    layout('stun', { 'att.google.network_id': u16('Network id'), 'att.google.network_cost': u16('Network cost') }),
  ],
]);

/** An algorithm with which passwords are hashed. Source: RFC 8489, section 14.11. */
export const passwordAlgorithm = layout('stun', {
  'att.pw_alg': u16('Password algorithm', 'dec', { 1: 'MD5', 2: 'SHA-256' }),
  'att.pw_alg_len': u16('Length of its parameters'),
});
export const PASSWORD_PARAMETERS = named('stun.att.pw_alg_data', derived('Parameters', 'bytes'));
export const unknownAttribute = layout('stun', { 'att.unknown': u16('Unknown attribute', 'hex', names.ATTRIBUTES) });
/** The value of any other attribute. */
export const anyValue = layout('stun', { value: rest('Value') });

function text(key: string, label: string) {
  return named(`stun.att.${key}`, derived(label, 'string'));
}
