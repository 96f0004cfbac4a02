import { bit, bytes, ipv4 as ipv4Address, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { DSCP_NAMES, ECN_NAMES, PROTOCOL_NAMES } from './protocols.js';

/**
 * The IPv4 header without its options: 20 bytes, big-endian.
 * Source: RFC 791, section 3.1 "Internet Header Format"; RFC 2474; RFC 3168.
 */
export const ipv4Header = layout('ip', {
  version: over(part(u8('Version'), 0xf0)),
  /** In bytes, though the wire counts words of 4; never below 20. */
  hdr_len: part(u8('Header length'), 0x0f, 4),
  dsfield: over(u8('Differentiated services', 'hex')),
  'dsfield.dscp': over(part(u8('Codepoint', 'dec', DSCP_NAMES), 0xfc)),
  'dsfield.ecn': part(u8('Congestion notification', 'dec', ECN_NAMES), 0x03),
  /** Header and payload together, in bytes; 0 where the network card was left to segment (TSO). */
  len: u16('Total length'),
  id: u16('Identification', 'hex'),
  flags: over(part(u8('Flags', 'hex'), 0xe0)),
  'flags.rb': over(bit(u8('Reserved'), 0x80)),
  'flags.df': over(bit(u8("Don't fragment"), 0x40)),
  'flags.mf': over(bit(u8('More fragments'), 0x20)),
  /** In units of 8 bytes. */
  frag_offset: part(u16('Fragment offset'), 0x1fff),
  ttl: u8('Time to live'),
  proto: u8('Protocol', 'dec', PROTOCOL_NAMES),
  checksum: u16('Header checksum', 'hex'),
  src: ipv4Address('Source'),
  dst: ipv4Address('Destination'),
});

/** Where a source-routed packet goes next: what its destination field holds before the last hop. */
export const currentRoute = layout('ip', { cur_rt: ipv4Address('Current route') });

const CLASS_NAMES: Readonly<Record<number, string>> = { 0: 'control', 2: 'debugging and measurement' };

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'end of options',
  1: 'no operation',
  7: 'record route',
  11: 'MTU probe',
  12: 'MTU reply',
  25: 'quick-start',
  68: 'time stamp',
  82: 'traceroute',
  130: 'security',
  131: 'loose source route',
  133: 'extended security',
  134: 'commercial security',
  136: 'stream identifier',
  137: 'strict source route',
  148: 'router alert',
};

const head = {
  type: over(u8('Type', 'dec', OPTION_NAMES)),
  'type.copy': over(bit(u8('Copy on fragmentation'), 0x80)),
  'type.class': over(part(u8('Class', 'dec', CLASS_NAMES), 0x60)),
  'type.number': part(u8('Number'), 0x1f),
};
const lengthAndHead = { ...head, len: u8('Length') };

/** An option of one byte. Source: RFC 791, section 3.1 "Internet Header Format", "Options". */
export const bareOption = layout('ip.opt', head);
/** What every longer option starts with; its length counts the whole option. */
export const optionHead = layout('ip.opt', lengthAndHead);

/** A list of addresses, filled from the front; the pointer, which counts from 1, is where the next goes. */
export const routeOption = layout('ip.opt', { ...lengthAndHead, ptr: u8('Pointer') });
export const recordedRoute = layout('ip', { rec_rt: ipv4Address('Recorded route') });
export const emptyRoute = layout('ip', { empty_rt: ipv4Address('Empty route') });
export const sourceRoute = layout('ip', { src_rt: ipv4Address('Source route') });

const TIMESTAMP_FLAGS: Readonly<Record<number, string>> = {
  0: 'time stamps only',
  1: 'time stamps and addresses',
  3: 'time stamps of given addresses',
};
export const timestampOption = layout('ip.opt', {
  ...lengthAndHead,
  ptr: u8('Pointer'),
  overflow: over(part(u8('Overflow'), 0xf0)),
  flag: part(u8('Flag', 'hex', TIMESTAMP_FLAGS), 0x0f),
});
export const timestamp = layout('ip.opt', { time_stamp: u32('Time stamp') });
export const timestampAddress = layout('ip.opt', { time_stamp_addr: ipv4Address('Address') });

const ALERT_NAMES: Readonly<Record<number, string>> = { 0: 'every router examines packet' };

/** Options of a fixed form, by type. Sources: RFC 791, 1063, 1393, 2113, 4782. */
export const FIXED_OPTIONS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [11, layout('ip.opt', { ...lengthAndHead, mtu: u16('MTU') })],
  [12, layout('ip.opt', { ...lengthAndHead, mtu: u16('MTU') })],
  [
    25,
    layout('ip.opt', {
      ...lengthAndHead,
      qs_func: over(part(u8('Function'), 0xf0)),
      qs_rate: part(u8('Rate'), 0x0f),
      qs_ttl: u8('QS TTL'),
      qs_nonce: over(part(u32('QS nonce', 'hex'), 0xfffffffc)),
      qs_reserved: part(u32('Reserved', 'hex'), 3),
    }),
  ],
  [
    82,
    layout('ip.opt', {
      ...lengthAndHead,
      id_number: u16('Id number'),
      ohc: u16('Outbound hop count'),
      rhc: u16('Return hop count'),
      originator: ipv4Address('Originator'),
    }),
  ],
  [
    130,
    layout('ip.opt', {
      ...lengthAndHead,
      sec_rfc791_sec: u16('Security', 'hex'),
      sec_rfc791_comp: u16('Compartments'),
      sec_rfc791_hr: bytes('Handling restrictions', 2),
      sec_rfc791_tcc: bytes('Transmission control code', 3),
    }),
  ],
  [136, layout('ip.opt', { ...lengthAndHead, sid: u16('Stream identifier') })],
  [148, layout('ip.opt', { ...lengthAndHead, ra: u16('Router alert', 'dec', ALERT_NAMES) })],
]);
