import { arp } from './arp/dissect.js';
import { ethernet } from './ethernet/dissect.js';
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_OLD_SERVICE_VLAN,
  ETHERTYPE_SERVICE_VLAN,
  ETHERTYPE_VLAN,
} from './ethernet/ether-types.js';
import { icmp } from './icmp/dissect.js';
import { icmpv6 } from './icmp/dissect-v6.js';
import { ipv4 } from './ipv4/dissect.js';
import {
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  PROTOCOL_SCTP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from './ipv4/protocols.js';
import { EXTENSION_KEY, ipv6, ipv6Extensions } from './ipv6/dissect.js';
import { EXTENSIONS } from './ipv6/extensions.js';
import type { Dissector, LayerName, Table } from './layer.js';
import { loopback } from './loopback/dissect.js';
import { sctp } from './sctp/dissect.js';
import { LINK_TYPE_SLL, LINK_TYPE_SLL2, sll } from './sll/dissect.js';
import { tcp } from './tcp/dissect.js';
import { udp } from './udp/dissect.js';
import { vlan } from './vlan/dissect.js';

type Leads = ReadonlyMap<number, Dissector>;

/** Link types under which a packet starts with its IP header, of either version; BSDs number them as they like. */
const RAW_IP: readonly number[] = [12, 14, 101];

export const LINK_TYPE_ETHERNET = 1;

/** Source: tcpdump.org, "Link-Layer Header Types". */
const LINK_TYPES: Leads = new Map([
  [0, loopback],
  [LINK_TYPE_ETHERNET, ethernet],
  [108, loopback],
  [LINK_TYPE_SLL, sll],
  [228, ipv4],
  [229, ipv6],
  [LINK_TYPE_SLL2, sll],
]);

const ETHERTYPES: Leads = new Map([
  [ETHERTYPE_IPV4, ipv4],
  [ETHERTYPE_ARP, arp],
  [ETHERTYPE_VLAN, vlan],
  [ETHERTYPE_IPV6, ipv6],
  [ETHERTYPE_SERVICE_VLAN, vlan],
  [ETHERTYPE_OLD_SERVICE_VLAN, vlan],
]);

const PROTOCOLS: Leads = new Map([
  [PROTOCOL_ICMP, icmp],
  [PROTOCOL_IPV4, ipv4],
  [PROTOCOL_TCP, tcp],
  [PROTOCOL_UDP, udp],
  [PROTOCOL_IPV6, ipv6],
  [PROTOCOL_ICMPV6, icmpv6],
  [PROTOCOL_SCTP, sctp],
  ...EXTENSIONS.map((protocol) => [EXTENSION_KEY + protocol, ipv6Extensions] as const),
]);

/** The dissectors of this registry, lowest layer first. */
export const DISSECTORS: readonly Dissector[] = [
  ethernet,
  vlan,
  sll,
  loopback,
  arp,
  ipv4,
  ipv6,
  icmp,
  icmpv6,
  udp,
  tcp,
  sctp,
];

/** The dissector of that name, if it is one of this registry's: channel packets and plain data have none. */
export const dissectorNamed = (name: LayerName): Dissector | undefined =>
  DISSECTORS.find((dissector) => dissector.name === name);

/**
 * The dissector that a table's key leads to, if any does; `payload` and `none` lead to none, and so does a link type that
 * is not known: its packets are payload.
 *
 * @param view where the layer's bytes are, from `at` on: raw IP tells its version only there
 */
export function dissectorFor(table: Table, key: number, view?: DataView, at = 0): Dissector | undefined {
  switch (table) {
    case 'link':
      return RAW_IP.includes(key) ? ipOf(view, at) : LINK_TYPES.get(key);
    case 'ethertype':
      return ETHERTYPES.get(key);
    case 'ip.proto':
      return PROTOCOLS.get(key);
    case 'payload':
    case 'none':
      return undefined;
  }
}

const ipOf = (view: DataView | undefined, at: number): Dissector =>
  view && at < view.byteLength && view.getUint8(at) >>> 4 === 6 ? ipv6 : ipv4;
