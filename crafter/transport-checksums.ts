import { icmpv6Header } from '../dissectors/icmp/layout-v6.js';
import { PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_UDP_LITE } from '../dissectors/ipv4/protocols.js';
import type { Layer } from '../dissectors/layer.js';
import { tcpHeader } from '../dissectors/tcp/layout.js';
import { udpHeader } from '../dissectors/udp/layout.js';
import { udpLiteHeader } from '../dissectors/udplite/layout.js';

/** Where the checksum stands in the headers of protocols that cover the addresses too, by protocol number; in bytes. */
export const TRANSPORT_CHECKSUMS: Readonly<Record<number, number>> = {
  [PROTOCOL_UDP]: udpHeader.fields.checksum.offset,
  [PROTOCOL_UDP_LITE]: udpLiteHeader.fields.checksum.offset,
  [PROTOCOL_TCP]: tcpHeader.fields.checksum.offset,
  [PROTOCOL_ICMPV6]: icmpv6Header.fields.checksum.offset,
};

/** The numbers of those protocols. */
export const TRANSPORT_PROTOCOLS: Readonly<Partial<Record<Layer['name'], number>>> = {
  udp: PROTOCOL_UDP,
  udplite: PROTOCOL_UDP_LITE,
  tcp: PROTOCOL_TCP,
  icmpv6: PROTOCOL_ICMPV6,
};
