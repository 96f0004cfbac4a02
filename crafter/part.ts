import type { Layout } from '../dissectors/wire/layout.js';
import { encode, encodedSize, type Given } from '../dissectors/wire/message.js';
import { put, viewOf } from '../dissectors/wire/view.js';

/** A piece of a packet that knows its size before it is written. */
export interface Part {
  readonly size: number;
  /** How an Ethernet-like layer beneath announces it, if one can. */
  readonly etherType?: number;
  /** How an IP layer beneath announces it, if one can. */
  readonly protocol?: number;
  /** How a UDP or TCP layer beneath announces it, if one can: the port that it is sent to. */
  readonly port?: number;
  /**
   * Writes the part at `at`. The `size` bytes from there are zero beforehand: `build` sees to it, and so must
   * whoever writes into a buffer that was used before.
   *
   * @param addressSum the unfolded sum of the address words of the network layer around it, for checksums that
   *   cover a pseudo-header
   */
  write(view: DataView, at: number, addressSum?: number): void;
}

/** Writes a whole packet into one new buffer: `build(udp({ destinationPort: 53 }, raw(query)))`. */
export function build(part: Part): Uint8Array {
  const bytes = new Uint8Array(part.size);
  part.write(viewOf(bytes), 0);
  return bytes;
}

/** Bytes of memory that small packets share, and the largest packet that does. */
const BLOCK = 1 << 16;
const SMALL = 1 << 12;

/**
 * A `build` for many packets: small ones share blocks of memory, since a buffer of its own costs more than all else
 * about a packet. Whoever keeps one packet keeps its block.
 */
export function builder(): (part: Part) => Uint8Array {
  let view = new DataView(new ArrayBuffer(BLOCK));
  let end = 0;
  return (part) => {
    const { size } = part;
    if (size > SMALL) return build(part);
    if (end + size > BLOCK) {
      view = new DataView(new ArrayBuffer(BLOCK));
      end = 0;
    }
    const at = end;
    end += size;
    part.write(view, at);
    return new Uint8Array(view.buffer, at, size);
  };
}

/** Bytes as they are. */
export const raw = (bytes: Uint8Array): Part => ({
  size: bytes.length,
  write: (view, at) => put(view, at, bytes),
});

/** Text as UTF-8. */
export const text = (given: string): Part => raw(new TextEncoder().encode(given));

/** The fields of any layout, for pieces that have no part of their own: options, bodies of ICMP. */
export const fields = <L extends Layout>(layout: L, given: Given<L>): Part => ({
  size: encodedSize(layout, given),
  write: (view, at) => {
    encode(layout, given, view, at);
  },
});

/** Nothing at all. */
export const nothing: Part = { size: 0, write: () => {} };

/** The bytes of parts together. */
export function sizeOf(parts: readonly Part[]): number {
  let size = 0;
  for (const part of parts) size += part.size;
  return size;
}

/** Writes parts one after the other and returns the offset after the last. */
export function writeAll(parts: readonly Part[], view: DataView, at: number, addressSum?: number): number {
  let place = at;
  for (const part of parts) {
    part.write(view, place, addressSum);
    place += part.size;
  }
  return place;
}

/** Several parts back to back, as one. */
export const joined = (parts: readonly Part[]): Part => ({
  size: sizeOf(parts),
  write: (view, at, addressSum) => {
    writeAll(parts, view, at, addressSum);
  },
});

/** The same part, announced by the layer beneath as given here: an unknown EtherType, a wrong IP protocol. */
export const announced = (as: { readonly etherType?: number; readonly protocol?: number }, part: Part): Part => ({
  ...part,
  ...as,
});
