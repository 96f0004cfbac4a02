/** The bytes of the varint at `at`, whose first byte is captured: 1, 2, 4 or 8. Source: RFC 9000, section 16. */
export const varintSize = (view: DataView, at: number): number => 1 << (view.getUint8(at) >>> 6);

/**
 * The varint at `at`, which is captured whole. Numbers beyond 2^53 lose their last bits: as lengths they are beyond every
 * packet anyway.
 */
export function readVarint(view: DataView, at: number): number {
  switch (varintSize(view, at)) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at) & 0x3fff;
    case 4:
      return view.getUint32(at) & 0x3fff_ffff;
    default:
      return (view.getUint32(at) & 0x3fff_ffff) * 0x1_0000_0000 + view.getUint32(at + 4);
  }
}

/** The same number, exactly. */
export function readVarint64(view: DataView, at: number): bigint {
  return varintSize(view, at) < 8 ? BigInt(readVarint(view, at)) : view.getBigUint64(at) & 0x3fff_ffff_ffff_ffffn;
}

/** A number below 2^30 as a varint of the least bytes. */
export function varintBytes(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x40 | (value >>> 8), value & 0xff);
  return Uint8Array.of(0x80 | (value >>> 24), (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
