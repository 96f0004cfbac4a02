import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bytes, ether, type Field, ipv4, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

const PACKET_NAMES: Readonly<Record<number, string>> = {
  0: 'to us',
  1: 'broadcast',
  2: 'multicast',
  3: 'to another host',
  4: 'sent by us',
};

/** Source: Linux, "if_arp.h". */
const HARDWARE_NAMES: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  512: 'PPP',
  768: 'IPv4 tunnel',
  769: 'IPv6 tunnel',
  772: 'loopback',
  778: 'GRE',
  801: 'IEEE 802.11',
  803: 'IEEE 802.11 with radiotap',
  823: 'GRE over IPv6',
  824: 'netlink',
  65534: 'none',
};

const LINK_NAMES: Readonly<Record<number, string>> = {
  1: 'Novell 802.3 without LLC',
  4: 'LLC',
  12: 'CAN',
  13: 'CAN FD',
};

/** The bytes in which the address lies, used or not. */
const ADDRESS = 8;

const head = {
  pkttype: u16('Packet type', 'dec', PACKET_NAMES),
  hatype: u16('Link-layer address type', 'dec', HARDWARE_NAMES),
  halen: u16('Link-layer address length'),
};
const etype = u16('Protocol', 'hex', ETHERTYPE_NAMES);
const ltype = u16('Protocol', 'hex', LINK_NAMES);
const ethernet = { 'src.eth': ether('Source'), unused: bytes('Unused', 2) };

/**
 * The header of a Linux cooked capture, over an Ethernet-like interface: 16 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_LINUX_SLL".
 */
export const sllHeader = layout('sll', { ...head, ...ethernet, etype });

const head2 = {
  reserved: u16('Reserved'),
  ifindex: u32('Interface index'),
  hatype: u16('Link-layer address type', 'dec', HARDWARE_NAMES),
  pkttype: u8('Packet type', 'dec', PACKET_NAMES),
  halen: u8('Link-layer address length'),
};

/**
 * The header of a Linux cooked capture, version 2, over an Ethernet-like interface: 20 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_LINUX_SLL2".
 */
export const sll2Header = layout('sll', { etype, ...head2, ...ethernet });

/** The fields of an address of each length from 0 to 8. */
const ADDRESSES: readonly Readonly<Record<string, Field>>[] = Array.from({ length: ADDRESS + 1 }, (_, length) => {
  if (length === 6) return ethernet;
  const unused = length < ADDRESS ? { unused: bytes('Unused', ADDRESS - length) } : {};
  if (length === 0) return unused;
  return length === 4 ? { 'src.ipv4': ipv4('Source'), ...unused } : { 'src.other': bytes('Source', length), ...unused };
});

/** The headers for each length of address; the protocol is an EtherType or one of a few numbers of Linux. */
export const SLL_HEADERS = ADDRESSES.map((address) => ({
  etype: layout('sll', { ...head, ...address, etype }) as Layout,
  ltype: layout('sll', { ...head, ...address, ltype }) as Layout,
}));
export const SLL2_HEADERS = ADDRESSES.map((address) => ({
  etype: layout('sll', { etype, ...head2, ...address }) as Layout,
  ltype: layout('sll', { ltype, ...head2, ...address }) as Layout,
}));
