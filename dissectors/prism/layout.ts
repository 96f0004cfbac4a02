import { fixedText, over, part, u32, u32le, u64 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/**
 * The start of the header of drivers for Prism cards: 24 bytes, in the byte order of the capturing host, today
 * little-endian.
 * Source: tcpdump.org, "LINKTYPE_IEEE802_11_PRISM".
 */
export const prismHeader = layout('prism', {
  msgcode: u32le('Message code', 'hex'),
  msglen: u32le('Message length'),
  devname: fixedText('Device', 16),
});

/**
 * The start of the AVS header: 28 bytes, big-endian.
 * Source: tcpdump.org, "LINKTYPE_IEEE802_11_AVS".
 */
export const avsHeader = layout('wlancap', {
  magic: over(part(u32('Magic', 'hex'), 0xfffffff0)),
  version: part(u32('Version'), 0x0000000f),
  length: u32('Header length'),
  mactime: u64('MAC timestamp'),
  hosttime: u64('Host timestamp'),
  phytype: u32('PHY type'),
});
