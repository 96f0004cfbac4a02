import { u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/**
 * The UDP header: 8 bytes, big-endian.
 * Source: RFC 768, "Format".
 */
export const udpHeader = layout('udp', {
  srcport: u16('Source port'),
  dstport: u16('Destination port'),
  /** Header and payload together, in bytes; never below 8, but 0 in a jumbogram. */
  length: u16('Length'),
  /** Zero means the sender computed none. */
  checksum: u16('Checksum', 'hex'),
});
