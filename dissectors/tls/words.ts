import { derived, type Field, type Names, named, u8, u16, u24, u32 } from '../wire/field.js';
import type { Named } from '../wire/sink.js';
import { cipherSuiteName } from './cipher-suites.js';
import type { Prefix } from './layout.js';
import {
  CERTIFICATE_COMPRESSIONS,
  CERTIFICATE_TYPES,
  COMPRESSIONS,
  CURVE_TYPES,
  extensionName,
  FRAGMENT_LENGTHS,
  groupName,
  POINT_FORMATS,
  PSK_MODES,
  SERVER_NAME_TYPES,
  STATUS_TYPES,
  signatureName,
  versionName,
} from './names.js';

type Base = 'dec' | 'hex';
type Size = 1 | 2 | 3 | 4;
const SIZES = { 1: u8, 2: u16, 3: u24, 4: u32 } as const;

const number = (size: Size, label: string, base: Base = 'dec', names?: Names): Field => SIZES[size](label, base, names);
const raw = (label: string): Field => derived(label, 'bytes', 'hex');
const text = (label: string): Field => derived(label, 'string');
/** A group that filters can name. */
const present = (label: string): Field => derived(label, 'bool');

/** The fields of handshake messages that stand in no layout: entries of lists, and what is in extensions. */
const FIELDS = {
  ciphersuite: number(2, 'Cipher suite', 'hex', cipherSuiteName),
  comp_method: number(1, 'Compression method', 'dec', COMPRESSIONS),
  'extension.type': number(2, 'Type', 'dec', extensionName),
  'extension.len': number(2, 'Length'),
  'extension.data': raw('Data'),
  extensions_server_name_list_len: number(2, 'Server name list length'),
  extensions_server_name_type: number(1, 'Server name type', 'dec', SERVER_NAME_TYPES),
  extensions_server_name_len: number(2, 'Server name length'),
  extensions_server_name: text('Server name'),
  max_fragment_length: number(1, 'Maximum fragment length', 'dec', FRAGMENT_LENGTHS),
  extensions_status_request_type: number(1, 'Certificate status type', 'dec', STATUS_TYPES),
  extensions_status_request_responder_ids_len: number(2, 'Responder ID list length'),
  extensions_status_request_exts_len: number(2, 'Request extensions length'),
  extensions_supported_groups_length: number(2, 'Supported groups list length'),
  extensions_supported_groups: present('Supported groups'),
  extensions_supported_group: number(2, 'Supported group', 'hex', groupName),
  extensions_ec_point_formats_length: number(1, 'EC point formats length'),
  extensions_ec_point_formats: present('EC point formats'),
  extensions_ec_point_format: number(1, 'EC point format', 'dec', POINT_FORMATS),
  sig_hash_alg_len: number(2, 'Signature algorithms length'),
  sig_hash_algs: present('Signature algorithms'),
  sig_hash_alg: number(2, 'Signature algorithm', 'hex', signatureName),
  sig_hash_hash: number(1, 'Signature hash algorithm hash'),
  sig_hash_sig: number(1, 'Signature hash algorithm signature'),
  extensions_alpn_len: number(2, 'ALPN extension length'),
  extensions_alpn_list: present('ALPN protocols'),
  extensions_alpn_str_len: number(1, 'ALPN string length'),
  extensions_alpn_str: text('ALPN next protocol'),
  extensions_padding_data: raw('Padding data'),
  'extensions.psk.identities.length': number(2, 'Identities length'),
  'extensions.psk.identity.identity_length': number(2, 'Identity length'),
  'extensions.psk.identity.identity': raw('Identity'),
  'extensions.psk.identity.obfuscated_ticket_age': number(4, 'Obfuscated ticket age'),
  'extensions.psk.binders_len': number(2, 'PSK binders length'),
  'extensions.psk.binders': present('PSK binders'),
  'extensions.psk.identity.selected': number(2, 'Selected identity'),
  'extensions.supported_versions_len': number(1, 'Supported versions length'),
  'extensions.supported_version': number(2, 'Supported version', 'hex', versionName),
  'extensions.cookie_len': number(2, 'Cookie length'),
  'extensions.cookie': raw('Cookie'),
  extensions_key_share_client_length: number(2, 'Client key share length'),
  extensions_key_share_group: number(2, 'Group', 'dec', groupName),
  extensions_key_share_key_exchange_length: number(2, 'Key exchange length'),
  extensions_key_share_key_exchange: raw('Key exchange'),
  extensions_key_share_selected_group: number(2, 'Selected group', 'dec', groupName),
  extensions_reneg_info_len: number(1, 'Renegotiation info extension length'),
  extensions_reneg_info: raw('Renegotiation info'),
  certificates_length: number(3, 'Certificates length'),
  certificates: present('Certificates'),
  certificate_length: number(3, 'Certificate length'),
  certificate: raw('Certificate'),
  certificate_request_context_length: number(1, 'Certificate request context length'),
  certificate_request_context: raw('Certificate request context'),
  session_ticket_lifetime_hint: number(4, 'Session ticket lifetime hint'),
  session_ticket_length: number(2, 'Session ticket length'),
  session_ticket: raw('Session ticket'),
  server_curve_type: number(1, 'Curve type', 'hex', CURVE_TYPES),
  server_named_curve: number(2, 'Named curve', 'hex', groupName),
  server_point_len: number(1, 'Public key length'),
  server_point: raw('Public key'),
  client_point_len: number(1, 'Public key length'),
  client_point: raw('Public key'),
  sig_len: number(2, 'Signature length'),
  sig: raw('Signature'),
  'client_cert_vrfy.sig_len': number(2, 'Signature length'),
  'client_cert_vrfy.sig': raw('Signature'),
  cert_types_count: number(1, 'Certificate types count'),
  cert_types: present('Certificate types'),
  cert_type: number(1, 'Certificate type', 'dec', CERTIFICATE_TYPES),
  dnames_len: number(2, 'Distinguished names length'),
  'key_update.request_update': number(1, 'Key update request'),
  ja3_full: text('JA3 full string'),
  ja3: text('JA3'),
  ja3s_full: text('JA3S full string'),
  ja3s: text('JA3S'),
} as const;

