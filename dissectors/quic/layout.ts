import type { Form } from '../layer.js';
import { bit, bytes, bytesBy, type Field, over, part, rest, u8, u16, u32, type Value } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { versionName, versionOf } from './versions.js';

/** A varint of two bytes, as senders write lengths: up to 16,383. Source: RFC 9000, section 16. */
const varint16 = (label: string): Field<number> => ({
  ...u16(label),
  read: (view, at) => view.getUint16(at) & 0x3fff,
  write: (view, at, value) => view.setUint16(at, 0x4000 | (value & 0x3fff)),
});

/**
 * What every packet with a long header starts with. Readers find it by `longPacket`, which knows all sizes of varints;
 * these layouts are what packets are written from.
 * Source: RFC 9000, section 17.2.
 */
export const longHead = layout('quic', {
  header_form: over(part(u8('Header form'), 0x80)),
  fixed_bit: over(bit(u8('Fixed bit'), 0x40)),
  'long.packet_type': over(part(u8('Packet type'), 0x30)),
  'long.reserved': over(part(u8('Reserved'), 0x0c)),
  packet_number_length: part(u8('Packet number length, less one'), 0x03),
  version: u32('Version', 'hex', versionName),
  dcil: u8('Destination connection id length'),
  dcid: bytesBy('Destination connection id', 'dcil'),
  scil: u8('Source connection id length'),
  scid: bytesBy('Source connection id', 'scil'),
});

export const tokenPart = layout('quic', {
  token_length: varint16('Token length'),
  token: bytesBy('Token', 'token_length'),
});
/** The length, and the packet number and frames that it counts, which are protected on the wire. */
export const payloadPart = layout('quic', {
  length: varint16('Length'),
  protected_payload: bytesBy('Protected payload', 'length'),
});
export const retryTokenPart = layout('quic', { retry_token: rest('Retry token') });
export const retryTagPart = layout('quic', { retry_integrity_tag: bytes('Retry integrity tag', 16) });
/** One version of those that a Version Negotiation lists. Source: RFC 9000, section 17.2.1. */
export const versionPart = layout('quic', { supported_version: u32('Supported version', 'hex', versionName) });

/** The layouts that a packet with these values is made of. */
function layoutsOf(given: Readonly<Record<string, Value>>): readonly Layout[] {
  const number = Number(given.version ?? 1);
  if (number === 0) return [longHead, versionPart];
  const type = versionOf(number)?.types[Number(given['long.packet_type'] ?? 0)];
  if (type === 'retry') return [longHead, retryTokenPart, retryTagPart];
  return type === 'initial' || type === undefined ? [longHead, tokenPart, payloadPart] : [longHead, payloadPart];
}

export const quicForm: Form = {
  layouts: [longHead, tokenPart, payloadPart, retryTokenPart, retryTagPart, versionPart],
  layoutsOf,
  filled: () => ({ header_form: 1, fixed_bit: true, version: 1 }),
};
