import {
  bit,
  bytes,
  derived,
  type Field,
  ipv4,
  ipv6 as ipv6Address,
  named,
  over,
  part,
  u8,
  u16,
  u16le,
  u24,
  u32,
} from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** Types of ICMP by name. Source: IANA, "ICMP Parameters". */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  6: 'alternate host address',
  8: 'echo request',
  9: 'router advertisement',
  10: 'router solicitation',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
  18: 'address mask reply',
  30: 'traceroute',
  40: 'photuris',
  42: 'extended echo request',
  43: 'extended echo reply',
};

/** Codes by name, for each type that has them. */
export const CODE_NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  3: {
    0: 'network unreachable',
    1: 'host unreachable',
    2: 'protocol unreachable',
    3: 'port unreachable',
    4: 'fragmentation needed',
    5: 'source route failed',
    6: 'destination network unknown',
    7: 'destination host unknown',
    8: 'source host isolated',
    9: 'network administratively prohibited',
    10: 'host administratively prohibited',
    11: 'network unreachable for type of service',
    12: 'host unreachable for type of service',
    13: 'communication administratively filtered',
    14: 'host precedence violation',
    15: 'precedence cutoff in effect',
  },
  5: {
    0: 'redirect for network',
    1: 'redirect for host',
    2: 'redirect for type of service and network',
    3: 'redirect for type of service and host',
  },
  9: { 0: 'normal router advertisement', 16: 'does not route common traffic' },
  11: { 0: 'time to live exceeded in transit', 1: 'fragment reassembly time exceeded' },
  12: { 0: 'pointer indicates the error', 1: 'required option missing', 2: 'bad length' },
  40: { 0: 'bad SPI', 1: 'authentication failed', 2: 'decompression failed', 3: 'decryption failed' },
  43: {
    0: 'no error',
    1: 'malformed query',
    2: 'no such interface',
    3: 'no such table entry',
    4: 'multiple interfaces satisfy query',
  },
};

/**
 * What every ICMP message starts with: 4 bytes, big-endian.
 * Source: RFC 792, "Message Formats".
 */
export const icmpHeader = layout('icmp', {
  type: u8('Type', 'dec', TYPE_NAMES),
  code: u8('Code'),
  checksum: u16('Checksum', 'hex'),
});

const echo = {
  ident: over(u16('Identifier')),
  ident_le: u16le('Identifier, little-endian'),
  seq: over(u16('Sequence number')),
  seq_le: u16le('Sequence number, little-endian'),
};
const length = u8('Length of the quoted packet, in words of 4 bytes');
const unused = (size: number) => bytes('Unused', size);

/** What follows the first word of an echo and of older requests. Source: RFC 792, "Echo or Echo Reply Message". */
export const echoBody = layout('icmp', echo);
export const timestampBody = layout('icmp', {
  ...echo,
  originate_timestamp: u32('Originate timestamp'),
  receive_timestamp: u32('Receive timestamp'),
  transmit_timestamp: u32('Transmit timestamp'),
});
export const addressMaskBody = layout('icmp', { ...echo, address_mask: ipv4('Address mask') });

/** The second word of errors that tell nothing in it. */
export const errorBody = layout('icmp', { unused: unused(4) });
/** The same where it tells how long the quoted packet is, because more follows it. Source: RFC 4884, section 4. */
export const longErrorBody = layout('icmp', { unused: unused(1), length });
/** What stands after the length, if nothing else does. */
export const restBody = layout('icmp', { unused: unused(2) });
/** Source: RFC 1191, section 4 "Router specification". */
export const fragmentationBody = layout('icmp', { unused: unused(2), mtu: u16('MTU of next hop') });
export const mtuBody = layout('icmp', { mtu: u16('MTU of next hop') });
export const redirectBody = layout('icmp', { redir_gw: ipv4('Gateway') });
export const parameterBody = layout('icmp', { pointer: u8('Pointer'), unused: unused(3) });
export const longParameterBody = layout('icmp', { pointer: u8('Pointer'), length });

/** What follows the first word of a router advertisement, before its addresses. Source: RFC 1256, section 3. */
export const advertisementBody = layout('icmp', {
  num_addrs: u8('Number of addresses'),
  /** In words of 4 bytes. */
  addr_entry_size: u8('Address entry size'),
  /** In seconds. */
  lifetime: u16('Lifetime'),
});
/** A signed 32-bit integer: the greater, the more preferred. */
const preference: Field<number> = {
  ...u32('Preference level'),
  read: (view, at) => view.getInt32(at),
  write: (view, at, value) => view.setInt32(at, value),
};
export const routerAddress = layout('icmp', { router_address: ipv4('Router address'), pref_level: preference });

