import { derived, type Kind, type Names, named, u32 } from '../wire/field.js';
import { FRAME_NAMES } from './frames.js';
import { type PacketType, versionName } from './versions.js';

const word = (key: string, label: string, kind: Kind = 'uint', base: 'dec' | 'hex' = 'dec', names?: Names) =>
  named(`quic.${key}`, derived(label, kind, base, names));

const FORMS: Names = { 0: 'Short Header', 1: 'Long Header' };
const TYPES: Names = { 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' };
const TYPES_V2: Names = { 0: 'Retry', 1: 'Initial', 2: '0-RTT', 3: 'Handshake' };

/** What a list calls packets. */
export const TYPE_NAMES: Readonly<Record<PacketType, string>> = {
  initial: 'Initial',
  '0-rtt': '0-RTT',
  handshake: 'Handshake',
  retry: 'Retry',
  negotiation: 'Version Negotiation',
  short: 'Protected Payload (KP0)',
  unknown: 'Packet of an unknown version',
};

/** Source: RFC 9000, section 20.1 "Transport Error Codes". */
export const ERROR_NAMES: Readonly<Record<number, string>> = {
  0: 'NO_ERROR',
  1: 'INTERNAL_ERROR',
  2: 'CONNECTION_REFUSED',
  3: 'FLOW_CONTROL_ERROR',
  4: 'STREAM_LIMIT_ERROR',
  5: 'STREAM_STATE_ERROR',
  6: 'FINAL_SIZE_ERROR',
  7: 'FRAME_ENCODING_ERROR',
  8: 'TRANSPORT_PARAMETER_ERROR',
  9: 'CONNECTION_ID_LIMIT_ERROR',
  10: 'PROTOCOL_VIOLATION',
  11: 'INVALID_TOKEN',
  12: 'APPLICATION_ERROR',
  13: 'CRYPTO_BUFFER_EXCEEDED',
  14: 'KEY_UPDATE_ERROR',
  15: 'AEAD_LIMIT_REACHED',
  16: 'NO_VIABLE_PATH',
  17: 'VERSION_NEGOTIATION_ERROR',
};

/** Errors 0x100 to 0x1ff are alerts of TLS. */
export const errorName = (code: number): string | undefined =>
  ERROR_NAMES[code] ?? (code >= 0x100 && code <= 0x1ff ? `CRYPTO_ERROR (TLS alert ${code - 0x100})` : undefined);

/** The fields of QUIC, by the keys of their names in Wireshark. */
export const WORDS = {
  number: word('connection.number', 'Connection number'),
  packetLength: word('packet_length', 'Packet length'),
  form: word('header_form', 'Header form', 'uint', 'dec', FORMS),
  fixed: word('fixed_bit', 'Fixed bit', 'bool'),
  type: word('long.packet_type', 'Packet type', 'uint', 'dec', TYPES),
  typeV2: word('long.packet_type_v2', 'Packet type', 'uint', 'dec', TYPES_V2),
  reserved: word('long.reserved', 'Reserved'),
  numberSize: word('packet_number_length', 'Packet number length, less one'),
  unused: word('vn.unused', 'Unused', 'uint', 'hex'),
  version: named('quic.version', u32('Version', 'hex', versionName)),
  supported: named('quic.supported_version', u32('Supported version', 'hex', versionName)),
  dcidSize: word('dcil', 'Destination connection id length'),
  dcid: word('dcid', 'Destination connection id', 'bytes', 'hex'),
  scidSize: word('scil', 'Source connection id length'),
  scid: word('scid', 'Source connection id', 'bytes', 'hex'),
  tokenSize: word('token_length', 'Token length'),
  token: word('token', 'Token', 'bytes', 'hex'),
  length: word('length', 'Length'),
  packetNumber: word('packet_number', 'Packet number'),
  payload: word('payload', 'Payload', 'bytes', 'hex'),
  remaining: word('remaining_payload', 'Protected payload', 'bytes', 'hex'),
  retryToken: word('retry_token', 'Retry token', 'bytes', 'hex'),
  retryTag: word('retry_integrity_tag', 'Retry integrity tag', 'bytes', 'hex'),
  badRetry: word('bad_retry', "The tag is not that of the client's first connection id", 'bool'),
  retryStatus: word('retry.status', 'Retry integrity tag status', 'string'),
  short: word('short', 'Short header', 'bool'),
  spin: word('spin_bit', 'Spin bit', 'bool'),
  frame: word('frame', 'Frame', 'bool'),
  frameType: word('frame_type', 'Frame type', 'uint', 'dec', FRAME_NAMES),
  padding: word('padding_length', 'Padding length'),
  ackLargest: word('ack.largest_acknowledged', 'Largest acknowledged', 'uint64'),
  ackDelay: word('ack.ack_delay', 'ACK delay', 'uint64'),
  ackCount: word('ack.ack_range_count', 'ACK range count', 'uint64'),
  ackFirst: word('ack.first_ack_range', 'First ACK range', 'uint64'),
  ackGap: word('ack.gap', 'Gap', 'uint64'),
  ackRange: word('ack.ack_range', 'ACK range', 'uint64'),
  ect0: word('ack.ect0_count', 'ECT(0) count', 'uint64'),
  ect1: word('ack.ect1_count', 'ECT(1) count', 'uint64'),
  ce: word('ack.ecn_ce_count', 'ECN-CE count', 'uint64'),
  cryptoOffset: word('crypto.offset', 'Offset', 'uint64'),
  cryptoLength: word('crypto.length', 'Length', 'uint64'),
  cryptoData: word('crypto.crypto_data', 'Crypto data', 'bool'),
  closeCode: word('cc.error_code', 'Error code', 'uint', 'dec', errorName),
  closeApplication: word('cc.error_code.app', 'Application error code'),
  closeFrame: word('cc.frame_type', 'Frame type'),
  closeLength: word('cc.reason_phrase.length', 'Reason phrase length'),
  closeReason: word('cc.reason_phrase', 'Reason phrase', 'string'),
} as const;
