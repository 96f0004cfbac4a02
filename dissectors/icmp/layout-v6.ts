import { bit, bytes, derived, ipv6 as ipv6Address, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/** Types of ICMPv6 by name. Source: IANA, "ICMPv6 Parameters". */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  138: 'router renumbering',
  139: 'node information query',
  140: 'node information response',
  141: 'inverse neighbour discovery solicitation',
  142: 'inverse neighbour discovery advertisement',
  143: 'multicast listener report, version 2',
  144: 'home agent address discovery request',
  145: 'home agent address discovery reply',
  146: 'mobile prefix solicitation',
  147: 'mobile prefix advertisement',
  148: 'certification path solicitation',
  149: 'certification path advertisement',
  151: 'multicast router advertisement',
  152: 'multicast router solicitation',
  153: 'multicast router termination',
  154: 'fast handover',
  155: 'RPL control',
  156: 'ILNP locator update',
  157: 'duplicate address request',
  158: 'duplicate address confirmation',
  159: 'MPL control',
  160: 'extended echo request',
  161: 'extended echo reply',
};

/** Codes by name, for each type that has them. */
export const CODE_NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: {
    0: 'no route to destination',
    1: 'administratively prohibited',
    2: 'beyond scope of source address',
    3: 'address unreachable',
    4: 'port unreachable',
    5: 'source address failed policy',
    6: 'reject route to destination',
    7: 'error in source routing header',
    8: 'headers too long',
  },
  3: { 0: 'hop limit exceeded in transit', 1: 'fragment reassembly time exceeded' },
  4: {
    0: 'erroneous header field',
    1: 'unrecognized next header',
    2: 'unrecognized option',
    3: 'incomplete header chain in first fragment',
  },
  161: {
    0: 'no error',
    1: 'malformed query',
    2: 'no such interface',
    3: 'no such table entry',
    4: 'multiple interfaces satisfy query',
  },
};

/**
 * What every ICMPv6 message starts with: 4 bytes, big-endian.
 * Source: RFC 4443, section 2.1 "Message General Format".
 */
export const icmpv6Header = layout('icmpv6', {
  type: u8('Type', 'dec', TYPE_NAMES),
  code: u8('Code'),
  checksum: u16('Checksum', 'hex'),
});

const reserved = (size: number) => bytes('Reserved', size);

/** The second word of errors that tell nothing in it. Source: RFC 4443, section 3. */
export const errorBody = layout('icmpv6', { reserved: reserved(4) });
/** The same where it tells how long the quoted packet is, in words of 8 bytes. Source: RFC 4884, section 4. */
export const longErrorBody = layout('icmpv6', {
  length: u8('Length of the quoted packet, in words of 8 bytes'),
  reserved: reserved(3),
});
export const tooBigBody = layout('icmpv6', { mtu: u32('MTU') });
export const parameterBody = layout('icmpv6', { pointer: u32('Pointer') });

const identifier = { 'echo.identifier': u16('Identifier', 'hex') };
/** Source: RFC 4443, section 4. */
export const echoBody = layout('icmpv6', { ...identifier, 'echo.sequence_number': u16('Sequence number') });

/** Source: RFC 2710, section 3 "Message Format". */
export const listenerBody = layout('icmpv6', {
  /** In milliseconds. */
  'mld.maximum_response_delay': u16('Maximum response delay'),
  reserved: reserved(2),
  'mld.multicast_address': ipv6Address('Multicast address'),
});
/** A query of version 2, before its sources. Source: RFC 3810, section 5.1. */
export const listenerQueryBody = layout('icmpv6', {
  'mld.maximum_response_code': u16('Maximum response code'),
  reserved: reserved(2),
  'mld.multicast_address': ipv6Address('Multicast address'),
  'mld.flag': over(u8('Flags', 'hex')),
  'mld.flag.s': over(bit(u8('Suppress router-side processing'), 0x08)),
  'mld.flag.qrv': over(part(u8("Querier's robustness"), 0x07)),
  'mld.flag.reserved': part(u8('Reserved'), 0xf0),
  'mld.qqi': u8("Querier's query interval code"),
  'mld.nb_sources': u16('Number of sources'),
});
export const listenerSource = layout('icmpv6', { 'mld.source_address': ipv6Address('Source') });