/** Source: RFC 8335, sections 2 and 3. */
export const extendedRequestBody = layout('icmp', {
  ident: over(u16('Identifier')),
  ident_le: u16le('Identifier, little-endian'),
  'ext.echo.seq': u8('Sequence number'),
  'ext.echo.req.res': over(part(u8('Reserved', 'hex'), 0xfe)),
  'ext.echo.req.local': bit(u8('Local'), 0x01),
});
const STATE_NAMES: Readonly<Record<number, string>> = {
  1: 'incomplete',
  2: 'reachable',
  3: 'stale',
  4: 'delay',
  5: 'probe',
  6: 'failed',
};
export const extendedReplyBody = layout('icmp', {
  ident: over(u16('Identifier')),
  ident_le: u16le('Identifier, little-endian'),
  'ext.echo.seq': u8('Sequence number'),
  'ext.echo.rsp.state': over(part(u8('State', 'dec', STATE_NAMES), 0xe0)),
  'ext.echo.rsp.res': over(part(u8('Reserved', 'hex'), 0x18)),
  'ext.echo.rsp.active': over(bit(u8('Active'), 0x04)),
  'ext.echo.rsp.ipv4': over(bit(u8('IPv4'), 0x02)),
  'ext.echo.rsp.ipv6': bit(u8('IPv6'), 0x01),
});

/**
 * What the extensions after a quoted packet start with: 4 bytes.
 * Source: RFC 4884, section 7 "ICMP Extension Structure".
 */
export const extensionHeader = layout('icmp', {
  'ext.version': over(part(u8('Version'), 0xf0)),
  'ext.res': part(u16('Reserved', 'hex'), 0x0fff),
  'ext.checksum': u16('Checksum', 'hex'),
});

const CLASS_NAMES: Readonly<Record<number, string>> = {
  1: 'MPLS label stack',
  2: 'interface information',
  3: 'interface identification',
};

/** What every object of the extensions starts with; its length counts the whole object. */
export const objectHeader = layout('icmp', {
  'ext.length': u16('Length'),
  'ext.class': u8('Class', 'dec', CLASS_NAMES),
  'ext.ctype': u8('C-Type'),
});

/** An entry of a label stack. Source: RFC 4950, section 3; RFC 3032, section 2.1. */
export const labelEntry = layout('icmp', {
  'mpls.label': over(part(u24('Label'), 0xfffff0)),
  'mpls.exp': over(part(u24('Experimental'), 0x00000e)),
  'mpls.s': bit(u24('Bottom of stack'), 0x000001),
  'mpls.ttl': u8('Time to live'),
});

/** What an interface object may hold, in this order. Source: RFC 5837, section 4. */
export const interfaceIndex = layout('icmp', { 'int_info.index': u32('Interface index') });
export const interfaceAddress = layout('icmp', {
  'int_info.afi': u16('Address family'),
  reserved: bytes('Reserved', 2),
});
export const interfaceIpv4 = layout('icmp', { 'int_info.ipv4': ipv4('Address') });
export const interfaceIpv6 = layout('icmp', { 'int_info.ipv6': ipv6Address('Address') });
export const interfaceName = layout('icmp', { 'int_info.name_length': u8('Name length') });
export const interfaceMtu = layout('icmp', { 'int_info.mtu': u32('MTU') });

/** How an extended echo names the interface it asks for. Source: RFC 8335, section 2.1. */
export const identityIndex = layout('icmp', { 'int_ident.index': u32('Interface index') });
export const identityAddress = layout('icmp', {
  'int_ident.afi': u16('Address family'),
  'int_ident.addr_length': u8('Address length'),
  'int_ident.reserved': bytes('Reserved', 1),
});
export const identityIpv4 = layout('icmp', { 'int_ident.ipv4': ipv4('Address') });
export const identityIpv6 = layout('icmp', { 'int_ident.ipv6': ipv6Address('Address') });

/** Fields that only their message can place. */
export const DERIVED = {
  originalLength: named('icmp.length.original_datagram', derived('Length of the quoted packet')),
  objectData: named('icmp.ext.data', derived('Data', 'bytes', 'hex')),
  interfaceName: named('icmp.int_info.name', derived('Name', 'string')),
  identityName: named('icmp.int_ident.name', derived('Name', 'string')),
};
