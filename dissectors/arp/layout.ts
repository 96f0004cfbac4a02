import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bytesBy, derived, ether, ipv4, named, u8, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const HARDWARE_NAMES: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  6: 'IEEE 802',
  7: 'ARCNET',
  15: 'Frame Relay',
  16: 'ATM',
  17: 'HDLC',
  18: 'Fibre Channel',
  24: 'IEEE 1394',
  32: 'InfiniBand',
};

const OPCODE_NAMES: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  5: 'DRARP request',
  6: 'DRARP reply',
  7: 'DRARP error',
  8: 'inverse request',
  9: 'inverse reply',
};

const head = {
  'hw.type': u16('Hardware type', 'dec', HARDWARE_NAMES),
  'proto.type': u16('Protocol type', 'hex', ETHERTYPE_NAMES),
  'hw.size': u8('Hardware size'),
  'proto.size': u8('Protocol size'),
  opcode: u16('Opcode', 'dec', OPCODE_NAMES),
};

/**
 * What every ARP packet starts with: 8 bytes, big-endian. It says how long the four addresses after it are.
 * Source: RFC 826, "Packet format".
 */
export const arpHead = layout('arp', head);

const hardware = (label: string) => bytesBy(`${label} hardware address`, 'hw.size');
const protocol = (label: string) => bytesBy(`${label} protocol address`, 'proto.size');

/** ARP for IPv4 over Ethernet: 28 bytes. */
export const arpEthernetIpv4 = layout('arp', {
  ...head,
  'src.hw_mac': ether('Sender MAC address'),
  'src.proto_ipv4': ipv4('Sender IP address'),
  'dst.hw_mac': ether('Target MAC address'),
  'dst.proto_ipv4': ipv4('Target IP address'),
});

/** ARP over Ethernet for another protocol. */
export const arpEthernet = layout('arp', {
  ...head,
  'src.hw_mac': ether('Sender MAC address'),
  'src.proto': protocol('Sender'),
  'dst.hw_mac': ether('Target MAC address'),
  'dst.proto': protocol('Target'),
});

/** ARP for IPv4 over other hardware. */
export const arpIpv4 = layout('arp', {
  ...head,
  'src.hw': hardware('Sender'),
  'src.proto_ipv4': ipv4('Sender IP address'),
  'dst.hw': hardware('Target'),
  'dst.proto_ipv4': ipv4('Target IP address'),
});

/** ARP for anything else. */
export const arpOther = layout('arp', {
  ...head,
  'src.hw': hardware('Sender'),
  'src.proto': protocol('Sender'),
  'dst.hw': hardware('Target'),
  'dst.proto': protocol('Target'),
});

/** What the addresses tell. Source: RFC 5227, sections 1.2 and 3. */
export const DERIVED = {
  gratuitous: named('arp.isgratuitous', derived('Gratuitous', 'bool')),
  probe: named('arp.isprobe', derived('Probe', 'bool')),
  announcement: named('arp.isannouncement', derived('Announcement', 'bool')),
};
