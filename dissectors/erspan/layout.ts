import { bit, over, part, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

const start = {
  version: over(part(u16('Version', 'dec', { 0: 'Type I', 1: 'Type II', 2: 'Type III' }), 0xf000)),
  vlan: part(u16('VLAN'), 0x0fff),
  cos: over(part(u16('Class of service'), 0xe000)),
};
const end = {
  truncated: over(part(u16('Truncated'), 0x0400)),
  spanid: part(u16('Session id'), 0x03ff),
};
const ENCAPSULATION_NAMES = { 0: 'without VLAN tag', 1: 'ISL', 2: '802.1Q', 3: 'VLAN tag preserved' };
const INTEGRITY_NAMES = { 0: 'good or unknown', 1: 'short', 2: 'oversized', 3: 'bad' };

/** What the ERSPAN header of type II starts with: 4 bytes, big-endian. Source: draft-foschiano-erspan, section 4.2. */
export const typeTwoStart = layout('erspan', {
  ...start,
  encap: over(part(u16('Encapsulation', 'dec', ENCAPSULATION_NAMES), 0x1800)),
  ...end,
});

/** What type II has after them: 4 bytes. */
export const typeTwoRest = layout('erspan', {
  reserved: over(part(u32('Reserved'), 0xfff00000)),
  index: part(u32('Index'), 0x000fffff),
});

/** What the header of type III starts with: 4 bytes. Source: draft-foschiano-erspan, section 4.3. */
export const typeThreeStart = layout('erspan', {
  ...start,
  bso: over(part(u16('Integrity', 'dec', INTEGRITY_NAMES), 0x1800)),
  ...end,
});

/** What type III has after its first 4 bytes: 8 bytes. Source: draft-foschiano-erspan, section 4.3. */
export const typeThreeRest = layout('erspan', {
  timestamp: u32('Timestamp'),
  sgt: u16('Security group tag'),
  p: over(part(u16('Ethernet PDU'), 0x8000)),
  ft: over(part(u16('Frame type', 'dec', { 0: 'Ethernet', 2: 'IP' }), 0x7c00)),
  hw: over(part(u16('Hardware id'), 0x03f0)),
  direction: over(bit(u16('Egress'), 0x0008)),
  gra: over(
    part(
      u16('Granularity of the timestamp', 'dec', { 0: '100 µs', 1: '100 ns', 2: 'IEEE 1588', 3: 'as configured' }),
      0x0006,
    ),
  ),
  o: part(u16('Optional subheader'), 0x0001),
});

const platform = { platid: over(part(u32('Platform id'), 0xfc000000)) };

/** The optional subheader of type III of a platform without a form of its own: 8 bytes. */
export const otherPlatform = layout('erspan', {
  platid: part(u32('Platform id'), 0xfc000000),
  'pid.rsvd': part(u32('Reserved'), 0x03ffffff),
});

const sourcePlatform = layout('erspan', {
  ...platform,
  'pid7.rsvd1': over(part(u32('Reserved'), 0x03f00000)),
  'pid7.source_index': part(u32('Source index'), 0x000fffff),
  'pid7.timestamp': u32('Upper 32 bits of the timestamp'),
});

/** The optional subheaders of type III by platform: 8 bytes each. Source: draft-foschiano-erspan, section 4.3. */
export const PLATFORMS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    1,
    layout('erspan', {
      ...platform,
      'pid1.rsvd1': over(part(u32('Reserved'), 0x03fff000)),
      'pid1.vsmid': part(u32('VSM domain id'), 0x00000fff),
      'pid1.port_index': u32('Port id'),
    }),
  ],
  [
    3,
    layout('erspan', {
      ...platform,
      'pid3.rsvd1': over(part(u32('Reserved'), 0x03ffc000)),
      'pid3.port_index': part(u32('Port id'), 0x00003fff),
      'pid3.timestamp': u32('Upper 32 bits of the timestamp'),
    }),
  ],
  [
    4,
    layout('erspan', {
      ...platform,
      'pid4.rsvd1': over(part(u32('Reserved'), 0x03ffc000)),
      'pid4.rsvd2': part(u32('Reserved'), 0x00003fff),
      'pid4.rsvd3': u32('Reserved'),
    }),
  ],
  [
    5,
    layout('erspan', {
      ...platform,
      'pid5.switchid': over(part(u32('Switch id'), 0x03ff0000)),
      'pid5.port_index': part(u32('Port id'), 0x0000ffff),
      'pid5.timestamp': u32('Seconds of the timestamp'),
    }),
  ],
  [0, sourcePlatform],
  [7, sourcePlatform],
]);
