import { bytes, bytesBy, rest, u8, u16, u24, u64 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { ALERT_LEVELS, ALERTS } from './alerts.js';
import { cipherSuiteName } from './cipher-suites.js';
import { COMPRESSIONS, CONTENT_TYPES, HANDSHAKE_TYPES, versionName } from './names.js';

/** The two protocols that share handshake messages: names of fields begin with these. */
export type Prefix = 'tls' | 'dtls';

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
export const HELLO_VERIFY_REQUEST = 3;
export const NEW_SESSION_TICKET = 4;
export const CERTIFICATE = 11;
export const SERVER_KEY_EXCHANGE = 12;
export const CERTIFICATE_REQUEST = 13;
export const CERTIFICATE_VERIFY = 15;
export const CLIENT_KEY_EXCHANGE = 16;
export const KEY_UPDATE = 24;

/** What every record starts with. Source: RFC 8446, section 5.1. */
export const tlsRecord = layout('tls', {
  'record.content_type': u8('Content type', 'dec', CONTENT_TYPES),
  'record.version': u16('Version', 'hex', versionName),
  'record.length': u16('Length'),
});

/** The same where TLS 1.3 has encrypted the record, and its type with it. Source: RFC 8446, section 5.2. */
export const tlsOpaqueRecord = layout('tls', {
  'record.opaque_type': u8('Opaque type', 'dec', CONTENT_TYPES),
  'record.version': u16('Version', 'hex', versionName),
  'record.length': u16('Length'),
});

/** The same of DTLS, where its epoch is in the clear. Source: RFC 6347, section 4.1; RFC 9147, section 4. */
export const dtlsRecord = layout('dtls', {
  'record.content_type': u8('Content type', 'dec', CONTENT_TYPES),
  'record.version': u16('Version', 'hex', versionName),
  'record.epoch': u16('Epoch'),
  'record.sequence_number': { ...u64('Sequence number'), size: 6, advance: 6, ...sequence48() },
  'record.length': u16('Length'),
});

/** Reads and writes 48 bits, as 64-bit values. */
function sequence48() {
  return {
    read: (view: DataView, at: number) => (BigInt(view.getUint16(at)) << 32n) | BigInt(view.getUint32(at + 2)),
    write: (view: DataView, at: number, value: bigint) => {
      view.setUint16(at, Number((value >> 32n) & 0xffffn));
      view.setUint32(at + 2, Number(value & 0xffff_ffffn));
    },
  };
}

/** What every handshake message starts with. Source: RFC 8446, section 4. */
export const tlsHandshake = layout('tls', {
  'handshake.type': u8('Handshake type', 'dec', HANDSHAKE_TYPES),
  'handshake.length': u24('Length'),
});

/** The same of DTLS. Source: RFC 6347, section 4.2.2; RFC 9147, section 5.2. */
export const dtlsHandshake = layout('dtls', {
  'handshake.type': u8('Handshake type', 'dec', HANDSHAKE_TYPES),
  'handshake.length': u24('Length'),
  'handshake.message_seq': u16('Message sequence'),
  'handshake.fragment_offset': u24('Fragment offset'),
  'handshake.fragment_length': u24('Fragment length'),
});

const hello = {
  'handshake.version': u16('Version', 'hex', versionName),
  'handshake.random': bytes('Random', 32),
  'handshake.session_id_length': u8('Session ID length'),
  'handshake.session_id': bytesBy('Session ID', 'handshake.session_id_length'),
};
const cookie = {
  'handshake.cookie_length': u8('Cookie length'),
  'handshake.cookie': bytesBy('Cookie', 'handshake.cookie_length'),
};
const offers = {
  'handshake.cipher_suites_length': u16('Cipher suites length'),
  'handshake.ciphersuites': bytesBy('Cipher suites', 'handshake.cipher_suites_length'),
  'handshake.comp_methods_length': u8('Compression methods length'),
  'handshake.comp_methods': bytesBy('Compression methods', 'handshake.comp_methods_length'),
};
const choices = {
  'handshake.ciphersuite': u16('Cipher suite', 'hex', cipherSuiteName),
  'handshake.comp_method': u8('Compression method', 'dec', COMPRESSIONS),
};
const extensions = {
  'handshake.extensions_length': u16('Extensions length'),
  'handshake.extension.list': bytesBy('Extensions', 'handshake.extensions_length'),
};

/** Source: RFC 8446, section 4.1.2. Those of SSL and TLS 1.0 may end before the extensions. */
export const clientHello = layout('tls', { ...hello, ...offers, ...extensions });
/** Source: RFC 8446, section 4.1.3. */
export const serverHello = layout('tls', { ...hello, ...choices, ...extensions });
/** Source: RFC 6347, section 4.2.1. */
export const dtlsClientHello = layout('dtls', { ...hello, ...cookie, ...offers, ...extensions });
export const dtlsServerHello = layout('dtls', { ...hello, ...choices, ...extensions });
/** Source: RFC 6347, section 4.2.1. */
export const helloVerifyRequest = layout('dtls', {
  'handshake.version': u16('Version', 'hex', versionName),
  ...cookie,
});

const alert = {
  'alert_message.level': u8('Level', 'dec', ALERT_LEVELS),
  'alert_message.desc': u8('Description', 'dec', ALERTS),
};
/** Source: RFC 8446, section 6. */
export const tlsAlert = layout('tls', alert);
export const dtlsAlert = layout('dtls', alert);

/** Records of application data, and whatever is encrypted. */
export const tlsData = layout('tls', { app_data: rest('Encrypted application data') });
export const dtlsData = layout('dtls', { app_data: rest('Encrypted application data') });

/** The layouts of one of the protocols. */
export interface Layouts {
  readonly record: Layout;
  readonly handshake: Layout;
  readonly clientHello: Layout;
  readonly serverHello: Layout;
  readonly alert: Layout;
  readonly data: Layout;
}

export const LAYOUTS: Readonly<Record<Prefix, Layouts>> = {
  tls: { record: tlsRecord, handshake: tlsHandshake, clientHello, serverHello, alert: tlsAlert, data: tlsData },
  dtls: {
    record: dtlsRecord,
    handshake: dtlsHandshake,
    clientHello: dtlsClientHello,
    serverHello: dtlsServerHello,
    alert: dtlsAlert,
    data: dtlsData,
  },
};
