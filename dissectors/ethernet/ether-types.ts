export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
/** A whole Ethernet frame: Transparent Ethernet Bridging. Source: RFC 1701; RFC 7637, section 3.2. */
export const ETHERTYPE_BRIDGED = 0x6558;
export const ETHERTYPE_PPP = 0x880b;
export const ETHERTYPE_MPLS = 0x8847;
export const ETHERTYPE_MPLS_MULTICAST = 0x8848;
/** A VLAN tag, a service tag of a provider, and the tag that came before it had a number. */
export const ETHERTYPE_VLAN = 0x8100;
export const ETHERTYPE_SERVICE_VLAN = 0x88a8;
export const ETHERTYPE_OLD_SERVICE_VLAN = 0x9100;
/** The stages of PPP over Ethernet. */
export const ETHERTYPE_PPPOE_DISCOVERY = 0x8863;
export const ETHERTYPE_PPPOE_SESSION = 0x8864;
/** LLC in a frame too long for a length. */
export const ETHERTYPE_JUMBO_LLC = 0x8870;
/** The service tag of a provider backbone bridge. */
export const ETHERTYPE_SERVICE_INSTANCE = 0x88e7;
export const ETHERTYPE_VN_TAG = 0x8926;

/** The key of no EtherType: what follows is plain data. */
export const NO_ETHERTYPE = 0;
/** Values below are lengths (IEEE 802.3) or mean nothing. */
export const LEAST_ETHERTYPE = 0x0600;
/** The largest length of an IEEE 802.3 frame. */
export const MOST_LENGTH = 1500;
/** Whether what stands in the place of an EtherType is a length. Zero is none: what follows is plain data, as in Wireshark. */
export const isLength = (value: number): boolean => value > 0 && value <= MOST_LENGTH;

/** EtherTypes by name. Source: IEEE 802 Numbers, "EtherType". */
export const ETHERTYPE_NAMES: Readonly<Record<number, string>> = {
  [ETHERTYPE_IPV4]: 'IPv4',
  [ETHERTYPE_ARP]: 'ARP',
  2114: 'Wake-on-LAN',
  8944: 'AVTP',
  24579: 'DECnet',
  32821: 'RARP',
  32923: 'AppleTalk',
  33011: 'AARP',
  [ETHERTYPE_VLAN]: '802.1Q Virtual LAN',
  33079: 'IPX',
  [ETHERTYPE_BRIDGED]: 'Transparent Ethernet bridging',
  [ETHERTYPE_IPV6]: 'IPv6',
  [ETHERTYPE_PPP]: 'PPP',
  34824: 'Ethernet flow control',
  34825: 'Slow protocols',
  [ETHERTYPE_MPLS]: 'MPLS unicast',
  [ETHERTYPE_MPLS_MULTICAST]: 'MPLS multicast',
  [ETHERTYPE_PPPOE_DISCOVERY]: 'PPPoE discovery',
  [ETHERTYPE_PPPOE_SESSION]: 'PPPoE session',
  [ETHERTYPE_JUMBO_LLC]: 'LLC in a jumbo frame',
  34958: '802.1X authentication',
  34962: 'PROFINET',
  34978: 'ATA over Ethernet',
  34980: 'EtherCAT',
  [ETHERTYPE_SERVICE_VLAN]: '802.1ad Provider bridge',
  34997: 'Local experimental 1',
  34998: 'Local experimental 2',
  35020: 'LLDP',
  35045: 'MAC security',
  [ETHERTYPE_SERVICE_INSTANCE]: 'Provider backbone bridge',
  [ETHERTYPE_VN_TAG]: 'VN-Tag',
  35063: 'Precision Time Protocol',
  35078: 'Fibre Channel over Ethernet',
  35093: 'RoCE',
  36864: 'Loopback',
  [ETHERTYPE_OLD_SERVICE_VLAN]: '802.1Q-in-Q',
};
