import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { derived, i32, named, rest, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

const FAMILY_NAMES: Readonly<Record<number, string>> = {
  0: 'unspecified',
  2: 'IPv4',
  3: 'ARP',
  7: 'bridge',
  10: 'IPv6',
};

/**
 * The start of a packet that Linux's netfilter has logged: 4 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_NFLOG".
 */
export const nflogHeader = layout('nflog', {
  family: u8('Family', 'dec', FAMILY_NAMES),
  version: u8('Version'),
  res_id: u16('Resource id'),
});

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'packet header',
  2: 'mark',
  3: 'timestamp',
  4: 'input interface',
  5: 'output interface',
  6: 'physical input interface',
  7: 'physical output interface',
  8: 'hardware address',
  9: 'payload',
  10: 'prefix',
  11: 'user id',
  12: 'sequence number',
  13: 'global sequence number',
  14: 'group id',
  15: 'hardware type',
  16: 'hardware header',
  17: 'length of the hardware header',
  18: 'connection',
  19: 'connection information',
};

/** The length and the type of an attribute, in the byte order of the capturing host. */
export const ATTRIBUTE = {
  length: named('nflog.tlv_length', u16('Length')),
  type: named('nflog.tlv_type', u16('Type', 'dec', TYPE_NAMES)),
  value: named('nflog.tlv_value', rest('Value')),
  prefix: named('nflog.prefix', derived('Prefix', 'string')),
} as const;

const HOOK_NAMES: Readonly<Record<number, string>> = {
  0: 'before routing',
  1: 'local in',
  2: 'forward',
  3: 'local out',
  4: 'after routing',
};

/** The values of attributes, big-endian. */
export const VALUES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [1, layout('nflog', { protocol: u16('Protocol', 'hex', ETHERTYPE_NAMES), hook: u8('Hook', 'dec', HOOK_NAMES) })],
  [4, layout('nflog', { ifindex_indev: u32('Input interface') })],
  [5, layout('nflog', { ifindex_outdev: u32('Output interface') })],
  [6, layout('nflog', { ifindex_physindev: u32('Physical input interface') })],
  [7, layout('nflog', { ifindex_physoutdev: u32('Physical output interface') })],
  [11, layout('nflog', { uid: i32('User id') })],
  [14, layout('nflog', { gid: i32('Group id') })],
]);
