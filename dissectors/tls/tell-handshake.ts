import { slice } from '../wire/view.js';
import { subjectOf } from './certificate.js';
import { tellExtensions, tellSignature, tellSignatures, type Where } from './extensions.js';
import { clientPrint, ja3, serverPrint } from './fingerprint.js';
import { isRetry, readClientHello, readServerHello } from './hello.js';
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  CERTIFICATE_VERIFY,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  HELLO_VERIFY_REQUEST,
  helloVerifyRequest,
  KEY_UPDATE,
  LAYOUTS,
  NEW_SESSION_TICKET,
  type Prefix,
  SERVER_HELLO,
  SERVER_KEY_EXCHANGE,
} from './layout.js';
import type { Reader, TellList } from './reader.js';
import { isNewVersion } from './version.js';
import { WORDS, type Words } from './words.js';

interface Told {
  readonly words: Words;
  readonly prefix: Prefix;
  /** The version that was agreed on, 0 while nobody has said. */
  readonly version: number;
}

type TellBody = (reader: Reader, told: Told) => void;

/**
 * Tells the body of a handshake message, behind its head, to the end of the reader.
 * Source: RFC 8446, section 4; RFC 5246, section 7.4; RFC 8422, section 5.4.
 * @param version the version that was agreed on, 0 while nobody has said
 */
export function tellHandshakeBody(type: number, reader: Reader, prefix: Prefix, version: number): void {
  BODIES.get(type)?.(reader, { words: WORDS[prefix], prefix, version });
}

/** Tells the extensions at the end of a hello. */
const extensionsIn =
  ({ words }: Told, where: Where): TellList =>
  (reader, _field, size) =>
    reader.within(size, (list) => tellExtensions(list, words, where));

/** Tells a list of numbers beneath a heading that says how many there are. */
const numbers =
  (each: Words[keyof Words], what: string): TellList =>
  (reader, field, size) => {
    const { sink, view, at } = reader;
    const room = Math.min(size, reader.left);
    const count = Math.floor(size / Number(each.size));
    sink.openValue(field, slice(view, at, at + room), at, at + room, `${field.label} (${count} ${what})`);
    reader.within(size, (list) => {
      while (list.left >= Number(each.size)) list.number(each);
    });
    sink.close();
  };

const clientHello: TellBody = (reader, told) => {
  const { words, prefix } = told;
  const { view, at, end, sink } = reader;
  reader.fields(LAYOUTS[prefix].clientHello, {
    'handshake.ciphersuites': numbers(words.ciphersuite, 'suites'),
    'handshake.comp_methods': numbers(words.comp_method, 'methods'),
    'handshake.extension.list': extensionsIn(told, 'client'),
  });
  if (!sink.wants(words.ja3.path) && !sink.wants(words.ja3_full.path)) return;
  const hello = readClientHello(view, at, end, { dtls: prefix === 'dtls' });
  if (hello?.isWhole) tellPrint(reader, words.ja3_full, words.ja3, clientPrint(hello), at);
};

const serverHello: TellBody = (reader, told) => {
  const { words, prefix } = told;
  const { view, at, end, sink } = reader;
  const where = isRetry(view, at + 2) ? 'retry' : 'server';
  reader.fields(LAYOUTS[prefix].serverHello, { 'handshake.extension.list': extensionsIn(told, where) });
  if (!sink.wants(words.ja3s.path) && !sink.wants(words.ja3s_full.path)) return;
  const hello = readServerHello(view, at, end);
  if (hello?.isWhole) tellPrint(reader, words.ja3s_full, words.ja3s, serverPrint(hello), at);
};

/** Tells a fingerprint, which stands nowhere in the bytes. */
function tellPrint({ sink }: Reader, full: Words[keyof Words], short: Words[keyof Words], print: string, at: number) {
  const digest = ja3(print);
  sink.value(full, print, at, at, `[${full.label}: ${print}]`);
  sink.value(short, digest, at, at, `[${short.label}: ${digest}]`);
}