/** Fields whose names do not begin with `handshake.`. */
const OTHERS = {
  record: present('Record layer'),
  handshake: present('Handshake protocol'),
  change_cipher_spec: present('Change cipher spec message'),
  alert_message: present('Alert message'),
  'extension.psk_ke_modes_length': number(1, 'PSK key exchange modes length'),
  'extension.psk_ke_mode': number(1, 'PSK key exchange mode', 'dec', PSK_MODES),
  'compress_certificate.algorithms_length': number(1, 'Algorithms length'),
  'compress_certificate.algorithm': number(2, 'Algorithm', 'dec', CERTIFICATE_COMPRESSIONS),
  'early_data.max_early_data_size': number(4, 'Maximum early data size'),
  record_size_limit: number(2, 'Record size limit'),
  connection_id_length: number(1, 'Connection ID length'),
  connection_id: raw('Connection ID'),
  unified_header: number(1, 'Header flags', 'hex'),
  'unified_header.cid': present('Connection ID field'),
  'unified_header.seq': present('Sequence number of 16 bits'),
  'unified_header.length': present('Length field'),
  'unified_header.epoch_lower': number(1, 'Epoch, lower bits'),
  'record.encrypted_sequence': raw('Encrypted sequence number'),
  'ech.client_hello_type': number(1, 'Client Hello type', 'dec', { 0: 'Outer Client Hello', 1: 'Inner Client Hello' }),
  'ech.kdf_id': number(2, 'KDF Id', 'dec', { 1: 'HKDF-SHA256', 2: 'HKDF-SHA384', 3: 'HKDF-SHA512' }),
  'ech.aead_id': number(2, 'AEAD Id', 'dec', { 1: 'AES-128-GCM', 2: 'AES-256-GCM', 3: 'ChaCha20Poly1305' }),
  'ech.config_id': number(1, 'Config Id'),
  'ech.enc_length': number(2, 'Enc length'),
  'ech.enc': raw('Enc'),
  'ech.payload_length': number(2, 'Payload length'),
  'ech.payload': raw('Payload'),
} as const;

type Key = keyof typeof FIELDS;
type OtherKey = keyof typeof OTHERS;

/** The fields of one protocol, by their names without what all share. */
export type Words = Readonly<Record<Key | OtherKey, Named>>;

function wordsOf(prefix: Prefix): Words {
  const own = Object.entries(FIELDS).map(([key, field]) => [key, named(`${prefix}.handshake.${key}`, field)]);
  const others = Object.entries(OTHERS).map(([key, field]) => [key, named(`${prefix}.${key}`, field)]);
  // The keys are those of both tables; Object.fromEntries cannot say so.
  return Object.fromEntries([...own, ...others]) as Words;
}

export const WORDS: Readonly<Record<Prefix, Words>> = { tls: wordsOf('tls'), dtls: wordsOf('dtls') };
