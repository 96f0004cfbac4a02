import { bit, over, part, u8 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const MAC_NAMES: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  2: 'IEEE 802.4',
  3: 'IEEE 802.5, other addressing',
  4: 'FDDI, other addressing',
  11: 'IEEE 802.5',
  12: 'FDDI',
};

/**
 * The header of a frame that is bridged over PPP: 2 bytes.
 * Source: RFC 3518, "Bridged LAN Traffic".
 */
export const bridgedHeader = layout('bcp_bpdu', {
  flags: over(u8('Flags', 'hex')),
  'flags.fcs_present': over(bit(u8('Check sequence at the end'), 0x80)),
  'flags.zeropad': over(bit(u8('Padded with zeros'), 0x20)),
  'flags.bcontrol': over(bit(u8('Bridge control'), 0x10)),
  pads: part(u8('Bytes of padding at the end'), 0x0f),
  mac_type: u8('MAC type', 'dec', MAC_NAMES),
});
