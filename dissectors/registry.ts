import { APPLICATIONS } from './applications.js';
import { arp } from './arp/dissect.js';
import { bridged } from './bcp/dissect.js';
import { ethernet } from './ethernet/dissect.js';
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_OLD_SERVICE_VLAN,
  ETHERTYPE_SERVICE_VLAN,
  ETHERTYPE_VLAN,
} from './ethernet/ether-types.js';
import { hipApplication } from './hip/dissect.js';
import { icmp } from './icmp/dissect.js';
import { icmpv6 } from './icmp/dissect-v6.js';
import { ipv4 } from './ipv4/dissect.js';
import {
  PROTOCOL_HIP,
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
import type { Application, Dissector, FlowReader, LayerName, StreamApplication, Table } from './layer.js';
import { LINES, LINK_DISSECTORS, TAGS } from './links.js';
import { loopback } from './loopback/dissect.js';
import {
  NAMED_DISSECTORS,
  NAMED_FLOWS,
  NAMED_IP_PROTOCOLS,
  NAMED_ON_ANY_TCP_PORT,
  NAMED_ON_ANY_UDP_PORT,
  NAMED_TCP_PORTS,
  NAMED_TYPES,
  NAMED_UDP_PORTS,
} from './named/leads.js';
import { PPP_BRIDGED, PPP_IPV4, PPP_IPV6 } from './ppp/protocols.js';
import { quic } from './quic/dissect.js';
import { KNOWN_FLOW } from './quic/known-flow.js';
import { sctp } from './sctp/dissect.js';
import { LINK_TYPE_SLL, LINK_TYPE_SLL2, sll } from './sll/dissect.js';
import { tcp } from './tcp/dissect.js';
import { bareTls } from './tls/dissect.js';
import {
  GRE_ONLY,
  MPLS_NIBBLES,
  TUNNEL_DISSECTORS,
  TUNNEL_HEURISTICS,
  TUNNEL_PORTS,
  TUNNEL_PROTOCOLS,
  TUNNEL_TYPES,
} from './tunnels.js';
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
  ...LINES,
]);

const ETHERTYPES: Leads = new Map([
  ...NAMED_TYPES,
  [ETHERTYPE_IPV4, ipv4],
  [ETHERTYPE_ARP, arp],
  [ETHERTYPE_VLAN, vlan],
  [ETHERTYPE_IPV6, ipv6],
  [ETHERTYPE_SERVICE_VLAN, vlan],
  [ETHERTYPE_OLD_SERVICE_VLAN, vlan],
  ...TAGS,
  ...TUNNEL_TYPES,
]);

/** Protocols over GRE: EtherTypes, and numbers that mean something only there. */
const GRE_PROTOCOLS: Leads = new Map([...ETHERTYPES, ...GRE_ONLY]);

const PROTOCOLS: Leads = new Map([
  ...NAMED_IP_PROTOCOLS,
  [PROTOCOL_ICMP, icmp],
  [PROTOCOL_IPV4, ipv4],
  [PROTOCOL_TCP, tcp],
  [PROTOCOL_UDP, udp],
  [PROTOCOL_IPV6, ipv6],
  [PROTOCOL_ICMPV6, icmpv6],
  [PROTOCOL_SCTP, sctp],
  [PROTOCOL_HIP, hipApplication.dissector],
  ...TUNNEL_PROTOCOLS,
  ...EXTENSIONS.map((protocol) => [EXTENSION_KEY + protocol, ipv6Extensions] as const),
]);

/** Protocols inside PPP, by the numbers of its protocol field. Source: IANA, "PPP DLL Protocol Numbers". */
const PPP_PROTOCOLS: Leads = new Map([
  [PPP_IPV4, ipv4],
  [PPP_BRIDGED, bridged],
  [PPP_IPV6, ipv6],
]);

/** SCTP in UDP. Source: RFC 6951, section 5.1. */
const PORT_SCTP = 9899;

/** Those whose PDUs are cut out of TCP streams: the table `pdu` leads to them by their places here. */
const STREAMED = APPLICATIONS.flatMap(({ dissector, tcpPorts = [], stream }) =>
  stream ? [{ dissector, tcpPorts, stream }] : [],
);

/** How their PDUs are cut, by the same places. */
export const STREAM_APPLICATIONS: readonly StreamedApplication[] = STREAMED;

const STREAM_PLACES = new Map(STREAMED.map(({ dissector }, place) => [dissector, place]));

/** The place of a dissector's protocol among them, if it is one. */
export const streamPlaceOf = (dissector: Dissector): number | undefined => STREAM_PLACES.get(dissector);

/** A protocol whose PDUs are cut out of TCP streams. */
export type StreamedApplication = Pick<Application, 'tcpPorts'> & { readonly stream: StreamApplication };

/** Those that follow the flows of their datagrams: the table `flow` leads to them by their places here. */
const FLOWING = APPLICATIONS.flatMap(({ dissector, followFlow }) => (followFlow ? [{ dissector, followFlow }] : []));

const FLOW_PLACES = new Map(FLOWING.map(({ dissector }, place) => [dissector, place]));

/** The place of a dissector's application among them, if it is one. */
export const flowPlaceOf = (dissector: Dissector): number | undefined => FLOW_PLACES.get(dissector);

