import { bit, ether, type Field, over, u8, u16, u24 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { ETHERTYPE_NAMES } from './ether-types.js';

/** The first three bytes of an address, where its two flags are. */
const firstHalf = (label: string): Field<number> => u24(label);
const lastOfAddress = <V>(field: Field<V>): Field<V> => ({ ...field, advance: 6 });

const addresses = {
  dst: over(ether('Destination')),
  'dst.lg': over(bit(firstHalf('Locally administered'), 0x020000)),
  'dst.ig': lastOfAddress(bit(firstHalf('Group address'), 0x010000)),
  src: over(ether('Source')),
  'src.lg': over(bit(firstHalf('Locally administered'), 0x020000)),
  'src.ig': lastOfAddress(bit(firstHalf('Group address'), 0x010000)),
};

/**
 * The Ethernet II header: 14 bytes, big-endian.
 * Source: IEEE 802.3, "MAC frame format".
 */
export const ethernetHeader = layout('eth', { ...addresses, type: u16('Type', 'hex', ETHERTYPE_NAMES) });

/** The IEEE 802.3 header: the same 14 bytes, with a length of at most 1500 in the place of the type. */
export const lengthHeader = layout('eth', { ...addresses, len: u16('Length') });

const SAP_NAMES: Readonly<Record<number, string>> = {
  0: 'Null LSAP',
  6: 'TCP/IP',
  66: 'Spanning Tree BPDU',
  127: 'ISO 802.2',
  170: 'SNAP',
  224: 'NetWare',
  240: 'NetBIOS',
  254: 'ISO network layer',
  255: 'Global DSAP',
};
const CONTROL_NAMES: Readonly<Record<number, string>> = { 3: 'Unnumbered information' };

const service = {
  dsap: u8('DSAP', 'hex', SAP_NAMES),
  ssap: u8('SSAP', 'hex', SAP_NAMES),
};
const unnumbered = { ...service, control: u8('Control field', 'hex', CONTROL_NAMES) };

/**
 * The Logical Link Control header of an unnumbered frame: 3 bytes.
 * Source: IEEE 802.2, "LLC PDU structure".
 */
export const llcHeader = layout('llc', unnumbered);

/** The Logical Link Control header of an information or supervisory frame: 4 bytes. */
export const numberedLlcHeader = layout('llc', { ...service, control: u16('Control field', 'hex') });

/**
 * The LLC header with SNAP: 8 bytes; an EtherType under the organization codes 0 and 0x0000f8.
 * Source: RFC 1042; IEEE 802, "Subnetwork Access Protocol".
 */
export const snapHeader = layout('llc', {
  ...unnumbered,
  oui: u24('Organization code', 'dec', { 0: 'Encapsulated Ethernet', 248: 'Bridged Ethernet' }),
  type: u16('Type', 'hex', ETHERTYPE_NAMES),
});

/** The LLC header with SNAP of any other organization. */
export const organizationHeader = layout('llc', {
  ...unnumbered,
  oui: u24('Organization code', 'dec', { 12: 'Cisco' }),
  pid: u16('Protocol id', 'hex'),
});
