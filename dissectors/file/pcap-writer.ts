import { viewOf } from '../wire/view.js';
import { PCAP_HEADER_SIZE } from './pcap-header.js';

export interface PcapFileHeader {
  readonly linkType: number;
  /** Bytes kept of a packet; the usual 262,144 if left out. */
  readonly snapLength?: number;
  /** Whether times are written in nanoseconds; in microseconds if left out. */
  readonly nanoseconds?: boolean;
  /** Bytes of frame check sequence at the end of each packet. */
  readonly fcsLength?: number;
}

/** One packet, to be written to a pcap file. */
export interface PcapPacket {
  /** Since 1970-01-01T00:00:00Z, and nanoseconds below a second. */
  readonly seconds: number;
  readonly nanos: number;
  /** The captured bytes, from the link-layer header on. */
  readonly bytes: Uint8Array;
  /** Bytes the packet had on the wire; more than `bytes` if the capture cut it. */
  readonly wire: number;
}

const RECORD_HEADER_SIZE = 16;
/** The last second that 32 bits can tell, in February 2106. */
export const LAST_SECOND = 0xffff_ffff;

/**
 * The header of a pcap file, little-endian.
 * Source: draft-ietf-opsawg-pcap, "General File Structure".
 */
export function pcapFileHeader({ linkType, snapLength, nanoseconds, fcsLength }: PcapFileHeader): Uint8Array {
  const bytes = new Uint8Array(PCAP_HEADER_SIZE);
  const view = viewOf(bytes);
  view.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  // To libpcap a snap length of 0 would let no packet pass a filter.
  view.setUint32(16, snapLength || 262_144, true);
  const fcs = fcsLength === undefined ? 0 : ((fcsLength >> 1) << 28) | 0x0400_0000;
  view.setUint32(20, linkType | fcs, true);
  return bytes;
}

/**
 * One packet record. Times before 1970 and after 2106 do not fit in the format: they become the nearest that does.
 * Source: draft-ietf-opsawg-pcap, "Packet Record".
 */
export function pcapRecord({ seconds, nanos, bytes, wire }: PcapPacket, nanoseconds = false): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER_SIZE + bytes.length);
  const view = viewOf(record);
  view.setUint32(0, Math.max(0, Math.min(LAST_SECOND, seconds)), true);
  view.setUint32(4, nanoseconds ? nanos : Math.floor(nanos / 1000), true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, wire, true);
  record.set(bytes, RECORD_HEADER_SIZE);
  return record;
}
