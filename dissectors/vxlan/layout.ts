import { bit, over, part, u8, u16, u24 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const network = { vni: u24('VXLAN network identifier (VNI)'), reserved8: u8('Reserved') };

/** The VXLAN header: 8 bytes, big-endian. Sources: RFC 7348, section 5; draft-smith-vxlan-group-policy, section 2. */
export const vxlanHeader = layout('vxlan', {
  flags: over(u16('Flags', 'hex')),
  flag_g: over(bit(u16('Group policy'), 0x8000)),
  flag_i: over(bit(u16('VNI given'), 0x0800)),
  flag_d: over(bit(u16("Don't learn"), 0x0040)),
  flag_a: over(bit(u16('Policy applied'), 0x0008)),
  flags_reserved: part(u16('Reserved', 'hex'), 0x77b7),
  gbp: u16('Group policy id'),
  ...network,
});

const NEXT_NAMES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' };

/** The header with a protocol of its own. Source: draft-ietf-nvo3-vxlan-gpe, section 3. */
export const genericHeader = layout('vxlan', {
  flags: over(u8('Flags', 'hex')),
  ver: over(part(u8('Version'), 0x30)),
  i_bit: over(part(u8('Instance'), 0x08)),
  p_bit: over(part(u8('Next protocol'), 0x04)),
  o_bit: over(part(u8('OAM'), 0x01)),
  flags_reserved: part(u8('Reserved'), 0xc2),
  reserved_16: u16('Reserved'),
  next_proto: u8('Next protocol', 'dec', NEXT_NAMES),
  ...network,
});
