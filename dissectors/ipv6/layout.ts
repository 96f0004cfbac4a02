import { DSCP_NAMES, ECN_NAMES, PROTOCOL_NAMES } from '../ipv4/protocols.js';
import { bit, bytes, derived, ipv6 as ipv6Address, named, over, part, u8, u16, u24, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/**
 * The IPv6 header without its extension headers: 40 bytes, big-endian.
 * Source: RFC 8200, section 3 "IPv6 Header Format".
 */
export const ipv6Header = layout('ipv6', {
  version: over(part(u8('Version'), 0xf0)),
  tclass: over(part(u32('Traffic class', 'hex'), 0x0ff00000)),
  'tclass.dscp': over(part(u32('Codepoint', 'dec', DSCP_NAMES), 0x0fc00000)),
  // The flow label starts in its second byte.
  'tclass.ecn': { ...part(u32('Congestion notification', 'dec', ECN_NAMES), 0x00300000), advance: 1 },
  flow: part(u24('Flow label', 'hex'), 0x0fffff),
  /** What follows this header, extension headers included, in bytes; 0 in a jumbogram. */
  plen: u16('Payload length'),
  nxt: u8('Next header', 'dec', PROTOCOL_NAMES),
  hlim: u8('Hop limit'),
  src: ipv6Address('Source'),
  dst: ipv6Address('Destination'),
});

const options = { nxt: u8('Next header', 'dec', PROTOCOL_NAMES), len: u8('Length') };

/** What an options header starts with; its length counts words of 8 bytes after the first. Source: RFC 8200, section 4. */
export const hopByHopHeader = layout('ipv6.hopopts', options);
export const destinationHeader = layout('ipv6.dstopts', options);

const ROUTING_NAMES: Readonly<Record<number, string>> = {
  0: 'source route',
  2: 'mobile IPv6',
  3: 'RPL source route',
  4: 'segment routing',
  5: 'compact, 16 bits',
  6: 'compact, 32 bits',
};

/** What every routing header starts with: 4 bytes. Source: RFC 8200, section 4.4 "Routing Header". */
export const routingHeader = layout('ipv6.routing', {
  ...options,
  type: u8('Type', 'dec', ROUTING_NAMES),
  segleft: u8('Segments left'),
});
/** The rest of a routing header of type 0, before its addresses. Source: RFC 2460, section 4.4. */
export const sourceRouting = layout('ipv6.routing', { 'src.reserved': bytes('Reserved', 4) });
export const sourceAddress = layout('ipv6.routing', { 'src.addr': ipv6Address('Address') });
/** The rest of a routing header of type 2. Source: RFC 6275, section 6.4. */
export const mobileRouting = layout('ipv6.routing', {
  'mipv6.reserved': bytes('Reserved', 4),
  'mipv6.home_address': ipv6Address('Home address'),
});
/** The rest of a routing header of type 3, before its shortened addresses. Source: RFC 6554, section 3. */
export const rplRouting = layout('ipv6.routing', {
  'rpl.cmprI': over(part(u32('Bytes left out of each address'), 0xf0000000)),
  'rpl.cmprE': over(part(u32('Bytes left out of the last address'), 0x0f000000)),
  'rpl.pad': over(part(u32('Padding'), 0x00f00000)),
  'rpl.reserved': part(u32('Reserved'), 0x000fffff),
});
/** The rest of a routing header of type 4, before its segments. Source: RFC 8754, section 2. */
export const segmentRouting = layout('ipv6.routing', {
  'srh.last_entry': u8('Last entry'),
  'srh.flags': u8('Flags', 'hex'),
  'srh.tag': bytes('Tag', 2),
});
export const segmentAddress = layout('ipv6.routing', { 'srh.addr': ipv6Address('Segment') });

/** The fragment header: 8 bytes. Source: RFC 8200, section 4.5 "Fragment Header". */
export const fragmentHeader = layout('ipv6.fraghdr', {
  nxt: u8('Next header', 'dec', PROTOCOL_NAMES),
  reserved_octet: u8('Reserved', 'hex'),
  /** In units of 8 bytes. */
  offset: over(part(u16('Offset'), 0xfff8)),
  reserved_bits: over(part(u16('Reserved'), 0x0006)),
  more: bit(u16('More fragments'), 0x0001),
  ident: u32('Identification', 'hex'),
});

/** The authentication header before its check value; its length counts words of 4 bytes after the second. Source: RFC 4302. */
export const authenticationHeader = layout('ah', {
  next_header: u8('Next header', 'dec', PROTOCOL_NAMES),
  length: u8('Length'),
  reserved: bytes('Reserved', 2),
  spi: u32('Security parameters index', 'hex'),
  sequence: u32('Sequence number'),
});

/** What a mobility header starts with. Source: RFC 6275, section 6.1.1. */
export const mobilityHeader = layout('mip6', {
  proto: u8('Payload protocol', 'dec', PROTOCOL_NAMES),
  hlen: u8('Length'),
  mhtype: u8('Mobility header type', 'dec', {
    0: 'binding refresh request',
    1: 'home test init',
    2: 'care-of test init',
    3: 'home test',
    4: 'care-of test',
    5: 'binding update',
    6: 'binding acknowledgement',
    7: 'binding error',
  }),
  reserved: u8('Reserved', 'hex'),
  csum: u16('Checksum', 'hex'),
});

/** What a shim6 control header starts with. Source: RFC 5533, section 5.3. */
export const shim6Header = layout('shim6', {
  nxt: u8('Next header', 'dec', PROTOCOL_NAMES),
  len: u8('Length'),
  p: over(bit(u8('Payload extension'), 0x80)),
  type: part(u8('Message type'), 0x7f),
});

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'Pad1',
  1: 'PadN',
  4: 'tunnel encapsulation limit',
  5: 'router alert',
  7: 'CALIPSO',
  8: 'SMF duplicate detection',
  15: 'performance metrics',
  17: 'IOAM',
  35: 'RPL',
  38: 'quick-start',
  48: 'minimum path MTU',
  49: 'IOAM',
  99: 'RPL (old)',
  109: 'MPL',
  139: 'ILNP nonce',
  140: 'line identification',
  194: 'jumbo payload',
  201: 'home address',
  238: 'depth-first forwarding',
};

