import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bit, over, part, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const PRIORITY_NAMES: Readonly<Record<number, string>> = {
  0: 'best effort',
  1: 'background',
  2: 'spare',
  3: 'excellent effort',
  4: 'controlled load',
  5: 'video',
  6: 'voice',
  7: 'network control',
};

const tag = {
  priority: over(part(u16('Priority', 'dec', PRIORITY_NAMES), 0xe000)),
  dei: over(bit(u16('Drop eligible'), 0x1000)),
  id: part(u16('VLAN id'), 0x0fff),
};

/**
 * A VLAN tag, after the EtherType that announces it: 4 bytes, big-endian.
 * Source: IEEE 802.1Q, "Tag control information".
 */
export const vlanTag = layout('vlan', { ...tag, etype: u16('Type', 'hex', ETHERTYPE_NAMES) });

/** A VLAN tag in an IEEE 802.3 frame: a length of at most 1500 in the place of the type. */
export const lengthTag = layout('vlan', { ...tag, len: u16('Length') });
