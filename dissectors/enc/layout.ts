import { familyField } from '../loopback/layout.js';
import { bit, over, part, u32, u32le } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const flags = u32le('Flags', 'hex');

/**
 * The header of packets that OpenBSD's IPsec has opened: 12 bytes; the family and the flags in the byte order of the
 * capturing host, today little-endian.
 * Source: tcpdump.org, "LINKTYPE_ENC"; Wireshark's `enc`.
 */
export const encHeader = layout('enc', {
  af: familyField('Address family'),
  spi: u32('Security parameters index', 'hex'),
  flags: over(flags),
  'flags.payload_enc': over(bit(u32le('Payload encrypted'), 0x0400)),
  'flags.payload_auth': over(bit(u32le('Payload authenticated'), 0x0800)),
  'flags.payload_compress': over(bit(u32le('Payload compressed'), 0x1000)),
  'flags.header_auth': over(bit(u32le('Header authenticated'), 0x2000)),
  'flags.reserved': part(u32le('Reserved', 'hex'), 0xffffc3ff),
});