/** What makes the readers of their flows, by the same places. */
export const FLOW_APPLICATIONS: readonly (() => FlowReader)[] = FLOWING.map(({ followFlow }) => followFlow);

const portsLead = (portsOf: (application: Application) => readonly number[] | undefined) =>
  APPLICATIONS.flatMap((one) => (portsOf(one) ?? []).map((port) => [port, one.dissector] as const));

/**
 * Protocols over UDP by port: what is read, then what is only named. A channel packet, which its protocol id names, is
 * one on any port.
 */
const UDP_PORTS: Leads = new Map([
  ...NAMED_UDP_PORTS,
  ...TUNNEL_PORTS,
  [PORT_SCTP, sctp],
  ...portsLead(({ udpPorts }) => udpPorts),
]);

/** Those among them that hold other packets. */
const UDP_TUNNELS: Leads = new Map([...TUNNEL_PORTS, [PORT_SCTP, sctp]]);

/** Protocols over TCP by port, for segments in which no channel packet ends. */
const TCP_PORTS: Leads = new Map([
  ...NAMED_TCP_PORTS,
  ...portsLead(({ tcpPorts, stream }) => (stream ? undefined : tcpPorts)),
]);

const PDUS: Leads = new Map(STREAMED.map(({ dissector }, place) => [place, dissector]));

const FLOWS: Leads = new Map([
  ...FLOWING.map(({ dissector }, place) => [place, dissector] as const),
  [KNOWN_FLOW, quic],
  ...NAMED_FLOWS,
]);

/** Handshake messages of TLS without records. */
const TLS_MESSAGES: Leads = new Map([[0, bareTls]]);

const MPLS_CONTENTS: Leads = new Map(MPLS_NIBBLES);

/** The dissectors that the keys of a table lead to. A `switch` costs less than looking the name up, once a layer. */
function leadsOf(table: Table): Leads | undefined {
  switch (table) {
    case 'ethertype':
      return ETHERTYPES;
    case 'ip.proto':
      return PROTOCOLS;
    case 'udp.port':
      return UDP_PORTS;
    case 'udp.tunnel':
      return UDP_TUNNELS;
    case 'link':
      return LINK_TYPES;
    case 'tcp.port':
      return TCP_PORTS;
    case 'gre.proto':
      return GRE_PROTOCOLS;
    case 'mpls.pfn':
      return MPLS_CONTENTS;
    case 'pdu':
      return PDUS;
    case 'flow':
      return FLOWS;
    case 'tls.handshake':
      return TLS_MESSAGES;
    case 'ppp':
      return PPP_PROTOCOLS;
    case 'payload':
    case 'none':
      return undefined;
  }
}

const NONE: readonly Dissector[] = [];

/** Protocols that are told by their bytes, by the table that led nowhere: on any UDP port, say. */
const HEURISTICS: Readonly<Partial<Record<Table, readonly Dissector[]>>> = {
  'udp.port': [
    ...TUNNEL_HEURISTICS,
    ...APPLICATIONS.flatMap(({ dissector, onAnyUdpPort }) => (onAnyUdpPort ? [dissector] : [])),
    ...NAMED_ON_ANY_UDP_PORT,
  ],
  'udp.tunnel': TUNNEL_HEURISTICS,
  'tcp.port': NAMED_ON_ANY_TCP_PORT,
};

/** The dissectors of this registry, lowest layer first. */
export const DISSECTORS: readonly Dissector[] = [
  ethernet,
  vlan,
  sll,
  loopback,
  ...LINK_DISSECTORS,
  arp,
  ipv4,
  ipv6,
  icmp,
  icmpv6,
  udp,
  tcp,
  sctp,
  ...TUNNEL_DISSECTORS,
  ...APPLICATIONS.map(({ dissector }) => dissector),
  ...NAMED_DISSECTORS,
];

/** The dissector of that name, if it is one of this registry's: channel packets and plain data have none. */
export const dissectorNamed = (name: LayerName): Dissector | undefined => NAMED.get(name);

const NAMED: ReadonlyMap<LayerName, Dissector> = new Map(DISSECTORS.map((dissector) => [dissector.name, dissector]));

/**
 * The dissector that a table's key leads to, if any does; `payload` and `none` lead to none, and so does a link type that
 * is not known: its packets are payload.
 *
 * @param view where the layer's bytes are, from `at` on: raw IP tells its version only there
 */
export function dissectorFor(table: Table, key: number, view?: DataView, at = 0): Dissector | undefined {
  const found = leadsOf(table)?.get(key);
  return !found && table === 'link' && RAW_IP.includes(key) ? ipOf(view, at) : found;
}

/** The first key of a table that leads to a dissector, if any does: what announces its header. Its usual one comes first. */
export function keyOf(table: Table, dissector: Dissector): number | undefined {
  for (const [key, found] of leadsOf(table) ?? []) if (found === dissector) return key;
  return undefined;
}

/**
 * The dissectors that look at a payload which no key of its table leads on from, in this order: each answers `NOT_MINE`
 * or stops unless it recognizes the bytes.
 */
export const heuristicsOf = (table: Table): readonly Dissector[] => HEURISTICS[table] ?? NONE;

const ipOf = (view: DataView | undefined, at: number): Dissector =>
  view && at < view.byteLength && view.getUint8(at) >>> 4 === 6 ? ipv6 : ipv4;