/** A report of version 2, before its records. Source: RFC 3810, section 5.2. */
export const reportBody = layout('icmpv6', {
  reserved: reserved(2),
  'mldr.nb_mcast_records': u16('Number of records'),
});
const RECORD_NAMES: Readonly<Record<number, string>> = {
  1: 'includes',
  2: 'excludes',
  3: 'changed to include',
  4: 'changed to exclude',
  5: 'allow new sources',
  6: 'block old sources',
};
/** A record of a report, before its sources. */
export const reportRecord = layout('icmpv6', {
  'mldr.mar.record_type': u8('Record type', 'dec', RECORD_NAMES),
  /** In words of 4 bytes. */
  'mldr.mar.aux_data_len': u8('Auxiliary data length'),
  'mldr.mar.nb_sources': u16('Number of sources'),
  'mldr.mar.multicast_address': ipv6Address('Multicast address'),
});
export const recordSource = layout('icmpv6', { 'mldr.mar.source_address': ipv6Address('Source') });

/** Source: RFC 4191, section 2.1 "Preference Values". */
export const PREFERENCE_NAMES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 2: 'reserved', 3: 'low' };

/** Source: RFC 4861, section 4.2; RFC 4191, section 2.2. */
const routerAdvertisement = layout('icmpv6', {
  'nd.ra.cur_hop_limit': u8('Hop limit'),
  'nd.ra.flag': over(u8('Flags', 'hex')),
  'nd.ra.flag.m': over(bit(u8('Managed addresses'), 0x80)),
  'nd.ra.flag.o': over(bit(u8('Other configuration'), 0x40)),
  'nd.ra.flag.h': over(bit(u8('Home agent'), 0x20)),
  'nd.ra.flag.prf': over(part(u8('Preference', 'dec', PREFERENCE_NAMES), 0x18)),
  'nd.ra.flag.p': over(bit(u8('Proxy'), 0x04)),
  'nd.ra.flag.rsv': part(u8('Reserved'), 0x03),
  /** In seconds; the next two in milliseconds. */
  'nd.ra.router_lifetime': u16('Router lifetime'),
  'nd.ra.reachable_time': u32('Reachable time'),
  'nd.ra.retrans_timer': u32('Retransmission timer'),
});
export const neighbourSolicitation = layout('icmpv6', {
  reserved: reserved(4),
  'nd.ns.target_address': ipv6Address('Target'),
});
export const neighbourAdvertisement = layout('icmpv6', {
  'nd.na.flag': over(u32('Flags', 'hex')),
  'nd.na.flag.r': over(bit(u32('Router'), 0x80000000)),
  'nd.na.flag.s': over(bit(u32('Solicited'), 0x40000000)),
  'nd.na.flag.o': over(bit(u32('Override'), 0x20000000)),
  'nd.na.flag.rsv': part(u32('Reserved'), 0x1fffffff),
  'nd.na.target_address': ipv6Address('Target'),
});
const redirect = layout('icmpv6', {
  reserved: reserved(4),
  'nd.rd.target_address': ipv6Address('Target'),
  'rd.na.destination_address': ipv6Address('Destination'),
});
const routerMulticast = layout('icmpv6', {
  'mcast_ra.query_interval': u16('Query interval'),
  'mcast_ra.robustness_variable': u16('Robustness'),
});

/** Source: RFC 8335, sections 2 and 3. */
const extendedRequest = layout('icmpv6', {
  ...identifier,
  'ext.echo.seq': u8('Sequence number'),
  'ext.echo.req.res': over(part(u8('Reserved', 'hex'), 0xfe)),
  'ext.echo.req.local': bit(u8('Local'), 0x01),
});
const extendedReply = layout('icmpv6', {
  ...identifier,
  'ext.echo.seq': u8('Sequence number'),
  'ext.echo.rsp.state': over(part(u8('State'), 0xe0)),
  'ext.echo.rsp.res': over(part(u8('Reserved', 'hex'), 0x18)),
  'ext.echo.rsp.active': over(bit(u8('Active'), 0x04)),
  'ext.echo.rsp.ipv4': over(bit(u8('IPv4'), 0x02)),
  'ext.echo.rsp.ipv6': bit(u8('IPv6'), 0x01),
});

/** Bodies that are the same for all messages of a type. Sources: RFCs 2710, 3122, 4286, 4443, 4861, 8335. */
export const BODIES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [2, tooBigBody],
  [4, parameterBody],
  [128, echoBody],
  [129, echoBody],
  [131, listenerBody],
  [132, listenerBody],
  [133, errorBody],
  [134, routerAdvertisement],
  [135, neighbourSolicitation],
  [136, neighbourAdvertisement],
  [137, redirect],
  [141, errorBody],
  [142, errorBody],
  [143, reportBody],
  [151, routerMulticast],
  [160, extendedRequest],
  [161, extendedReply],
]);

/** What a record of a report holds after its sources. */
export const auxiliaryData = named('icmpv6.mldr.mar.auxiliary_data', derived('Auxiliary data', 'bytes', 'hex'));
