import { over, part, u8, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

const LABEL_NAMES: Readonly<Record<number, string>> = {
  0: 'IPv4 explicit null',
  1: 'router alert',
  2: 'IPv6 explicit null',
  3: 'implicit null',
  7: 'entropy label indicator',
  13: 'generic associated channel',
  14: 'OAM alert',
  15: 'extension',
};

/** One entry of a label stack: 4 bytes, big-endian. Source: RFC 3032, section 2.1; RFC 5462. */
export const labelEntry = layout('mpls', {
  label: over(part(u32('Label', 'dec', LABEL_NAMES), 0xfffff000)),
  exp: over(part(u32('Traffic class'), 0x00000e00)),
  bottom: over(part(u32('Bottom of stack'), 0x00000100)),
  ttl: part(u32('Time to live'), 0x000000ff),
});

/** The control word before an Ethernet frame: 4 bytes. Source: RFC 4448, section 4.6. */
export const controlWord = layout('pweth', {
  cw: { ...u16('Control word', 'hex') },
  'cw.sequence_number': u16('Sequence number'),
});

const CHANNEL_NAMES: Readonly<Record<number, string>> = { 33: 'IPv4', 87: 'IPv6' };

/** The header of an associated channel: 4 bytes. Source: RFC 4385, section 5. */
export const channelHeader = layout('pwach', {
  ver: part(u8('Version'), 0x0f),
  res: u8('Reserved', 'hex'),
  channel_type: u16('Channel type', 'hex', CHANNEL_NAMES),
});
