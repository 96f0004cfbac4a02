import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bit, bytesBy, derived, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { ERSPAN_NAMES } from './protocols.js';

const flags = {
  flags_and_version: over(u16('Flags and version', 'hex')),
  'flags.checksum': over(bit(u16('Checksum'), 0x8000)),
  'flags.routing': over(bit(u16('Routing'), 0x4000)),
  'flags.key': over(bit(u16('Key'), 0x2000)),
  'flags.sequence_number': over(bit(u16('Sequence number'), 0x1000)),
  'flags.strict_source_route': over(bit(u16('Strict source route'), 0x0800)),
  'flags.recursion_control': over(part(u16('Recursion control'), 0x0700)),
};
const version = part(u16('Version', 'dec', { 0: 'GRE', 1: 'Enhanced GRE' }), 0x0007);
const proto = u16('Protocol type', 'hex', (value) => ERSPAN_NAMES[value] ?? ETHERTYPE_NAMES[value]);

/** The GRE header before its optional parts: 4 bytes, big-endian. Sources: RFC 2784, section 2; RFC 1701, "GRE". */
export const greHeader = layout('gre', {
  ...flags,
  'flags.reserved': over(part(u16('Reserved'), 0x00f8)),
  'flags.version': version,
  proto,
});

/** The same of PPTP, version 1. Source: RFC 2637, section 4.1 "Enhanced GRE header". */
export const enhancedHeader = layout('gre', {
  ...flags,
  'flags.ack': over(bit(u16('Acknowledgment'), 0x0080)),
  'flags.reserved': over(part(u16('Reserved'), 0x0078)),
  'flags.version': version,
  proto,
});

/** There with the flag for a checksum as well as with that for routing. */
export const checksumPart = layout('gre', { checksum: u16('Checksum', 'hex'), offset: u16('Offset') });
export const keyPart = layout('gre', { key: u32('Key', 'hex') });
export const callPart = layout('gre', {
  'key.payload_length': u16('Payload length'),
  'key.call_id': u16('Call id'),
});
export const sequencePart = layout('gre', { sequence_number: u32('Sequence number') });
export const acknowledgementPart = layout('gre', { ack_number: u32('Acknowledgment number') });

/** One source route entry; one of length 0 and family 0 ends them. Source: RFC 1701, "Source Route Entry". */
export const routeEntry = layout('gre', {
  'routing.address_family': u16('Address family'),
  'routing.sre_offset': u8('SRE offset'),
  'routing.src_length': u8('SRE length'),
  'routing.information': bytesBy('Routing information', 'routing.src_length'),
});

/** A source route entry as a whole. */
export const ROUTING = named('gre.routing', derived('Routing', 'bool'));