const optionType = {
  type: over(u8('Type', 'hex', OPTION_NAMES)),
  'type.action': over(
    part(
      u8('Action', 'dec', { 0: 'skip', 1: 'discard', 2: 'discard, tell', 3: 'discard, tell unless multicast' }),
      0xc0,
    ),
  ),
  'type.change': over(bit(u8('May change'), 0x20)),
  'type.rest': part(u8('Low-order bits', 'hex'), 0x1f),
};
const option = { ...optionType, length: u8('Length') };

/** An option of one byte, for padding. Source: RFC 8200, section 4.2 "Options". */
export const bareOption = layout('ipv6.opt', { type: u8('Type', 'hex', OPTION_NAMES) });
/** What every longer option starts with; its length counts what follows. */
export const optionHead = layout('ipv6.opt', option);
export const homeOption = layout('ipv6.opt', { ...option, 'mipv6.home_address': ipv6Address('Home address') });
export const jumboOption = layout('ipv6.opt', { ...option, jumbo: u32('Payload length') });

const rplOption = layout('ipv6.opt', {
  ...option,
  'rpl.flag': over(u8('Flags', 'hex')),
  'rpl.flag.o': over(bit(u8('Down'), 0x80)),
  'rpl.flag.r': over(bit(u8('Rank error'), 0x40)),
  'rpl.flag.f': over(bit(u8('Forwarding error'), 0x20)),
  'rpl.flag.rsv': part(u8('Reserved', 'hex'), 0x1f),
  'rpl.instance_id': u8('RPL instance id', 'hex'),
  'rpl.sender_rank': u16('Sender rank', 'hex'),
});

/** Options of a fixed form, by type. Sources: RFCs 2473, 2675, 2711, 4782, 6275, 6553, 8250, 9268. */
export const FIXED_OPTIONS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x04, layout('ipv6.opt', { ...option, tel: u8('Tunnel encapsulation limit') })],
  [
    0x05,
    layout('ipv6.opt', {
      ...option,
      router_alert: u16('Router alert', 'dec', { 0: 'MLD', 1: 'RSVP', 2: 'active networks' }),
    }),
  ],
  [
    0x0f,
    layout('ipv6.opt', {
      ...option,
      'pdm.scale_dtlr': u8('Scale of the delta received'),
      'pdm.scale_dtls': u8('Scale of the delta sent'),
      'pdm.psn_this_pkt': u16('Sequence number of this packet'),
      'pdm.psn_last_recv': u16('Sequence number last received'),
      'pdm.delta_last_recv': u16('Delta last received'),
      'pdm.delta_last_sent': u16('Delta last sent'),
    }),
  ],
  [0x23, rplOption],
  [
    0x26,
    layout('ipv6.opt', {
      ...option,
      qs_func: over(part(u8('Function'), 0xf0)),
      qs_rate: part(u8('Rate'), 0x0f),
      qs_ttl: u8('QS TTL'),
      qs_nonce: over(part(u32('QS nonce', 'hex'), 0xfffffffc)),
      qs_reserved: part(u32('Reserved', 'hex'), 3),
    }),
  ],
  [0x63, rplOption],
  [0xc2, jumboOption],
  [0xc9, homeOption],
]);

/** What follows from the lengths of extension headers, and bytes that only they can place. */
export const DERIVED = {
  hopByHopLength: named('ipv6.hopopts.len_oct', derived('Length in bytes')),
  destinationLength: named('ipv6.dstopts.len_oct', derived('Length in bytes')),
  routingLength: named('ipv6.routing.len_oct', derived('Length in bytes')),
  routingData: named('ipv6.routing.unknown_data', derived('Type-specific data', 'bytes', 'hex')),
  rplAddress: named('ipv6.routing.rpl.address', derived('Address', 'bytes', 'hex')),
  rplFullAddress: named('ipv6.routing.rpl.full_address', derived('Full address', 'ipv6')),
  padding: named('ipv6.opt.padn', derived('Padding', 'bytes', 'hex')),
  experimental: named('ipv6.opt.experimental', derived('Data', 'bytes', 'hex')),
  unknown: named('ipv6.opt.unknown', derived('Data', 'bytes', 'hex')),
  checkValue: named('ah.icv', derived('Check value', 'bytes', 'hex')),
};
