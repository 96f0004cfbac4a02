import { ETHERTYPE_NAMES } from '../ethernet/ether-types.js';
import { bit, derived, type Field, named, over, part, u8, u16, u24 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** In bytes: what lengths count. */
const WORD = 4;

/** The Geneve header before its options: 8 bytes, big-endian. Source: RFC 8926, section 3.4. */
export const geneveHeader = layout('geneve', {
  version: over(part(u8('Version'), 0xc0)),
  /** In bytes: the options. */
  'option.length': part(u8('Length'), 0x3f, WORD),
  flags: over(u8('Flags', 'hex')),
  'flags.oam': over(bit(u8('Operations and management'), 0x80)),
  'flags.critical': over(bit(u8('Critical options'), 0x40)),
  'flags.reserved': bit(u8('Reserved'), 0x3f),
  proto_type: u16('Protocol type', 'hex', ETHERTYPE_NAMES),
  vni: u24('Virtual network identifier (VNI)', 'hex'),
  reserved: u8('Reserved', 'hex'),
});

const CLASS_NAMES: Readonly<Record<number, string>> = {
  256: 'Linux',
  257: 'Open vSwitch',
  258: 'Open Virtual Networking (OVN)',
  259: 'In-band Network Telemetry (INT)',
  260: 'VMware',
  306: 'Google',
};

/** In bytes: a length that does not count the first word. */
const wordsAfter = (field: Field<number>): Field<number> => ({
  ...field,
  read: (view, at) => field.read(view, at) + WORD,
  write: (view, at, value) => field.write(view, at, value - WORD),
});

/** What every option starts with: 4 bytes. Source: RFC 8926, section 3.5. */
export const optionHead = layout('geneve', {
  'option.class': u16('Class', 'hex', CLASS_NAMES),
  'option.type': over(u8('Type', 'hex')),
  'option.type.critical': { ...bit(u8('Critical'), 0x80) },
  'option.flags': over(part(u8('Flags', 'hex'), 0xe0)),
  'option.flags.reserved': over(bit(u8('Reserved'), 0xe0)),
  'option.length': wordsAfter(part(u8('Length'), 0x1f, WORD)),
});

export const OPTIONS = named('geneve.options', derived('Options', 'bytes', 'hex'));
export const OPTION = named('geneve.option', derived('Option', 'bytes', 'hex'));
export const OPTION_DATA = named('geneve.option.unknown.data', derived('Data', 'bytes', 'hex'));
