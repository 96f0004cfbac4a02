import {
  bit,
  bytes,
  derived,
  type Field,
  ipv6 as ipv6Address,
  named,
  over,
  part,
  u8,
  u16,
  u32,
} from '../wire/field.js';
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

const PREFERENCE_NAMES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 2: 'reserved', 3: 'low' };

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
const neighbourSolicitation = layout('icmpv6', {
  reserved: reserved(4),
  'nd.ns.target_address': ipv6Address('Target'),
});
const neighbourAdvertisement = layout('icmpv6', {
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

const OPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'source link-layer address',
  2: 'target link-layer address',
  3: 'prefix information',
  4: 'redirected header',
  5: 'MTU',
  7: 'advertisement interval',
  8: 'home agent information',
  9: 'source addresses',
  10: 'target addresses',
  11: 'CGA',
  12: 'RSA signature',
  13: 'timestamp',
  14: 'nonce',
  24: 'route information',
  25: 'recursive DNS servers',
  26: 'flags expansion',
  31: 'DNS search list',
  33: 'address registration',
  34: '6LoWPAN context',
  37: 'captive portal',
  38: 'PREF64',
};

const option = { 'opt.type': u8('Type', 'dec', OPTION_NAMES), 'opt.length': u8('Length') };
const gap = (size: number) => ({ 'opt.reserved': reserved(size) });

/** What every option starts with; its length counts words of 8 bytes, this one included. Source: RFC 4861, section 4.6. */
export const optionHead = layout('icmpv6', option);
export const redirectedOption = layout('icmpv6', { ...option, ...gap(6) });
const serversOption = { ...option, ...gap(2), 'opt.rdnss.lifetime': u32('Lifetime') };
const searchOption = { ...option, ...gap(2), 'opt.dnssl.lifetime': u32('Lifetime') };

/** Options of a fixed start, by type; what is left of them is in `DERIVED`. Sources: RFCs 4861, 4191, 6275, 8106, 8781. */
export const OPTIONS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    3,
    layout('icmpv6', {
      ...option,
      'opt.prefix.length': u8('Prefix length'),
      'opt.prefix.flag': over(u8('Flags', 'hex')),
      'opt.prefix.flag.l': over(bit(u8('On link'), 0x80)),
      'opt.prefix.flag.a': over(bit(u8('Autonomous'), 0x40)),
      'opt.prefix.flag.r': over(bit(u8('Router address'), 0x20)),
      'opt.prefix.flag.reserved': part(u8('Reserved'), 0x1f),
      'opt.prefix.valid_lifetime': u32('Valid lifetime'),
      'opt.prefix.preferred_lifetime': u32('Preferred lifetime'),
      ...gap(4),
      'opt.prefix': ipv6Address('Prefix'),
    }),
  ],
  [4, redirectedOption],
  [5, layout('icmpv6', { ...option, ...gap(2), 'opt.mtu': u32('MTU') })],
  [7, layout('icmpv6', { ...option, ...gap(2), 'opt.advertisement_interval': u32('Interval') })],
  [
    8,
    layout('icmpv6', {
      ...option,
      ...gap(2),
      'opt.home_agent_preference': u16('Preference'),
      'opt.home_agent_lifetime': u16('Lifetime'),
    }),
  ],
  [
    24,
    layout('icmpv6', {
      ...option,
      'opt.prefix.length': u8('Prefix length'),
      'opt.route_info.flag': over(u8('Flags', 'hex')),
      'opt.route_info.flag.route_preference': over(part(u8('Preference', 'dec', PREFERENCE_NAMES), 0x18)),
      'opt.route_info.flag.reserved': part(u8('Reserved'), 0xe7),
      'opt.route_lifetime': u32('Lifetime'),
    }),
  ],
  [25, layout('icmpv6', serversOption)],
  [31, layout('icmpv6', searchOption)],
  [
    38,
    layout('icmpv6', {
      ...option,
      'opt.pref64.scaled_lifetime': over(part(u16('Lifetime, in units of 8 s'), 0xfff8)),
      'opt.pref64.plc': part(u16('Prefix length code', 'hex'), 0x0007),
    }),
  ],
]);

type Named = Field & { readonly path: string };

/** Fields that only their message can place. */
export const DERIVED = {
  linkAddress: named('icmpv6.opt.linkaddr', derived('Link-layer address', 'bytes', 'hex')),
  prefix: named('icmpv6.opt.prefix', derived('Prefix', 'ipv6')),
  server: named('icmpv6.opt.rdnss', derived('Server', 'ipv6')),
  domain: named('icmpv6.opt.dnssl', derived('Domain', 'string')),
  nonce: named('icmpv6.opt.nonce', derived('Nonce', 'bytes', 'hex')),
  portal: named('icmpv6.opt.captive_portal', derived('Captive portal', 'string')),
  pref64: named('icmpv6.opt.pref64.prefix', derived('Prefix', 'ipv6')),
  auxiliary: named('icmpv6.mldr.mar.auxiliary_data', derived('Auxiliary data', 'bytes', 'hex')),
  data: named('icmpv6.data', derived('Data', 'bytes', 'hex')),
} satisfies Readonly<Record<string, Named>>;
