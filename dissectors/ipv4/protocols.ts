/** The protocols over IP that the code names: numbers of IPv4's protocol field and IPv6's next header. */
export const PROTOCOL_HOP_BY_HOP = 0;
export const PROTOCOL_ICMP = 1;
export const PROTOCOL_IPV4 = 4;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_IPV6 = 41;
export const PROTOCOL_ROUTING = 43;
export const PROTOCOL_FRAGMENT = 44;
export const PROTOCOL_GRE = 47;
export const PROTOCOL_ESP = 50;
export const PROTOCOL_AUTHENTICATION = 51;
export const PROTOCOL_ICMPV6 = 58;
export const PROTOCOL_NONE = 59;
export const PROTOCOL_DESTINATION = 60;
export const PROTOCOL_ETHERIP = 97;
export const PROTOCOL_L2TP = 115;
export const PROTOCOL_SCTP = 132;
export const PROTOCOL_MOBILITY = 135;
export const PROTOCOL_UDP_LITE = 136;
export const PROTOCOL_MPLS = 137;
export const PROTOCOL_HIP = 139;
export const PROTOCOL_SHIM6 = 140;

/** Source: IANA, "Assigned Internet Protocol Numbers". */
export const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL_HOP_BY_HOP]: 'IPv6 hop-by-hop options',
  [PROTOCOL_ICMP]: 'ICMP',
  2: 'IGMP',
  [PROTOCOL_IPV4]: 'IPv4',
  [PROTOCOL_TCP]: 'TCP',
  8: 'EGP',
  9: 'IGP',
  12: 'PUP',
  [PROTOCOL_UDP]: 'UDP',
  33: 'DCCP',
  [PROTOCOL_IPV6]: 'IPv6',
  [PROTOCOL_ROUTING]: 'IPv6 routing',
  [PROTOCOL_FRAGMENT]: 'IPv6 fragment',
  46: 'RSVP',
  [PROTOCOL_GRE]: 'GRE',
  [PROTOCOL_ESP]: 'ESP',
  [PROTOCOL_AUTHENTICATION]: 'AH',
  [PROTOCOL_ICMPV6]: 'ICMPv6',
  [PROTOCOL_NONE]: 'IPv6 no next header',
  [PROTOCOL_DESTINATION]: 'IPv6 destination options',
  88: 'EIGRP',
  89: 'OSPF',
  94: 'IPIP',
  [PROTOCOL_ETHERIP]: 'EtherIP',
  103: 'PIM',
  108: 'IPComp',
  112: 'VRRP',
  [PROTOCOL_L2TP]: 'L2TP',
  [PROTOCOL_SCTP]: 'SCTP',
  133: 'Fibre Channel',
  [PROTOCOL_MOBILITY]: 'IPv6 mobility',
  [PROTOCOL_UDP_LITE]: 'UDP-Lite',
  [PROTOCOL_MPLS]: 'MPLS in IP',
  [PROTOCOL_HIP]: 'HIP',
  [PROTOCOL_SHIM6]: 'Shim6',
  253: 'Experiment 1',
  254: 'Experiment 2',
};

/** Differentiated services codepoints by name. Source: IANA, "Differentiated Services Field Codepoints". */
export const DSCP_NAMES: Readonly<Record<number, string>> = {
  0: 'CS0',
  1: 'LE',
  8: 'CS1',
  10: 'AF11',
  12: 'AF12',
  14: 'AF13',
  16: 'CS2',
  18: 'AF21',
  20: 'AF22',
  22: 'AF23',
  24: 'CS3',
  26: 'AF31',
  28: 'AF32',
  30: 'AF33',
  32: 'CS4',
  34: 'AF41',
  36: 'AF42',
  38: 'AF43',
  40: 'CS5',
  44: 'Voice-Admit',
  46: 'EF',
  48: 'CS6',
  56: 'CS7',
};

/** Source: RFC 3168, section 5 "Explicit Congestion Notification in IP". */
export const ECN_NAMES: Readonly<Record<number, string>> = { 0: 'Not-ECT', 1: 'ECT(1)', 2: 'ECT(0)', 3: 'CE' };
