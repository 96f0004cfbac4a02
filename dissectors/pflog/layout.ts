import { FAMILY_NAMES } from '../loopback/layout.js';
import { fixedText, i32, i32le, u8 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const ACTION_NAMES: Readonly<Record<number, string>> = {
  0: 'pass',
  1: 'block',
  2: 'scrub',
  3: 'no scrub',
  4: 'nat',
  5: 'no nat',
  6: 'binat',
  7: 'no binat',
  8: 'rdr',
  9: 'no rdr',
  10: 'synproxy drop',
  11: 'defer',
  12: 'match',
  13: 'divert',
  14: 'route to',
  15: 'af to',
};
const REASON_NAMES: Readonly<Record<number, string>> = {
  0: 'match',
  1: 'bad offset',
  2: 'fragment',
  3: 'short',
  4: 'normalize',
  5: 'memory',
  6: 'bad timestamp',
  7: 'congestion',
  8: 'IP options',
  9: 'protocol checksum',
  10: 'state mismatch',
  11: 'state insert',
  12: 'state limit',
  13: 'source limit',
  14: 'synproxy',
};
const DIRECTION_NAMES: Readonly<Record<number, string>> = { 0: 'in or out', 1: 'in', 2: 'out' };

/** Bytes of the names in the header; a shorter one ends in zeros. */
const NAME = 16;

/**
 * The start of the header of packets that a packet filter of BSD has logged: 44 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_PFLOG"; OpenBSD, "if_pflog.h".
 */
export const pflogHeader = layout('pflog', {
  length: u8('Header length'),
  af: u8('Address family', 'dec', FAMILY_NAMES),
  action: u8('Action', 'dec', ACTION_NAMES),
  reason: u8('Reason', 'dec', REASON_NAMES),
  ifname: fixedText('Interface', NAME),
  ruleset: fixedText('Ruleset', NAME),
  rulenr: i32('Rule number'),
  subrulenr: i32('Sub-rule number'),
});

/** Who opened the socket and who wrote the rule, in the byte order of the capturing host. */
export const pflogOwners = layout('pflog', {
  uid: i32le('User id'),
  pid: i32le('Process id'),
  rule_uid: i32le('User id of the rule'),
  rule_pid: i32le('Process id of the rule'),
});

/** The direction, behind the rest. */
export const pflogDirection = layout('pflog', { dir: u8('Direction', 'dec', DIRECTION_NAMES) });
