import { bit, derived, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

const MESSAGE_NAMES: Readonly<Record<number, string>> = {
  1: 'echo request',
  2: 'echo response',
  26: 'error indication',
  31: 'supported extension headers notification',
  253: 'tunnel status',
  254: 'end marker',
  255: 'T-PDU',
};

/** The GTP header of version 1 before its optional fields: 8 bytes, big-endian. Source: 3GPP TS 29.281, section 5.1. */
export const gtpHeader = layout('gtp', {
  flags: over(u8('Flags', 'hex')),
  'flags.version': over(part(u8('Version'), 0xe0)),
  'flags.payload': over(part(u8('Protocol type', 'dec', { 0: "GTP'", 1: 'GTP' }), 0x10)),
  'flags.reserved': over(part(u8('Reserved'), 0x08)),
  'flags.e': over(bit(u8('Extension header'), 0x04)),
  'flags.s': over(bit(u8('Sequence number'), 0x02)),
  'flags.pn': bit(u8('N-PDU number'), 0x01),
  message: u8('Message type', 'hex', MESSAGE_NAMES),
  /** In bytes: what follows these 8. */
  length: u16('Length'),
  teid: u32('Tunnel endpoint id (TEID)', 'hex'),
});

/** In bytes: the optional fields, all of which are there when any of the three flags is set. */
export const OPTIONAL_SIZE = 4;

const EXTENSION_NAMES: Readonly<Record<number, string>> = {
  0: 'no more extension headers',
  32: 'service class indicator',
  64: 'UDP port',
  129: 'RAN container',
  130: 'long PDCP PDU number',
  131: 'Xw RAN container',
  132: 'NR RAN container',
  133: 'PDU session container',
  192: 'PDCP PDU number',
};

/** The optional fields; each means something only under its own flag. Source: 3GPP TS 29.281, section 5.1. */
export const sequenceField = layout('gtp', { seq_number: u16('Sequence number', 'hex') });
export const numberField = layout('gtp', { npdu_number: u8('N-PDU number', 'hex') });
export const nextField = layout('gtp', { 'ext_hdr.next': u8('Next extension header', 'hex', EXTENSION_NAMES) });

/** What an extension header starts with: its length, in words of 4 bytes. Source: 3GPP TS 29.281, section 5.2.1. */
export const extensionHead = layout('gtp', { 'ext_hdr.length': u8('Length') });

const PDU_TYPE_NAMES = { 0: 'downlink', 1: 'uplink' };
const container = {
  'ext_hdr.pdu_ses_con.pdu_type': over(part(u8('PDU type', 'dec', PDU_TYPE_NAMES), 0xf0)),
  'spare.h1': part(u8('Spare', 'hex'), 0x0f),
};
const flow = { 'ext_hdr.pdu_ses_con.qos_flow_id': part(u8('QoS flow id'), 0x3f) };

/** A PDU session container, for either direction. Source: 3GPP TS 38.415, section 5.5.2. */
export const downlinkContainer = layout('gtp', {
  ...container,
  'ext_hdr.pdu_ses_cont.ppp': over(bit(u8('Paging policy presence'), 0x80)),
  'ext_hdr.pdu_ses_cont.rqi': over(bit(u8('Reflective QoS indicator'), 0x40)),
  ...flow,
});
export const pagingPolicy = layout('gtp', {
  'ext_hdr.pdu_ses_cont.ppi': over(part(u8('Paging policy indicator'), 0xe0)),
  'spare.b4b0': part(u8('Spare', 'hex'), 0x1f),
});
export const uplinkContainer = layout('gtp', {
  ...container,
  'spare.b7b6': over(part(u8('Spare', 'hex'), 0xc0)),
  ...flow,
});

export const SESSION_CONTAINER = 0x85;

/** The contents of extension headers of one form, by type. Source: 3GPP TS 29.281, section 5.2.2. */
export const CONTENTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x40, layout('gtp', { 'ext_hdr.udp_port': u16('UDP port') })],
  [0xc0, layout('gtp', { 'ext_hdr.pdcp_sn': u16('PDCP sequence number') })],
]);

/** An extension header as a whole. */
export const EXTENSION = named('gtp.ext_hdr', derived('Extension header', 'bool'));
