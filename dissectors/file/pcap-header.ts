/** What the first bytes of a pcap file settle. */
export interface PcapHeader {
  readonly ok: true;
  readonly littleEndian: boolean;
  /** Bytes of the file header. */
  readonly size: number;
  readonly nanoseconds: boolean;
  /** Whether the two lengths of a record stand in the other order: before version 2.3 they did, in 2.3 they may. */
  readonly swapped: 'never' | 'maybe' | 'always';
  readonly linkType: number;
  readonly fcsLength: number | undefined;
  readonly snapLength: number;
  /** Bytes a record header can have, likeliest first: variants that share a magic number differ only there. */
  readonly recordSizes: readonly [number, ...number[]];
}

export interface NoPcapHeader {
  readonly ok: false;
  readonly why: string;
}

export const PCAP_HEADER_SIZE = 24;

interface Magic {
  readonly nanoseconds: boolean;
  /** Bytes of the file header beyond the standard ones. */
  readonly extra: number;
  readonly recordSizes: PcapHeader['recordSizes'];
}

/** Source: libpcap, sf-pcap.c; Wireshark, wiretap/libpcap.h and issue 14073 (Ixia). */
const MAGICS: ReadonlyMap<number, Magic> = new Map<number, Magic>([
  // Standard; Red Hat 6.1 and Nokia wrote longer record headers under the same number.
  [0xa1b2c3d4, { nanoseconds: false, extra: 0, recordSizes: [16, 24, 20] }],
  [0xa1b23c4d, { nanoseconds: true, extra: 0, recordSizes: [16] }],
  // Kuznetzov's patch: interface, protocol and packet type follow. SuSE 6.3 added debugging fields.
  [0xa1b2cd34, { nanoseconds: false, extra: 0, recordSizes: [24, 28] }],
  // Ixia: the length of all records follows the file header.
  [0x1c0001ac, { nanoseconds: true, extra: 4, recordSizes: [16] }],
  [0x1c0001ab, { nanoseconds: false, extra: 4, recordSizes: [16] }],
]);

/** Whether the four bytes at `at` begin a pcap file, and its byte order. */
export function pcapByteOrder(view: DataView, at: number): 'big' | 'little' | undefined {
  if (MAGICS.has(view.getUint32(at, true))) return 'little';
  return MAGICS.has(view.getUint32(at)) ? 'big' : undefined;
}

/** AIX puts interface types of RFC 1573 where others put link types: Ethernet, token ring, FDDI, loopback. */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
]);

/**
 * Reads the file header at `at`; `undefined` while fewer bytes are there than it has.
 * Source: draft-ietf-opsawg-pcap, "General File Structure"; for versions before 2.4 libpcap's sf-pcap.c.
 */
export function readPcapHeader(view: DataView, at: number, end: number): PcapHeader | NoPcapHeader | undefined {
  if (end - at < 4) return undefined;
  const littleEndian = pcapByteOrder(view, at) === 'little';
  const magic = MAGICS.get(view.getUint32(at, littleEndian));
  if (magic === undefined) return { ok: false, why: 'not a pcap file' };
  const size = PCAP_HEADER_SIZE + magic.extra;
  if (end - at < size) return undefined;

  const major = view.getUint16(at + 4, littleEndian);
  const minor = view.getUint16(at + 6, littleEndian);
  // DG/UX wrote 543.0.
  const known = (major === 2 && minor <= 4) || (major === 543 && minor === 0);
  if (!known) return { ok: false, why: `pcap version ${major}.${minor} is not supported` };

  const link = view.getUint32(at + 20, littleEndian);
  const aix = major === 2 && minor === 2 && magic.recordSizes.length === 3 ? AIX_LINK_TYPES.get(link) : undefined;
  const old = major === 543 || minor < 4;
  return {
    ok: true,
    littleEndian,
    size,
    nanoseconds: magic.nanoseconds || aix !== undefined,
    swapped: major === 543 || minor < 3 ? 'always' : minor === 3 ? 'maybe' : 'never',
    linkType: aix ?? link & 0xffff,
    // In units of 16 bits, if the bit below says that it is there.
    fcsLength: link & 0x0400_0000 ? 2 * (link >>> 28) : undefined,
    snapLength: view.getUint32(at + 16, littleEndian),
    recordSizes: old ? [magic.recordSizes[0]] : magic.recordSizes,
  };
}
