import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { u8, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const ADDRESS_NAMES: Readonly<Record<number, string>> = { 15: 'unicast', 143: 'multicast' };
const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  ...ETHERTYPE_NAMES,
  8192: 'Cisco Discovery Protocol',
  // The EtherType of RARP means Cisco's keep-alives here.
  32821: 'SLARP',
};

/**
 * The header of Cisco HDLC: 4 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_C_HDLC"; RFC 1547, "Cisco's HDLC framing".
 */
export const chdlcHeader = layout('chdlc', {
  address: u8('Address', 'hex', ADDRESS_NAMES),
  control: u8('Control', 'hex'),
  protocol: u16('Protocol', 'hex', (value) => PROTOCOL_NAMES[value]),
});

/** Whether a byte is the address of a Cisco HDLC frame: no PPP frame starts with either. */
export const isChdlcAddress = (byte: number): boolean => ADDRESS_NAMES[byte] !== undefined;
