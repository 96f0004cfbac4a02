import { bit, type Field, i8, over, part, u8, u16le, u32le, u64le } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/**
 * The header of per-packet information: 8 bytes, little-endian.
 * Source: "Per-Packet Information Header Specification", CACE Technologies.
 */
export const ppiHeader = layout('ppi', {
  version: u8('Version'),
  flags: over(u8('Flags', 'hex')),
  'flags.alignment': over(bit(u8('Aligned'), 0x01)),
  'flags.reserved': part(u8('Reserved', 'hex'), 0xfe),
  length: u16le('Header length'),
  dlt: u32le('Link type'),
});

const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: '802.11 common',
  3: '802.11n MAC',
  4: '802.11n MAC and PHY',
  5: 'Spectrum map',
  6: 'Process information',
  7: 'Capture information',
  8: 'Aggregation',
  9: '802.3',
};

/** The start of each piece of information. */
export const ppiField = layout('ppi', {
  field_type: u16le('Field type', 'dec', TYPE_NAMES),
  field_len: u16le('Field length'),
});

export const COMMON = 2;

/** Rates count 500 kbit/s; Wireshark shows them in kbit/s. */
const rate: Field<number> = {
  ...u16le('Rate in kbit/s'),
  read: (view, at) => view.getUint16(at, true) * 500,
  write: (view, at, value) => view.setUint16(at, value / 500, true),
};

/** What is known of every frame of IEEE 802.11. */
export const commonField = layout('ppi', {
  '80211-common.tsft': u64le('MAC timestamp'),
  '80211-common.flags': over(u16le('Flags', 'hex')),
  '80211-common.flags.fcs': over(bit(u16le('Check sequence at the end'), 0x1)),
  '80211-common.flags.tsft': over(bit(u16le('Timestamp in milliseconds'), 0x2)),
  '80211-common.flags.fcs-invalid': over(bit(u16le('Bad check sequence'), 0x4)),
  '80211-common.flags.phy-err': bit(u16le('PHY error'), 0x8),
  '80211-common.rate': rate,
  '80211-common.chan.freq': u16le('Channel frequency'),
  '80211-common.chan.flags': u16le('Channel flags', 'hex'),
  '80211-common.fhss.hopset': u8('Hop set', 'hex'),
  '80211-common.fhss.pattern': u8('Hop pattern', 'hex'),
  '80211-common.dbm.antsignal': i8('Signal in dBm'),
  '80211-common.dbm.antnoise': i8('Noise in dBm'),
});
