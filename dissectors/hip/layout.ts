import { PROTOCOL_NAMES } from '../ipv4/protocols.js';
import { bit, bytes, derived, named, over, part, rest, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/** Types of packets. Source: RFC 7401, section 5.3; RFC 8004; RFC 6078. */
export const I1 = 1;
export const R1 = 2;
export const I2 = 3;
export const R2 = 4;
export const NOTIFY = 17;

const PACKETS: Readonly<Record<number, string>> = {
  [I1]: 'I1 (the initiator packet)',
  [R1]: 'R1 (the responder packet)',
  [I2]: 'I2 (the second initiator packet)',
  [R2]: 'R2 (the second responder packet)',
  16: 'UPDATE',
  [NOTIFY]: 'NOTIFY',
  18: 'CLOSE',
  19: 'CLOSE_ACK',
  20: 'HDRR',
  32: 'HIP_DATA',
};
/** The names of packets without what explains them. */
export const packetName = (type: number): string => PACKETS[type]?.split(' ')[0] ?? `type ${type}`;

/** In bytes: a host identity tag. */
export const HIT_SIZE = 16;

/**
 * The header of every packet: 40 bytes, big-endian.
 * Source: RFC 7401, section 5.1.
 */
export const hipHeader = layout('hip', {
  proto: u8('Payload protocol', 'dec', PROTOCOL_NAMES),
  /** In words of 8 bytes, the first not counted. */
  hdr_len: u8('Header length'),
  shim6_fixed_p: over(part(u8('Fixed bit'), 0x80)),
  packet_type: part(u8('Packet type', 'dec', PACKETS), 0x7f),
  version: over(part(u8('Version'), 0xf0)),
  shim6_fixed_s: part(u8('Fixed bit'), 0x01),
  checksum: u16('Checksum', 'hex'),
  controls: over(u16('Controls', 'hex')),
  'controls.a': bit(u16('Anonymous'), 0x0001),
  hit_sndr: bytes("Sender's tag", HIT_SIZE),
  hit_rcvr: bytes("Receiver's tag", HIT_SIZE),
});

/** Types of parameters that the code names. Source: RFC 7401, section 5.2. */
export const PUZZLE = 257;
export const SOLUTION = 321;
export const ACK = 449;
export const ESP_INFO = 65;
export const NOTIFICATION = 832;

const PARAMETERS: Readonly<Record<number, string>> = {
  [ESP_INFO]: 'ESP_INFO',
  128: 'R1_COUNTER',
  129: 'R1_COUNTER',
  193: 'LOCATOR_SET',
  [PUZZLE]: 'PUZZLE',
  [SOLUTION]: 'SOLUTION',
  385: 'SEQ',
  [ACK]: 'ACK',
  511: 'DH_GROUP_LIST',
  513: 'DIFFIE_HELLMAN',
  577: 'HIP_TRANSFORM',
  579: 'HIP_CIPHER',
  608: 'NAT_TRAVERSAL_MODE',
  641: 'ENCRYPTED',
  705: 'HOST_ID',
  715: 'HIT_SUITE_LIST',
  768: 'CERT',
  [NOTIFICATION]: 'NOTIFICATION',
  897: 'ECHO_REQUEST_SIGNED',
  930: 'REG_INFO',
  932: 'REG_REQUEST',
  934: 'REG_RESPONSE',
  936: 'REG_FAILED',
  961: 'ECHO_RESPONSE_SIGNED',
  2049: 'TRANSPORT_FORMAT_LIST',
  4095: 'ESP_TRANSFORM',
  61505: 'HIP_MAC',
  61569: 'HIP_MAC_2',
  61633: 'HIP_SIGNATURE_2',
  61697: 'HIP_SIGNATURE',
  63661: 'ECHO_REQUEST_UNSIGNED',
  63425: 'ECHO_RESPONSE_UNSIGNED',
  65498: 'RVS_HMAC',
  65500: 'FROM',
  65502: 'VIA_RVS',
};
export const parameterName = (type: number): string => PARAMETERS[type] ?? `parameter ${type}`;

/** The start of a parameter; its length does not count what fills it up to a multiple of 8. */
export const parameterHead = layout('hip', {
  type: u16('Parameter type', 'dec', PARAMETERS),
  'tlv.length': u16('Parameter length'),
});
/** The type of a parameter, as the heading of its group. */
export const PARAMETER = named('hip.tlv', derived('Parameter', 'uint', 'dec', PARAMETERS));

/** What stands before the random numbers of a puzzle and of its solution. Source: RFC 7401, sections 5.2.4 and 5.2.5. */
export const puzzleStart = layout('hip', {
  tlv_puzzle_k: u8('Difficulty (K)'),
  tlv_puzzle_lifetime: u8('Lifetime'),
  tlv_puzzle_opaque: u16('Opaque', 'hex'),
});
export const solutionStart = layout('hip', {
  tlv_solution_k: u8('Difficulty (K)'),
  tlv_solution_reserved: u8('Reserved'),
  tlv_solution_opaque: u16('Opaque', 'hex'),
});
export const PUZZLE_I = named('hip.tlv.puzzle_random_i', derived('Random number (I)', 'bytes'));
export const SOLUTION_I = named('hip.tlv.solution_random_i', derived('Random number (I)', 'bytes'));
export const SOLUTION_J = named('hip.tlv_solution_j', derived('Solution (J)', 'bytes'));

export const updateId = layout('hip', { tlv_ack_updid: u32('Acknowledged update id', 'hex') });
const counter = layout('hip', {
  'tlv.r1_reserved': u32('Reserved', 'hex'),
  'tlv.r1_counter': bytes('R1 generation counter', 8),
});
const opaque = layout('hip', { 'tlv.opaque_data': rest('Opaque') });
const mac = layout('hip', { 'tlv.hmac': rest('HMAC') });
export const espInfo = layout('hip', {
  tlv_esp_info_reserved: u16('Reserved', 'hex'),
  tlv_esp_info_key_index: u16('Key index', 'hex'),
  tlv_esp_info_old_spi: u32('Old SPI', 'hex'),
  tlv_esp_info_new_spi: u32('New SPI', 'hex'),
});
/** Source: RFC 7401, section 5.2.19. */
const NOTIFICATIONS: Readonly<Record<number, string>> = {
  1: 'UNSUPPORTED_CRITICAL_PARAMETER_TYPE',
  7: 'INVALID_SYNTAX',
  14: 'NO_DH_PROPOSAL_CHOSEN',
  15: 'INVALID_DH_CHOSEN',
  16: 'NO_HIP_PROPOSAL_CHOSEN',
  17: 'INVALID_HIP_CIPHER_CHOSEN',
  20: 'UNSUPPORTED_HIT_SUITE',
  24: 'AUTHENTICATION_FAILED',
  26: 'CHECKSUM_FAILED',
  28: 'HIP_MAC_FAILED',
  32: 'ENCRYPTION_FAILED',
  40: 'INVALID_HIT',
  42: 'BLOCKED_BY_POLICY',
  44: 'RESPONDER_BUSY_PLEASE_RETRY',
  16384: 'I2_ACKNOWLEDGEMENT',
};
export const notificationName = (number: number): string => NOTIFICATIONS[number] ?? `notification ${number}`;
export const notification = layout('hip', {
  'tlv.notification_res': u16('Reserved', 'hex'),
  'tlv.notification_type': u16('Notification', 'dec', NOTIFICATIONS),
  'tlv.notification_data': rest('Data'),
});

/** Parameters that are one layout each. */
export const BODIES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [ESP_INFO, espInfo],
  [128, counter],
  [129, counter],
  [385, layout('hip', { tlv_seq_update_id: u32('Update id', 'hex') })],
  [
    513,
    layout('hip', {
      'tlv.dh_group_id': u8('Diffie-Hellman group'),
      'tlv.dh_pv_length': u16('Length of the public value'),
      'tlv.dh_public_value': rest('Public value'),
    }),
  ],
  [NOTIFICATION, notification],
  [897, opaque],
  [961, opaque],
  [63_661, opaque],
  [63_425, opaque],
  [61_505, mac],
  [61_569, mac],
]);
/** The value of any other parameter. */
export const anyValue = layout('hip', { 'tlv.value': rest('Value') });

/** Four bytes of zero before a packet in UDP, where an SPI of ESP would stand. Source: RFC 9028, section 5.1. */
export const zeroMarker = layout('hip', { 'udp.marker': u32('Non-ESP marker', 'hex') });
