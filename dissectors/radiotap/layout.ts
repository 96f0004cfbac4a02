import { bit, type Field, i8, over, part, u8, u16le, u32le, u64le } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/**
 * The start of the header of radiotap: 4 bytes, little-endian as all of it.
 * Source: radiotap.org, "Introduction".
 */
export const radiotapHeader = layout('radiotap', {
  version: u8('Version'),
  pad: u8('Padding'),
  length: u16le('Header length'),
});

const word = (label: string, mask: number) => over(bit(u32le(label), mask));

/** Which fields there are. Words follow each other as long as their highest bit is set. */
export const presentWord = layout('radiotap', {
  'present.word': over(u32le('Present flags', 'hex')),
  'present.tsft': word('Time', 0x1),
  'present.flags': word('Flags', 0x2),
  'present.rate': word('Rate', 0x4),
  'present.channel': word('Channel', 0x8),
  'present.fhss': word('Hopping', 0x10),
  'present.dbm_antsignal': word('Signal in dBm', 0x20),
  'present.dbm_antnoise': word('Noise in dBm', 0x40),
  'present.lock_quality': word('Lock quality', 0x80),
  'present.tx_attenuation': word('Attenuation', 0x100),
  'present.db_tx_attenuation': word('Attenuation in dB', 0x200),
  'present.dbm_tx_power': word('Power in dBm', 0x400),
  'present.antenna': word('Antenna', 0x800),
  'present.db_antsignal': word('Signal in dB', 0x1000),
  'present.db_antnoise': word('Noise in dB', 0x2000),
  'present.rxflags': word('Receive flags', 0x4000),
  'present.txflags': word('Transmit flags', 0x8000),
  'present.data_retries': word('Retries', 0x20000),
  'present.xchannel': word('Extended channel', 0x40000),
  'present.mcs': word('MCS', 0x80000),
  'present.ampdu': word('A-MPDU status', 0x100000),
  'present.timestamp': word('Timestamp', 0x400000),
  'present.he': word('HE', 0x800000),
  'present.rtap_ns': word('Radiotap namespace next', 0x20000000),
  'present.vendor_ns': word('Vendor namespace next', 0x40000000),
  'present.ext': bit(u32le('Another word'), 0x80000000),
});

export const flagsField = layout('radiotap', {
  flags: over(u8('Flags', 'hex')),
  'flags.cfp': over(bit(u8('Contention-free period'), 0x01)),
  'flags.preamble': over(bit(u8('Short preamble'), 0x02)),
  'flags.wep': over(bit(u8('WEP'), 0x04)),
  'flags.frag': over(bit(u8('Fragmentation'), 0x08)),
  'flags.fcs': over(bit(u8('Check sequence at the end'), 0x10)),
  'flags.datapad': over(bit(u8('Padding behind the header'), 0x20)),
  'flags.badfcs': over(bit(u8('Bad check sequence'), 0x40)),
  'flags.shortgi': bit(u8('Short guard interval'), 0x80),
});

const channelFlag = (label: string, mask: number) => over(bit(u16le(label), mask));

const channel = layout('radiotap', {
  'channel.freq': u16le('Channel frequency'),
  'channel.flags': over(u16le('Channel flags', 'hex')),
  'channel.flags.turbo': channelFlag('Turbo', 0x10),
  'channel.flags.cck': channelFlag('CCK', 0x20),
  'channel.flags.ofdm': channelFlag('OFDM', 0x40),
  'channel.flags.2ghz': channelFlag('2 GHz', 0x80),
  'channel.flags.5ghz': channelFlag('5 GHz', 0x100),
  'channel.flags.passive': channelFlag('Passive', 0x200),
  'channel.flags.dynamic': channelFlag('Dynamic CCK and OFDM', 0x400),
  'channel.flags.gfsk': channelFlag('GFSK', 0x800),
  'channel.flags.gsm': channelFlag('GSM', 0x1000),
  'channel.flags.sturbo': channelFlag('Static turbo', 0x2000),
  'channel.flags.half': channelFlag('Half rate', 0x4000),
  'channel.flags.quarter': bit(u16le('Quarter rate'), 0x8000),
});

/** Rates count 500 kbit/s; Wireshark shows them in Mbit/s. */
const rate: Field<number> = {
  ...u8('Rate in Mbit/s'),
  read: (view, at) => view.getUint8(at) / 2,
  write: (view, at, value) => view.setUint8(at, value * 2),
};

const mcs = layout('radiotap', {
  'mcs.known': u8('Known of the MCS', 'hex'),
  'mcs.bw': over(
    part(u8('Bandwidth', 'dec', { 0: '20 MHz', 1: '40 MHz', 2: '20 MHz, lower', 3: '20 MHz, upper' }), 0x03),
  ),
  'mcs.gi': part(u8('Short guard interval'), 0x04),
  'mcs.index': u8('MCS index'),
});

const ampdu = layout('radiotap', {
  'ampdu.reference': u32le('A-MPDU reference'),
  'ampdu.flags': u16le('A-MPDU flags', 'hex'),
});

/** A field of a header: where it may stand, how long it is, and what is in it. */
interface Item {
  /** It stands at a multiple of this, from the start of the header. */
  readonly align: number;
  readonly size: number;
  readonly layout?: Layout;
}

const item = (align: number, layout: Layout): Item => ({ align, size: layout.size, layout });
const opaque = (align: number, size: number): Item => ({ align, size });

/** The number of the flags among the fields. */
export const FLAGS = 1;

/** The fields of the radiotap namespace, by the bit that tells of them. Source: radiotap.org, "Defined Fields". */
export const ITEMS: readonly (Item | undefined)[] = [
  item(8, layout('radiotap', { mactime: u64le('MAC timestamp') })),
  item(1, flagsField),
  item(1, layout('radiotap', { datarate: rate })),
  item(2, channel),
  item(1, layout('radiotap', { 'fhss.hopset': u8('Hop set'), 'fhss.pattern': u8('Hop pattern') })),
  item(1, layout('radiotap', { dbm_antsignal: i8('Signal in dBm') })),
  item(1, layout('radiotap', { dbm_antnoise: i8('Noise in dBm') })),
  item(2, layout('radiotap', { quality: u16le('Lock quality') })),
  item(2, layout('radiotap', { txattenuation: u16le('Attenuation') })),
  item(2, layout('radiotap', { db_txattenuation: u16le('Attenuation in dB') })),
  item(1, layout('radiotap', { txpower: i8('Power in dBm') })),
  item(1, layout('radiotap', { antenna: u8('Antenna') })),
  item(1, layout('radiotap', { db_antsignal: u8('Signal in dB') })),
  item(1, layout('radiotap', { db_antnoise: u8('Noise in dB') })),
  item(2, layout('radiotap', { rxflags: u16le('Receive flags', 'hex') })),
  item(2, layout('radiotap', { txflags: u16le('Transmit flags', 'hex') })),
  undefined,
  item(1, layout('radiotap', { data_retries: u8('Retries') })),
  opaque(4, 8),
  item(1, mcs),
  { align: 4, size: 8, layout: ampdu },
  opaque(2, 12),
  opaque(8, 12),
  opaque(2, 12),
  opaque(2, 12),
  undefined,
  opaque(1, 1),
  opaque(2, 4),
];

export const LAYOUTS: readonly Layout[] = [
  presentWord,
  ...ITEMS.flatMap((known) => (known?.layout ? [known.layout] : [])),
];
