import { type Checksums, checksumMemory, checksumsOf } from './checksum-memory.js';

/** A table for a reflected 32-bit CRC, `levels` deep, for reading as many bytes at a step. */
function crcTable(polynomial: number, levels = 8): Int32Array {
  const table = new Int32Array(levels * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const crc = table[at - 256] as number;
    table[at] = (crc >>> 8) ^ (table[crc & 0xff] as number);
  }
  return table;
}

/** The polynomial of CRC-32C, reflected. */
export const CASTAGNOLI_POLYNOMIAL = 0x82f63b78;
const CASTAGNOLI = crcTable(CASTAGNOLI_POLYNOMIAL, 16);
const IEEE = crcTable(0xedb88320);

/** Feeds the bytes `[start, end)` of a view to a CRC register; init and final xor are the caller's. */
function feed(table: Int32Array, register: number, view: DataView, start: number, end: number): number {
  let crc = register;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      (table[1792 + (low & 0xff)] as number) ^
      (table[1536 + ((low >>> 8) & 0xff)] as number) ^
      (table[1280 + ((low >>> 16) & 0xff)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (high & 0xff)] as number) ^
      (table[512 + ((high >>> 8) & 0xff)] as number) ^
      (table[256 + ((high >>> 16) & 0xff)] as number) ^
      (table[high >>> 24] as number);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (table[(crc ^ view.getUint8(at)) & 0xff] as number);
  return crc;
}

/** The buffer that was asked for last, and what computes fast over it: packets come from one chunk by the thousand. */
const last: { buffer: ArrayBufferLike | undefined; checksums: Checksums | undefined } = {
  buffer: undefined,
  checksums: undefined,
};

function checksumsFor(buffer: ArrayBufferLike): Checksums | undefined {
  if (buffer !== last.buffer) {
    last.buffer = buffer;
    last.checksums = checksumsOf(buffer);
  }
  return last.checksums;
}

/**
 * CRC-32C of the bytes `[start, end)`, as an unsigned 32-bit number, continuing from the CRC of what came before.
 * Source: RFC 3720, appendix B.4; protocol page, section 2.
 */
export function crc32c(view: DataView, start: number, end: number, before = 0): number {
  const { buffer, byteOffset } = view;
  const fast = checksumsFor(buffer);
  if (fast) return ~fast.crc(~before, byteOffset + start, byteOffset + end) >>> 0;
  const size = end - start;
  if (size >= WORTH_COPYING && size <= ROOM) {
    const { bytes, checksums } = copies(size);
    if (bytes && checksums) {
      bytes.set(new Uint8Array(buffer, byteOffset + start, size));
      return ~checksums.crc(~before, bytes.byteOffset, bytes.byteOffset + size) >>> 0;
    }
  }
  return ~feed(CASTAGNOLI, ~before, view, start, end) >>> 0;
}

/** From this size on it pays to copy bytes to where their checksum is computed fast; and the most that has room there. */
const WORTH_COPYING = 512;
const ROOM = 1 << 16;
/** How many bytes must have come before that place is made: a program that reads little ends sooner without it. */
const MUCH = 1 << 20;

const copied: { seen: number; bytes: Uint8Array | undefined; checksums: Checksums | undefined } = {
  seen: 0,
  bytes: undefined,
  checksums: undefined,
};

/** The place that bytes are copied to, if there is one by now. */
function copies(size: number): typeof copied {
  if (copied.bytes) return copied;
  copied.seen += size;
  if (copied.seen < MUCH) return copied;
  copied.bytes = fastBytes(ROOM);
  copied.checksums = checksumsOf(copied.bytes.buffer);
  return copied;
}

/** Room for `size` bytes whose CRC-32C is computed fast: for the chunks of a capture. */
export const fastBytes = (size: number): Uint8Array => checksumMemory(size, CASTAGNOLI);

/** CRC-32 (zlib's) of the bytes `[start, end)`, continuing from the CRC of what came before. */
export const crc32 = (view: DataView, start: number, end: number, before = 0): number =>
  ~feed(IEEE, ~before, view, start, end) >>> 0;

/** From here on, in bytes, a sum is worth a call; up to here it stays below 2^32. */
const LONG = 64;
/** Bytes that are copied into the memory of the module at once: what is longer is summed here. */
const MOST_FAST = 0x2_0000;

/**
 * The one's complement sum of the big-endian 16-bit words of `[start, end)`, not folded and not
 * inverted; an odd last byte is padded with zero. Add sums of parts that start at even offsets.
 * Source: RFC 1071.
 */
export function sum16(view: DataView, start: number, end: number): number {
  const length = end - start;
  if (length >= LONG && length <= MOST_FAST) {
    const fast = checksumsFor(view.buffer);
    if (fast) return fast.sum(0, view.byteOffset + start, view.byteOffset + end) >>> 0;
  }
  let sum = 0;
  let at = start;
  // Words of 32 bits are two words of 16 at once: the fold does not care where carries come from.
  for (; at + 16 <= end; at += 16) {
    sum += view.getUint32(at) + view.getUint32(at + 4) + view.getUint32(at + 8) + view.getUint32(at + 12);
  }
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at);
  return at < end ? sum + (view.getUint8(at) << 8) : sum;
}

/** Folds a sum of `sum16` to 16 bits; 0xffff for the sum of a message with its right checksum in it. */
export function fold16(sum: number): number {
  const high = Math.floor(sum / 0x1_0000_0000);
  const low = sum - high * 0x1_0000_0000;
  let folded = (low >>> 16) + (low & 0xffff) + (high >>> 16) + (high & 0xffff);
  folded = (folded >>> 16) + (folded & 0xffff);
  return (folded >>> 16) + (folded & 0xffff);
}

/** The Internet checksum that belongs to an unfolded sum. */
export const internetChecksum = (sum: number): number => ~fold16(sum) & 0xffff;
