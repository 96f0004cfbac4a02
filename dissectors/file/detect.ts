import { hexOf, slice } from '../wire/view.js';
import { pcapByteOrder } from './pcap-header.js';
import { PcapReader, type PcapReaderOptions } from './pcap-reader.js';
import { BYTE_ORDER_MAGIC, SECTION_HEADER } from './pcapng-blocks.js';
import { PcapngReader, type PcapngReaderOptions } from './pcapng-reader.js';
import type { CaptureReader } from './records.js';
import { textOfUtf8 } from './utf8.js';

/** What a file is. */
export type FileKind = 'pcap' | 'pcapng' | 'gzip' | 'zstd' | 'empty' | 'unknown';

/** How many bytes tell what a file is. */
export const DETECT_SIZE = 12;

/** What the bytes `[start, end)` begin, where `end` is the file's end or at least `DETECT_SIZE` bytes on. */
export function detect(view: DataView, start: number, end: number): FileKind {
  if (start >= end) return 'empty';
  if (end - start >= 2 && view.getUint16(start) === 0x1f8b) return 'gzip';
  if (end - start < 4) return 'unknown';
  if (pcapByteOrder(view, start) !== undefined) return 'pcap';
  const first = view.getUint32(start, true);
  // A frame, or one that is to be skipped.
  if (first === 0xfd2fb528 || (first & 0xfffffff0) === 0x184d2a50) return 'zstd';
  return isSection(view, start, end) ? 'pcapng' : 'unknown';
}

function isSection(view: DataView, start: number, end: number): boolean {
  if (view.getUint32(start) !== SECTION_HEADER) return false;
  if (end - start < DETECT_SIZE) return true;
  const mark = view.getUint32(start + 8);
  return mark === BYTE_ORDER_MAGIC || view.getUint32(start + 8, true) === BYTE_ORDER_MAGIC;
}

/** A reader for a kind of file that holds packets. */
export const readerOf = (
  kind: 'pcap' | 'pcapng',
  options: PcapReaderOptions & PcapngReaderOptions = {},
): CaptureReader => (kind === 'pcap' ? new PcapReader(options) : new PcapngReader(options));

/** Other files that people try to open. */
const STRANGERS: readonly (readonly [magic: string, what: string])[] = [
  ['snoop\0', 'a Solaris snoop capture'],
  ['btsnoop\0', 'a Bluetooth snoop capture'],
  ['RTSS', 'a Network Monitor 1 capture'],
  ['GMBU', 'a Network Monitor 2 capture'],
  ['TRSNIFF data', 'a Sniffer capture'],
  ['XCP\0', 'a NetXRay capture'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ', 'compressed with xz'],
  ['\x04\x22\x4d\x18', 'compressed with lz4'],
  ['PK\x03\x04', 'a zip archive'],
  ['\x7fELF', 'a program'],
];

/** Why a file of kind `unknown` cannot be read, for the user. */
export function describeUnknown(view: DataView, start: number, end: number): string {
  const head = slice(view, start, Math.min(end, start + 16));
  const latin = String.fromCharCode(...head);
  const stranger = STRANGERS.find(([magic]) => latin.startsWith(magic));
  if (stranger) return `not a pcap or pcapng file, but ${stranger[1]}`;
  if (/^[\t\n\r\x20-\x7e]+$/.test(textOfUtf8(head))) return 'not a pcap or pcapng file: it looks like text';
  return `not a pcap or pcapng file: it begins with ${hexOf(view, start, Math.min(end, start + 8), ' ')}`;
}
