import { CHECKSUM_MODULE } from './checksum-module.js';
import { fromHex } from './view.js';
import { type WasmCall, wasmMemory } from './wasm-memory.js';

/**
 * Checksums in WebAssembly, over bytes that lie in its memory: CRC-32C twice as fast as the same steps in JavaScript,
 * where every table look-up is checked against the table's length; sums of words by 16 bytes at a step.
 */
export interface Checksums {
  /** `(register, at, end)`: feeds the bytes `[at, end)` of the memory to a CRC register. */
  readonly crc: WasmCall;
  /** `(before, at, end)`: adds the big-endian 16-bit words of `[at, end)` to a sum, modulo 2^32; an odd last byte is padded with zero. */
  readonly sum: WasmCall;
}

/** The table: 256 words for each of the 16 bytes of a step. It stands at the start of the memory. */
const LEVELS = 16;
const TABLE = LEVELS * 256 * 4;

const known = new WeakMap<ArrayBufferLike, Checksums>();

/** The functions for bytes of this buffer, if it is one that `checksumMemory` made. */
export const checksumsOf = (buffer: ArrayBufferLike): Checksums | undefined => known.get(buffer);

/**
 * Bytes whose checksums are computed fast; plain bytes where there is no WebAssembly, or no room for more of it.
 * @param table the CRC table, at least 16 levels deep
 */
export function checksumMemory(size: number, table: Int32Array): Uint8Array {
  const memory = wasmMemory(TABLE + size, fromHex(CHECKSUM_MODULE));
  const { crc, sum } = memory?.calls ?? {};
  // Plain bytes do as well, only slower.
  if (!memory || !crc || !sum) return new Uint8Array(size);
  const { buffer } = memory;
  new Int32Array(buffer, 0, LEVELS * 256).set(table.subarray(0, LEVELS * 256));
  known.set(buffer, { crc, sum });
  return new Uint8Array(buffer, TABLE, size);
}
