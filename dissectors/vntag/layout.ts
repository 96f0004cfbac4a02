import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bit, over, part, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/**
 * A VN-Tag, after the EtherType that announces it: 4 bytes, big-endian, without the type of what follows.
 * Source: IEEE 802.1BR; Wireshark's `vntag`.
 */
export const vnTag = layout('vntag', {
  dir: over(bit(u32('From the bridge'), 0x80000000)),
  ptr: over(bit(u32('Destination is a list'), 0x40000000)),
  dst: over(part(u32('Destination interface'), 0x3fff0000)),
  looped: over(bit(u32('Looped'), 0x8000)),
  r: over(part(u32('Reserved'), 0x4000)),
  version: over(part(u32('Version'), 0x3000)),
  src: part(u32('Source interface'), 0x0fff),
});

/** What follows a VN-Tag. */
export const vnTagType = layout('vntag', { etype: u16('Type', 'hex', ETHERTYPE_NAMES) });

/** The same in an IEEE 802.3 frame: a length of at most 1500. */
export const vnTagLength = layout('vntag', { len: u16('Length') });
