import { ah } from './ah/dissect.js';
import { erspan, erspanBare } from './erspan/dissect.js';
import { esp } from './esp/dissect.js';
import { etherip } from './etherip/dissect.js';
import { ethernet } from './ethernet/dissect.js';
import { ETHERTYPE_BRIDGED, ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST, ETHERTYPE_PPP } from './ethernet/ether-types.js';
import { geneve, PORT_GENEVE } from './geneve/dissect.js';
import { gre, PORT_GRE } from './gre/dissect.js';
import { KEY_ERSPAN_I, PROTOCOL_BRIDGED, PROTOCOL_ERSPAN, PROTOCOL_ERSPAN_III } from './gre/protocols.js';
import { gtp, PORT_GTP_USER } from './gtp/dissect.js';
import { ipv4 } from './ipv4/dissect.js';
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_ESP,
  PROTOCOL_ETHERIP,
  PROTOCOL_GRE,
  PROTOCOL_L2TP,
  PROTOCOL_MPLS,
  PROTOCOL_UDP_LITE,
} from './ipv4/protocols.js';
import { ipv6 } from './ipv6/dissect.js';
import { l2tp, l2tpDirect, PORT_L2TP } from './l2tp/dissect.js';
import type { Dissector } from './layer.js';
import { associatedChannel, ethernetPseudowire, mpls, PORT_MPLS } from './mpls/dissect.js';
import { ppp } from './ppp/dissect.js';
import { PORT_TEREDO, teredo, teredoOnAnyPort } from './teredo/dissect.js';
import { udplite } from './udplite/dissect.js';
import { PORT_VXLAN, PORT_VXLAN_GPE, vxlan, vxlanGpe } from './vxlan/dissect.js';

type Lead = readonly [key: number, dissector: Dissector];

/** What the EtherTypes of tunnels lead to. */
export const TUNNEL_TYPES: readonly Lead[] = [
  [ETHERTYPE_BRIDGED, ethernet],
  [ETHERTYPE_PPP, ppp],
  [ETHERTYPE_MPLS, mpls],
  [ETHERTYPE_MPLS_MULTICAST, mpls],
];

/** What stands in GRE in the place of an EtherType, and means something only there. */
export const GRE_ONLY: readonly Lead[] = [
  [PROTOCOL_BRIDGED, ethernet],
  [KEY_ERSPAN_I, erspanBare],
  [PROTOCOL_ERSPAN, erspan],
  [PROTOCOL_ERSPAN_III, erspan],
];

/** What follows an MPLS label stack, by its first four bits. */
export const MPLS_NIBBLES: readonly Lead[] = [
  [0, ethernetPseudowire],
  [1, associatedChannel],
  [4, ipv4],
  [6, ipv6],
];

/** Tunnels right over IP, and what else over it is one header. */
export const TUNNEL_PROTOCOLS: readonly Lead[] = [
  [PROTOCOL_GRE, gre],
  [PROTOCOL_ESP, esp],
  [PROTOCOL_AUTHENTICATION, ah],
  [PROTOCOL_ETHERIP, etherip],
  [PROTOCOL_L2TP, l2tpDirect],
  [PROTOCOL_UDP_LITE, udplite],
  [PROTOCOL_MPLS, mpls],
];

/** Tunnels in UDP. */
export const TUNNEL_PORTS: readonly Lead[] = [
  [PORT_L2TP, l2tp],
  [PORT_GTP_USER, gtp],
  [PORT_TEREDO, teredo],
  [PORT_GRE, gre],
  [PORT_VXLAN, vxlan],
  [PORT_VXLAN_GPE, vxlanGpe],
  [PORT_GENEVE, geneve],
  [PORT_MPLS, mpls],
];

/** Tunnels in UDP that their bytes tell, on any port. */
export const TUNNEL_HEURISTICS: readonly Dissector[] = [teredoOnAnyPort];

/** The dissectors of all of them, lowest layer first. */
export const TUNNEL_DISSECTORS: readonly Dissector[] = [
  udplite,
  ah,
  esp,
  gre,
  erspan,
  vxlan,
  geneve,
  etherip,
  mpls,
  ethernetPseudowire,
  associatedChannel,
  gtp,
  l2tp,
  teredo,
];