const verifyRequest: TellBody = (reader, { prefix }) => {
  if (prefix === 'dtls') reader.fields(helloVerifyRequest);
};

const sessionTicket: TellBody = (reader, { words, version }) => {
  // That of TLS 1.3 is encrypted.
  if (isNewVersion(version)) return;
  reader.number(words.session_ticket_lifetime_hint);
  reader.bytes(words.session_ticket, reader.number(words.session_ticket_length));
};

const certificates: TellBody = (reader, { words, version }) => {
  if (isNewVersion(version)) {
    const context = reader.number(words.certificate_request_context_length);
    if (context > 0) reader.bytes(words.certificate_request_context, context);
  }
  const length = reader.number(words.certificates_length);
  if (length === 0) return;
  reader.group(words.certificates, `Certificates (${length} bytes)`, length, (list) => {
    while (list.left > 0) {
      const size = list.number(words.certificate_length);
      const subject = subjectOf(list.view, list.at, Math.min(list.end, list.at + size));
      const text = subject === undefined ? undefined : `Certificate: common name ${subject} (${size} bytes)`;
      list.bytes(words.certificate, size, text);
      if (!isNewVersion(version)) continue;
      const { at, left } = list;
      if (left < 2) return;
      const extensions = list.view.getUint16(at);
      list.skip(2);
      list.within(extensions, (inner) => tellExtensions(inner, words, 'other'));
    }
  });
};

const NAMED_CURVE = 3;

/** The keys of an ephemeral exchange over a named curve; others depend on suites that few use. */
const serverKey: TellBody = (reader, { words, version }) => {
  if (reader.left < 4 || reader.view.getUint8(reader.at) !== NAMED_CURVE) return;
  reader.number(words.server_curve_type);
  reader.number(words.server_named_curve);
  reader.bytes(words.server_point, reader.number(words.server_point_len));
  if (reader.left < 4) return;
  if (version !== 0x0302 && version !== 0x0301 && version !== 0x0300 && version !== 0xfeff)
    tellSignature(reader, words);
  reader.bytes(words.sig, reader.number(words.sig_len));
};

const clientKey: TellBody = (reader, { words }) => {
  // With RSA two bytes tell the length, and with a finite field as well.
  if (reader.left > 0 && reader.view.getUint8(reader.at) !== reader.left - 1) return;
  reader.bytes(words.client_point, reader.number(words.client_point_len));
};

const certificateVerify: TellBody = (reader, { words }) => {
  tellSignature(reader, words);
  reader.bytes(words['client_cert_vrfy.sig'], reader.number(words['client_cert_vrfy.sig_len']));
};

const certificateRequest: TellBody = (reader, { words, version }) => {
  if (isNewVersion(version)) return;
  const count = reader.number(words.cert_types_count);
  reader.group(words.cert_types, `Certificate types (${count} types)`, count, (list) => {
    while (list.left > 0) list.number(words.cert_type);
  });
  if (version === 0x0303 || version === 0xfefd) tellSignatures(reader, words);
  reader.number(words.dnames_len);
};

const keyUpdate: TellBody = (reader, { words }) => {
  reader.number(words['key_update.request_update']);
};

const BODIES: ReadonlyMap<number, TellBody> = new Map([
  [CLIENT_HELLO, clientHello],
  [SERVER_HELLO, serverHello],
  [HELLO_VERIFY_REQUEST, verifyRequest],
  [NEW_SESSION_TICKET, sessionTicket],
  [CERTIFICATE, certificates],
  [SERVER_KEY_EXCHANGE, serverKey],
  [CERTIFICATE_REQUEST, certificateRequest],
  [CERTIFICATE_VERIFY, certificateVerify],
  [CLIENT_KEY_EXCHANGE, clientKey],
  [KEY_UPDATE, keyUpdate],
]);
