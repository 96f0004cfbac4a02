import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { ether, over, part, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/**
 * The service tag of a provider backbone bridge, with the customer's header that follows it: 18 bytes, big-endian.
 * Source: IEEE 802.1Q, "I-TAG TCI".
 */
export const serviceTag = layout('ieee8021ah', {
  priority: over(part(u32('Priority'), 0xe0000000)),
  drop: over(part(u32('Drop eligible'), 0x10000000)),
  nca: over(part(u32('No customer addresses'), 0x08000000)),
  res1: over(part(u32('Reserved'), 0x04000000)),
  res2: over(part(u32('Reserved, must be zero'), 0x03000000)),
  isid: part(u32('Service id'), 0x00ffffff),
  cdst: ether('Customer destination'),
  csrc: ether('Customer source'),
  etype: u16('Type', 'hex', ETHERTYPE_NAMES),
});
