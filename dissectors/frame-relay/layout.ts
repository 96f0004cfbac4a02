import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bit, derived, named, over, part, u8, u16, u24 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const isLast = bit(u8('Last byte of the address'), 0x01);

/**
 * The first byte of a Frame Relay address, which has 2 to 4.
 * Source: ITU-T Q.922, "Address field format".
 */
export const firstByte = layout('fr', {
  first_addr_octet: over(u8('First byte of the address', 'hex')),
  upper_dlci: over(part(u8('Upper bits of the DLCI', 'hex'), 0xfc)),
  cr: over(bit(u8('Command or response'), 0x02)),
  ea: isLast,
});

/** The second byte. */
export const secondByte = layout('fr', {
  second_addr_octet: over(u8('Second byte of the address', 'hex')),
  second_dlci: over(part(u8('Second bits of the DLCI', 'hex'), 0xf0)),
  fecn: over(bit(u8('Congestion ahead'), 0x08)),
  becn: over(bit(u8('Congestion behind'), 0x04)),
  de: over(bit(u8('Discard eligible'), 0x02)),
  ea: isLast,
});

/** The third byte, when there are four. */
export const thirdByte = layout('fr', {
  third_addr_octet: over(u8('Third byte of the address', 'hex')),
  third_dlci: over(part(u8('Third bits of the DLCI', 'hex'), 0xfe)),
  ea: isLast,
});

/** The last byte, when there are three or four. */
export const lastByte = layout('fr', {
  lower_dlci: over(part(u8('Lower bits of the DLCI', 'hex'), 0xfc)),
  ea: isLast,
});

/** The number of the virtual circuit, from all bytes of the address. */
export const DLCI = named('fr.dlci', derived('DLCI'));

export const NLPID_SNAP = 0x80;
export const NLPID_IPV6 = 0x8e;
export const NLPID_IPV4 = 0xcc;
export const NLPID_PPP = 0xcf;

const NLPID_NAMES: Readonly<Record<number, string>> = {
  8: 'Q.933',
  [NLPID_SNAP]: 'SNAP',
  129: 'CLNP',
  130: 'ES-IS',
  131: 'IS-IS',
  [NLPID_IPV6]: 'IPv6',
  176: 'Compressed',
  177: 'Multilink fragment',
  [NLPID_IPV4]: 'IPv4',
  [NLPID_PPP]: 'PPP',
};

/**
 * What follows the address of unnumbered frames.
 * Source: RFC 2427, "Frame Format".
 */
export const unnumbered = layout('fr', { control: u8('Control field', 'hex') });
/** A byte that puts what follows at an even place: no network protocol. */
export const padding = layout('fr', { nlpid: u8('Padding', 'hex') });
export const network = layout('fr', { nlpid: u8('Network protocol', 'hex', NLPID_NAMES) });

/** An EtherType behind the NLPID of SNAP. */
export const snap = layout('fr', {
  'snap.oui': u24('Organization code', 'dec', { 0: 'Encapsulated Ethernet' }),
  snaptype: u16('Type', 'hex', ETHERTYPE_NAMES),
});

/** The number of any other organization. */
export const organization = layout('fr', {
  'snap.oui': u24('Organization code', 'dec', { 32962: 'IEEE 802.1' }),
  'snap.pid': u16('Protocol id', 'hex'),
});

/** Cisco's form: an EtherType right behind the address. */
export const ciscoType = layout('fr', { chdlctype: u16('Type', 'hex', ETHERTYPE_NAMES) });
