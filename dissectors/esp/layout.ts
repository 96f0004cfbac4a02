import { u8, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** What of an encapsulating security payload is not encrypted: 8 bytes, big-endian. Source: RFC 4303, section 2. */
export const espHeader = layout('esp', {
  spi: u32('ESP SPI', 'hex'),
  sequence: u32('ESP sequence'),
});

/** What stands before a packet of IKE on the port of ESP in UDP. Source: RFC 3948, section 2.2. */
export const nonEspMarker = layout('udpencap', { non_esp_marker: u32('Non-ESP marker', 'hex') });

/** A datagram of one byte that keeps the state of network address translators. Source: RFC 3948, section 2.3. */
export const natKeepalive = layout('udpencap', { nat_keepalive: u8('NAT-keepalive packet', 'hex') });
