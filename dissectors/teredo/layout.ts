import { bytes, bytesBy, derived, type Field, ipv4, named, u8, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** What the two headers before the IPv6 packet start with: 2 bytes, big-endian. Source: RFC 4380, section 5.1.1. */
export const AUTHENTICATION = 0x0001;
export const ORIGIN = 0x0000;
export const MARK_SIZE = 2;

/** The rest of the authentication header, before its last two fields. Source: RFC 4380, section 5.1.1. */
export const authenticationRest = layout('teredo', {
  'auth.idlen': u8('Length of the client identifier'),
  'auth.aulen': u8('Length of the authentication value'),
  'auth.id': bytesBy('Client identifier', 'auth.idlen'),
  'auth.value': bytesBy('Authentication value', 'auth.aulen'),
  'auth.nonce': bytes('Nonce', 8),
  'auth.conf': bytes('Confirmation', 1),
});

/** A number of which every bit is turned. */
const turned = (field: Field<number>, mask: number): Field<number> => ({
  ...field,
  read: (view, at) => (field.read(view, at) ^ mask) >>> 0,
  write: (view, at, value) => field.write(view, at, (value ^ mask) >>> 0),
});

/**
 * The rest of the origin indication: a port and an address of which every bit is turned, so that no translator of
 * addresses changes them on the way.
 */
export const originRest = layout('teredo', {
  'orig.port': turned(u16('Origin port'), 0xffff),
  'orig.addr': turned(ipv4('Origin address'), 0xffffffff),
});

/** The two headers as a whole. */
export const AUTHENTICATION_HEADER = named('teredo.auth', derived('Authentication', 'bool'));
export const ORIGIN_HEADER = named('teredo.orig', derived('Origin indication', 'bool'));
