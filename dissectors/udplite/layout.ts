import { u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** The UDP-Lite header: 8 bytes, big-endian; Wireshark's names are those of UDP. Source: RFC 3828, section 3.1. */
export const udpLiteHeader = layout('udp', {
  srcport: u16('Source port'),
  dstport: u16('Destination port'),
  /** In bytes, from the start of the header: what the checksum covers; 0 for all. */
  checksum_coverage: u16('Checksum coverage'),
  checksum: u16('Checksum', 'hex'),
});
