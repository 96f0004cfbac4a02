import { type WasmCall, wasmMemory } from '../../dissectors/wire/wasm-memory.js';
import { hexCode, STEP } from './hex-code.js';

/** The most bytes whose digits are made at once: more than a datagram has. */
export const MOST_HEX = 0x1_0000;

/** Bytes and their digits, in one WebAssembly memory; the last step may reach beyond both. */
interface HexMemory {
  readonly bytes: Uint8Array;
  readonly digits: Uint8Array;
  /** `(at, end, to)`: writes the digits of the bytes `[at, end)` from `to` on. */
  readonly convert: WasmCall;
}

/** Made when it is first needed; null where it cannot be made. */
const made: { memory: HexMemory | null | undefined } = { memory: undefined };

/**
 * The lower-case hex digits of the bytes `[start, end)` of a view, `MOST_HEX` at most: valid until others are asked for.
 * Undefined where WebAssembly has no vectors.
 */
export function hexDigits(from: DataView, start: number, end: number): Uint8Array | undefined {
  if (made.memory === undefined) made.memory = hexMemory();
  const { memory } = made;
  if (memory === null) return undefined;
  const { bytes, digits, convert } = memory;
  const size = end - start;
  bytes.set(new Uint8Array(from.buffer, from.byteOffset + start, size));
  convert(bytes.byteOffset, bytes.byteOffset + size, digits.byteOffset);
  return digits.subarray(0, 2 * size);
}

function hexMemory(): HexMemory | null {
  const digitsAt = MOST_HEX + STEP;
  const room = wasmMemory(3 * digitsAt, [{ name: 'convert', parameters: 3, integers: 0, vectors: 1, code: hexCode() }]);
  const convert = room?.calls.convert;
  if (!room || !convert) return null;
  return { bytes: new Uint8Array(room.buffer, 0, digitsAt), digits: new Uint8Array(room.buffer, digitsAt), convert };
}
